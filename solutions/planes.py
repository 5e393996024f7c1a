"""Draws windows, sizes and whole numbers, for random inputs from everything that a question allows."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Generator = np.random.Generator
WHOLE = ("int8", "uint8", "int16", "int32", "int64")


def a_number(rng: Generator, low: int, high: int) -> int:
    """A whole number from low to high, both included."""
    return int(rng.integers(low, high + 1))


def a_pair(rng: Generator, low: int, high: int) -> tuple[int, int]:
    """Two whole numbers, for rows and for columns."""
    return a_number(rng, low, high), a_number(rng, low, high)


def a_length(rng: Generator, kernel: int, stride: int, border: int = 0) -> int:
    """A length of an axis into which one to three windows fit, with or without cells left over at the end.

    Args:
        border: the number of padding cells at both ends of the axis together.
    """
    return max(1, kernel - border) + a_number(rng, 0, 3 * stride - 1)


def whole_numbers(rng: Generator, dtype: str, *shape: int) -> NDArray[Any]:
    """Whole numbers drawn from the whole range of a dtype."""
    limits = np.iinfo(dtype)
    return rng.integers(limits.min, limits.max, size=shape, dtype=dtype, endpoint=True)


def crossed(rng: Generator, rows: int, columns: int, rising: bool | None = None) -> NDArray[np.float64]:
    """Draws a plane of 2 by 2 blocks; in each block the upper right and the lower left cell tie for the
    largest.

    A search row by row meets the upper right cell first, a search column by column the lower left one.

    Args:
        rng: the random number generator.
        rows, columns: how many blocks there are along each axis.
        rising: whether the largest numbers of the blocks grow (True) or shrink (False) from block to block,
            row by row; None for any order. If they grow or shrink, a window that is too large is certain to
            see a larger number on one side of it.
    """
    x = -rng.permutation(np.arange(1.5, 4 * rows * columns + 1)).reshape(2 * rows, 2 * columns)
    largest = np.arange(1.5, rows * columns + 1)
    largest = rng.permutation(largest) if rising is None else largest if rising else largest[::-1]
    x[::2, 1::2] = x[1::2, ::2] = largest.reshape(rows, columns)
    return np.asarray(x)
