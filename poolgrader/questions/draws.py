"""Random inputs that many questions use."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def distinct(rng: np.random.Generator, *shape: int) -> NDArray[np.float64]:
    """Distinct values of both signs in a random order, none of them zero: no ties, no two equal windows.

    >>> distinct(np.random.default_rng(0), 2, 2).tolist()
    [[0.75, -1.25], [-0.25, 1.75]]
    """
    count = int(np.prod(shape))
    values: NDArray[Any] = rng.permutation(np.arange(count)) - count / 2 + 0.75
    return np.asarray(values.reshape(shape))


def positive(rng: np.random.Generator, *shape: int) -> NDArray[np.float64]:
    """Distinct values above zero in a random order. They show errors of indices, but none that need signs.

    >>> positive(np.random.default_rng(0), 2, 2).tolist()
    [[3.5, 1.5], [2.5, 4.5]]
    """
    count = int(np.prod(shape))
    return np.asarray((rng.permutation(np.arange(count)) + 1.5).reshape(shape))


def negative(rng: np.random.Generator, *shape: int) -> NDArray[np.float64]:
    """Distinct values below zero in a random order.

    >>> negative(np.random.default_rng(0), 2, 2).tolist()
    [[-3.5, -1.5], [-2.5, -4.5]]
    """
    return -positive(rng, *shape)


def tenths(rng: np.random.Generator, *shape: int) -> NDArray[np.float64]:
    """Distinct values below zero in a random order, none of them whole, none of them exact in float32.

    An answer that sets negative values to 0, drops their sign, cuts them to whole numbers, or computes in
    float32 is wrong on them.

    >>> tenths(np.random.default_rng(0), 2, 2).tolist()
    [[-3.1, -1.1], [-2.1, -4.1]]
    """
    return np.asarray(np.round(negative(rng, *shape) + 0.4, 1))


def far_below(rng: np.random.Generator, *shape: int) -> NDArray[np.float64]:
    """Distinct values, in a random order, far below any number that code might use to initialise a maximum.

    >>> far_below(np.random.default_rng(0), 2, 2).tolist()
    [[-3e+300, -1e+300], [-2e+300, -4e+300]]
    """
    return 1e300 * (negative(rng, *shape) + 0.5)


def anything(rng: np.random.Generator, *shape: int) -> NDArray[np.float64]:
    """Finite numbers of a random sort: fractions, ties, one sign or both, tiny, huge, or of mixed magnitudes.

    For `Question.anywhere`, which draws any input that the question's text allows.
    """
    sorts = (
        lambda: rng.normal(size=shape),
        lambda: rng.normal(size=shape) * 10.0 ** rng.integers(-3, 4, size=shape),
        lambda: rng.integers(-3, 4, size=shape).astype(float),
        lambda: tenths(rng, *shape),
        lambda: positive(rng, *shape) / 7,
        lambda: far_below(rng, *shape),
        lambda: rng.normal(size=shape) * 1e-9,
        lambda: np.full(shape, rng.normal()),
    )
    return np.asarray(sorts[rng.integers(len(sorts))]())
