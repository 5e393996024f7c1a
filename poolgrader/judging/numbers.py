"""Find one rule that turns the right numbers into the wrong ones on every input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Array, Plain
from poolgrader.judging.verdict import Cause

Numbers = NDArray[np.float64]
Pairs = Sequence[tuple[Plain, Plain]]
CLOSE = 1e-6
LEAST_FACTOR = 1e-3  # a factor must differ from 1 by at least this much to be the cause
MOST_DIGITS = 8


def how_numbers_differ(pairs: Pairs) -> Cause | None:
    """The rule that turns all right numbers into the wrong ones, or None.

    Args:
        pairs: the expected and the actual numbers of each case; both have the same shape.
    """
    if not all(isinstance(one, Array) and isinstance(other, Array) for one, other in pairs):
        return None
    numbers = [(_floats(one), _floats(other)) for one, other in pairs]
    with np.errstate(all="ignore"):  # a learner's numbers may overflow, and a check must print no warnings
        for rule, cause in RULES:
            if all(_holds(rule, *one) for one in numbers):
                return cause
        return (
            _rounded(numbers) or _never_below(numbers) or _zeros_among_right_ones(numbers) or _scaled(numbers)
        )


def _floats(value: Any) -> Numbers:
    return np.asarray(value.data, dtype=np.float64)


def _holds(rule: Callable[[Numbers], Numbers | None], expected: Numbers, got: Numbers) -> bool:
    made = rule(expected)
    return made is not None and made.shape == got.shape and _same(made, got)


def _same(made: Numbers, got: Numbers) -> bool:
    scale = max(1e-300, float(np.abs(made[np.isfinite(made)]).max(initial=0.0)))
    return bool(np.allclose(got, made, rtol=CLOSE, atol=CLOSE * scale, equal_nan=True))


def _first_of(axis: int) -> Callable[[Numbers], Numbers | None]:
    """A rule: the first entry along the axis (the first image, or channel) is repeated for all others."""

    def rule(expected: Numbers) -> Numbers | None:
        if expected.ndim <= axis + 1:
            return None
        first = expected.take([0], axis)
        return np.broadcast_to(first, expected.shape)

    return rule


def _as(dtype: type[np.floating[Any]]) -> Callable[[Numbers], Numbers]:
    """A rule: the numbers are rounded to a less exact dtype."""
    return lambda expected: expected.astype(dtype).astype(np.float64)


TURNED = Cause(
    "rows and columns swapped",
    "These are the right numbers with rows and columns swapped.",
    "Which index runs over the rows, and does it stand first everywhere?",
)


def turned(pairs: Pairs) -> bool:
    """Whether every wrong output would be right if its rows and columns were swapped."""
    if not all(isinstance(one, Array) and isinstance(other, Array) for one, other in pairs):
        return False
    numbers = [(_floats(one), _floats(other)) for one, other in pairs]
    return all(
        one.ndim > 1 and _holds(lambda expected: expected.swapaxes(-1, -2), one, other)
        for one, other in numbers
    )


RULES: tuple[tuple[Callable[[Numbers], Numbers | None], Cause], ...] = (
    (
        np.zeros_like,
        Cause(
            "all zeros", "All numbers are 0.", "Which line puts results into the output, and is it reached?"
        ),
    ),
    (
        np.trunc,
        Cause(
            "cut to whole numbers",
            "These are the right numbers, but everything after the decimal point is gone.",
            "Which line makes whole numbers: int(...), `//`, or an array that was made for whole numbers "
            "(its dtype)?",
        ),
    ),
    (
        np.floor,
        Cause(
            "rounded down",
            "These are the right numbers, rounded down to whole ones.",
            "Which line makes whole numbers: a `//`, a floor?",
        ),
    ),
    (
        np.round,
        Cause(
            "rounded to whole numbers",
            "These are the right numbers, rounded to whole ones.",
            "Does the question ask for whole numbers? Which line rounds?",
        ),
    ),
    (
        _as(np.float16),
        Cause(
            "half precision",
            "These are the right numbers, as far as half precision (float16) can hold them.",
            "Which line makes an array or a tensor of a smaller dtype than that of the input?",
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
            "Which line turns negative numbers into 0, or starts a maximum from 0?",
        ),
    ),
    (
        np.negative,
        Cause(
            "signs turned around",
            "These are the right numbers with the other sign.",
            "Where is the sign turned?",
        ),
    ),
    (
        _first_of(0),
        Cause(
            "the first for all",
            "Everything along axis 0 shows what is right for the first entry.",
            "Which index or loop should run over that axis?",
        ),
    ),
    (
        _first_of(1),
        Cause(
            "the first for all",
            "Everything along axis 1 shows what is right for the first entry.",
            "Which index or loop should run over that axis?",
        ),
    ),
)


def _scaled(numbers: Sequence[tuple[Numbers, Numbers]]) -> Cause | None:
    """All numbers are the right ones times the same factor."""
    flat = [np.concatenate([one[at].ravel() for one in numbers]) for at in (0, 1)]
    expected, got = flat
    usable = np.isfinite(expected) & np.isfinite(got) & (np.abs(expected) > 1e-9)
    if usable.sum() < 6 or not _same(expected[~usable], got[~usable]):
        return None
    factors = got[usable] / expected[usable]
    factor = float(np.median(factors))
    if (
        factor == 0
        or abs(factor - 1) < LEAST_FACTOR
        or np.ptp(expected[usable]) == 0
        or not np.allclose(factors, factor, rtol=CLOSE)
    ):
        return None
    return Cause(
        "one factor too many",
        f"All numbers are {factor:.6g} times what they should be.",
        "Which multiplication or division is done once too often, or is missing?",
    )


def _rounded(numbers: Sequence[tuple[Numbers, Numbers]]) -> Cause | None:
    """All numbers are the right ones rounded to some number of decimals, or to single precision."""
    for digits in range(1, MOST_DIGITS + 1):
        if all(
            np.allclose(np.round(one, digits), other, rtol=1e-12, atol=0, equal_nan=True)
            for one, other in numbers
        ):
            return Cause(
                "rounded",
                f"These are the right numbers, rounded to {digits} digit{'s' if digits > 1 else ''} after "
                "the decimal point.",
                "Does the question ask for rounded numbers? Which line rounds?",
            )
    single = _as(np.float32)
    if all(np.allclose(single(one), other, rtol=3e-7, atol=0, equal_nan=True) for one, other in numbers):
        return Cause(
            "single precision",
            "These are the right numbers, as far as single precision (float32) can hold them.",
            "Which line makes an array or a tensor of a smaller dtype than that of the input?",
        )
    return None


def _never_below(numbers: Sequence[tuple[Numbers, Numbers]]) -> Cause | None:
    """All numbers are right, except that those below some bound are replaced by the bound."""
    raised = [got[(got != expected) & ~(np.isnan(got) & np.isnan(expected))] for expected, got in numbers]
    floors = np.unique(np.concatenate(raised))
    if len(floors) != 1 or not np.isfinite(floors[0]):
        return None
    floor = float(floors[0])
    if not all(_same(np.maximum(expected, floor), got) for expected, got in numbers):
        return None
    return Cause(
        "nothing below a number",
        f"{floor:.6g} stands wherever the right number is lower. A maximum that starts from {floor:.6g} can "
        "never go below it.",
        "Must it start from a fixed number, or could it start from one of the numbers that it looks at?",
    )


def _zeros_among_right_ones(numbers: Sequence[tuple[Numbers, Numbers]]) -> Cause | None:
    """Some cells are right; all others are 0, though both positive and negative numbers should be there."""
    expected, got = (np.concatenate([one[at].ravel() for one in numbers]) for at in (0, 1))
    zero = (got == 0) & (expected != 0)
    signs = np.unique(np.sign(expected[zero]))
    if len(signs) < 2 or not _same(expected[~zero], got[~zero]) or zero.all():
        return None
    return Cause(
        "cells that nothing was written to",
        "Some numbers are right, and all others are 0. A cell that no line writes to stays 0.",
        "How far do the loops run, and how many rows and columns does the output have?",
    )
