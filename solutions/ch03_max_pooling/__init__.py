"""Chapter 3, max pooling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything

Pair = tuple[int, int]


def both(value: int | Pair) -> Pair:
    """Return a pair unchanged, and a number as a pair of itself."""
    return value if isinstance(value, tuple) else (value, value)


def numbers(rng: np.random.Generator, least: Sequence[int], most: Sequence[int]) -> int | Pair:
    """Draw one number for both axes, or a pair: rows first, then columns."""
    if rng.random() < 0.4:
        return int(rng.integers(max(least), min(most) + 1))
    rows, columns = rng.integers(least, np.add(most, 1)).tolist()
    return rows, columns


def floats(rng: np.random.Generator, *shape: int) -> NDArray[Any]:
    """Draw floats of any sort and dtype; in some arrays a few are infinite or NaN."""
    x = anything(rng, *shape)
    if rng.random() < 0.4:
        special = np.array([np.nan, np.inf, -np.inf])[rng.integers(3, size=shape)]
        x = np.where(rng.random(shape) < 0.1, special, x)
    with np.errstate(over="ignore"):
        return x.astype(rng.choice(["float64", "float32", "float16"]))
