"""Read arguments in the forms that torch's functions accept: one number, or one for each axis."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

from poolkit.errors import PoolingError

Pair = tuple[int, int]
Index = tuple[int, ...]
Ints = int | Sequence[int]
Padding = int | str | Sequence[int] | Sequence[Sequence[int]]


def read_numbers(value: Any, axes: int, argument: str, operation: str) -> Index:
    """Read a whole number, or one for each axis; a sequence of one number counts for all axes.

    >>> read_numbers([3], 2, "stride", "max_pool2d"), read_numbers((1, 2), 2, "stride", "max_pool2d")
    ((3, 3), (1, 2))
    """
    entries = list(value) if _is_sequence(value) else [value]
    expected = "a whole number" if axes == 1 else f"a whole number, or {axes} of them"
    if len(entries) not in (1, axes) or any(isinstance(entry, bool) for entry in entries):
        raise PoolingError(operation, argument, expected, value)
    try:
        numbers = tuple(operator.index(entry) for entry in entries)
    except TypeError as error:
        raise PoolingError(operation, argument, expected, value) from error
    return numbers if len(numbers) == axes else numbers * axes


def read_padding(padding: Any, axes: int, operation: str) -> tuple[tuple[Pair, ...], bool]:
    """Read padding as a (before, after) pair for each axis, and say whether it came as plain numbers.

    >>> read_padding(1, 2, "max_pool2d"), read_padding(((0, 1),), 1, "max_pool1d")
    ((((1, 1), (1, 1)), True), (((0, 1),), False))
    """
    if not (_is_sequence(padding) and len(padding) > 0 and all(_is_sequence(pair) for pair in padding)):
        cells = read_numbers(padding, axes, "padding", operation)
        return tuple((side, side) for side in cells), True
    if len(padding) != axes or any(len(pair) != 2 for pair in padding):
        raise PoolingError(operation, "padding", f"{axes} (before, after) pairs", padding)
    sides = [read_numbers(pair, 2, "padding", operation) for pair in padding]
    return tuple((before, after) for before, after in sides), False


def _is_sequence(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
