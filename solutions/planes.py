"""Random windows, sizes and whole numbers, for inputs that may be anything a question's text allows."""

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
    """The length of an axis into which one to three windows fit, with or without cells left over.

    Args:
        border: the sum of the cells added at both ends of the axis.
    """
    return max(1, kernel - border) + a_number(rng, 0, 3 * stride - 1)


def whole_numbers(rng: Generator, dtype: str, *shape: int) -> NDArray[Any]:
    """Random whole numbers from the whole range of a dtype."""
    limits = np.iinfo(dtype)
    return rng.integers(limits.min, limits.max, size=shape, dtype=dtype, endpoint=True)


def crossed(rng: Generator, rows: int, columns: int, rising: bool | None = None) -> NDArray[np.float64]:
    """Blocks of 2 by 2 cells; in each of them the upper right and the lower left cell are equal, and the
    largest.

    Row by row the upper right one comes first, column by column the lower left one.

    Args:
        rng: the random generator.
        rows, columns: numbers of blocks.
        rising: True: the largest numbers of the blocks grow from block to block, row by row. False: they
            shrink. A window that is too large then certainly sees a larger number on one side of it.
            None: they are in a random order.
    """
    x = -rng.permutation(np.arange(1.5, 4 * rows * columns + 1)).reshape(2 * rows, 2 * columns)
    largest = np.arange(1.5, rows * columns + 1)
    largest = rng.permutation(largest) if rising is None else largest if rising else largest[::-1]
    x[::2, 1::2] = x[1::2, ::2] = largest.reshape(rows, columns)
    return np.asarray(x)
