"""How wrong numbers are made of the right ones, where one rule gives all of them on every input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.jail.values import Array, Plain
from poolgrader.judging.verdict import Cause

Numbers = NDArray[np.float64]
Pairs = Sequence[tuple[Plain, Plain]]
CLOSE = 1e-6


def how_numbers_differ(pairs: Pairs) -> Cause | None:
    """The rule that makes all wrong numbers of the right ones, or None.

    Args:
        pairs: expected and got, of each wrong case; of one shape each.
    """
    if not all(isinstance(one, Array) and isinstance(other, Array) for one, other in pairs):
        return None
    numbers = [(_floats(one), _floats(other)) for one, other in pairs]
    for rule, cause in RULES:
        if all(_holds(rule, *one) for one in numbers):
            return cause
    return _scaled(numbers)


def _floats(value: Any) -> Numbers:
    return np.asarray(value.data, dtype=np.float64)


def _holds(rule: Callable[[Numbers], Numbers | None], expected: Numbers, got: Numbers) -> bool:
    with np.errstate(all="ignore"):
        made = rule(expected)
        return made is not None and made.shape == got.shape and bool(_same(made, got))


def _same(made: Numbers, got: Numbers) -> bool:
    scale = max(1e-300, float(np.abs(made[np.isfinite(made)]).max(initial=0.0)))
    return bool(np.allclose(got, made, rtol=CLOSE, atol=CLOSE * scale, equal_nan=True))


def _first_of(axis: int) -> Callable[[Numbers], Numbers | None]:
    """The first image, or channel, for all."""

    def rule(expected: Numbers) -> Numbers | None:
        if expected.ndim <= axis + 1 or expected.shape[axis] < 2:
            return None
        first = expected.take([0], axis)
        return np.broadcast_to(first, expected.shape)

    return rule


def _turned(expected: Numbers) -> Numbers | None:
    return np.swapaxes(expected, -1, -2) if expected.ndim > 1 else None


RULES: tuple[tuple[Callable[[Numbers], Numbers | None], Cause], ...] = (
    (
        np.zeros_like,
        Cause("all zeros", "All numbers are 0.", "Which line puts results into the output, and is it reached?"),
    ),
    (
        np.trunc,
        Cause(
            "cut to whole numbers",
            "These are the right numbers without what stands behind the point.",
            "Which line makes whole numbers: an int(...), a `//`, an array of a whole-number dtype?",
        ),
    ),
    (
        np.abs,
        Cause("signs lost", "These are the right numbers without their signs.", "Which line drops the sign?"),
    ),
    (
        lambda expected: np.maximum(expected, 0.0),
        Cause(
            "nothing below zero",
            "These are the right numbers, with 0 in place of every negative one.",
            "Which line lets nothing through that is below 0, or starts from 0?",
        ),
    ),
    (
        np.negative,
        Cause("signs turned around", "These are the right numbers with the other sign.", "Where is the sign turned?"),
    ),
    (
        _turned,
        Cause(
            "rows and columns swapped",
            "These are the right numbers with rows and columns swapped.",
            "Which index runs over the rows, and does it stand first everywhere?",
        ),
    ),
    (
        _first_of(0),
        Cause(
            "the first for all",
            "What is right for the first entry of axis 0 stands in all of them.",
            "Which index or loop should run over that axis?",
        ),
    ),
    (
        _first_of(1),
        Cause(
            "the first for all",
            "What is right for the first entry of axis 1 stands in all of them.",
            "Which index or loop should run over that axis?",
        ),
    ),
)


def _scaled(numbers: Sequence[tuple[Numbers, Numbers]]) -> Cause | None:
    """One factor between all right numbers and all wrong ones."""
    flat = [np.concatenate([one[at].ravel() for one in numbers]) for at in (0, 1)]
    expected, got = flat
    usable = np.isfinite(expected) & np.isfinite(got) & (np.abs(expected) > 1e-9)
    if usable.sum() < 6 or not _same(expected[~usable], got[~usable]):
        return None
    with np.errstate(all="ignore"):
        factors = got[usable] / expected[usable]
    factor = float(np.median(factors))
    if factor == 0 or np.ptp(expected[usable]) == 0 or not np.allclose(factors, factor, rtol=CLOSE):
        return None
    return Cause(
        "one factor too many",
        f"All numbers are {factor:.6g} times what they should be.",
        "By which number was multiplied or divided once too often, or not at all?",
    )
