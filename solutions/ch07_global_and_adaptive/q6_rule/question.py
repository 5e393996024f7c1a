"""7.6, the transfer question: pool by bins whose rule is given as arguments."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, far_below, positive, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit import reference
from poolkit.bins import Bins

from ...planes import a_number

Generator = np.random.Generator
Array = NDArray[Any]

ROUNDING, REACH, OPERATIONS, EMPTY = "rounding", "reach", "operations", "empty bins"


def _by_rule(
    x: Array, outputs: int, first: str, last: str, reach: int, operation: str, empty: float
) -> Array:
    """Compute the bins with exact fractions; poolkit pools each bin that holds a cell."""
    half = Fraction(1, 2)
    rounded = {"floor": math.floor, "ceil": math.ceil, "nearest": lambda value: math.floor(value + half)}
    n = x.shape[-1]
    y = np.full((len(x), outputs), float(empty))
    for o in range(outputs):
        start = max(rounded[first](Fraction(o * n, outputs)) - reach, 0)
        end = min(rounded[last](Fraction((o + 1) * n, outputs)) + reach, n)
        if start < end:
            bins = Bins((((start, end),),))
            greatest, smallest = reference.max_pool(x, bins), -reference.max_pool(-x, bins)
            made = {
                "mean": reference.avg_pool(x, bins),
                "max": greatest,
                "sum": reference.avg_pool(x, bins, divisor_override=1),
                "spread": greatest - smallest,
            }
            y[:, o] = made[operation][:, 0]
    return y


def _cases(rng: Generator) -> list[Case]:
    def rule(
        n: int,
        outputs: int,
        first: str,
        last: str,
        reach: int = 0,
        operation: str = "mean",
        empty: float = 0.0,
        draw: Any = positive,
    ) -> Any:
        return arrays(draw(rng, 2, n), outputs, first, last, reach, operation, empty)

    nothing = -float(rng.integers(2, 9))
    return [
        Case(ROUNDING, rule(5, 3, "floor", "ceil"), "start down, end up: the usual bins"),
        Case(ROUNDING, rule(7, 3, "floor", "floor"), "start and end down"),
        Case(ROUNDING, rule(8, 3, "ceil", "ceil"), "start and end up"),
        Case(ROUNDING, rule(10, 4, "nearest", "nearest"), "start and end to the nearest, halves up"),
        Case(ROUNDING, rule(7, 5, "nearest", "nearest"), "start and end to the nearest, no halves"),
        Case(REACH, rule(9, 3, "floor", "ceil", 1), "bins that reach one cell further"),
        Case(REACH, rule(12, 3, "floor", "ceil", 2), "bins that reach two cells further"),
        Case(OPERATIONS, rule(8, 4, "floor", "ceil", 0, "max"), "max"),
        Case(OPERATIONS, rule(8, 4, "floor", "ceil", 0, "max", draw=tenths), "max, all values below zero"),
        Case(OPERATIONS, rule(8, 4, "floor", "ceil", 0, "max", draw=far_below), "max, far below zero"),
        Case(OPERATIONS, rule(8, 4, "floor", "ceil", 0, "sum"), "sum"),
        Case(OPERATIONS, rule(9, 3, "floor", "ceil", 0, "spread"), "spread"),
        Case(EMPTY, rule(3, 5, "floor", "floor", 0, "mean", nothing), "some bins hold no cell"),
        Case(EMPTY, rule(2, 5, "ceil", "ceil", 0, "max", nothing), "some bins hold no cell, max"),
        Case(
            EMPTY,
            rule(3, 4, "ceil", "floor", 0, "mean", int(nothing)),
            "no bin holds a cell, and `empty` is a whole number",
        ),
    ]


def _any_bins(rng: Generator) -> Case:
    """Draw any rule, any numbers, fewer bins than cells or more; `empty` may be a whole number."""
    first, last = (str(rng.choice(["floor", "ceil", "nearest"])) for _ in range(2))
    operation = str(rng.choice(["mean", "max", "sum", "spread"]))
    x = anything(rng, a_number(rng, 1, 2), a_number(rng, 1, 9))
    empty = 100 * rng.normal() if rng.random() < 0.5 else a_number(rng, -9, 9)
    return Case(EMPTY, arrays(x, a_number(rng, 1, 8), first, last, a_number(rng, 0, 4), operation, empty))


_NEAREST = "np.floor(value + 0.5)"

MISTAKES = (
    Mistake(
        "start_always_down",
        "The starts were always rounded down, whatever `first` says.",
        "Where is `first` used?",
        (("rounded[first]", 'rounded["floor"]'),),
    ),
    Mistake(
        "end_always_up",
        "The ends were always rounded up, whatever `last` says.",
        "Where is `last` used?",
        (("rounded[last]", 'rounded["ceil"]'),),
    ),
    Mistake(
        "halves_to_even",
        "Some halves were rounded down. That is what Python's and numpy's round do.",
        "Where should 2.5 go, and where does round send it?",
        ((_NEAREST, "np.round(value)"),),
    ),
    Mistake(
        "reach_ignored",
        "The bins do not reach beyond their own cells.",
        "Where is `reach` used?",
        ((" - reach", ""), (" + reach", "")),
    ),
    Mistake(
        "reach_to_one_side",
        "The bins reach further at their end, but not at their start.",
        "On how many sides does a bin reach further?",
        ((" - reach", ""),),
    ),
    Mistake(
        "start_below_zero",
        "A start below 0 was used as an index. Python counts it from the end of the row.",
        "Which cells does x[-1:3] hold?",
        (("max(start, 0)", "start"),),
    ),
    Mistake(
        "always_mean",
        "The mean of the cells was taken, whatever the operation.",
        "Which line of your code reads `operation`?",
        (("combine[operation]", 'combine["mean"]'),),
    ),
    Mistake(
        "empty_as_zero",
        "A bin without cells gave 0, and not the number that was given for it.",
        "Where is `empty` used?",
        (("else empty", "else 0.0"),),
    ),
    Mistake(
        "over_channels_too",
        "All channels show the same: they were pooled together.",
        "Over which axis does a bin reach?",
        (("seen, axis=1)", "seen.reshape(1, -1), axis=1)"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Bins by a rule",
    task="Pool by bins whose rule you receive as arguments",
    name="pool_by_bins",
    points=4,
    library="numpy",
    groups=(Group(ROUNDING, 0.3), Group(REACH, 0.25), Group(OPERATIONS, 0.25), Group(EMPTY, 0.2)),
    draw=_cases,
    anywhere=_any_bins,
    reference=_by_rule,
    mistakes=MISTAKES,
    hints=(
        "Each bin is a slice of the row. Everything in the rule is about where that slice starts and ends.",
        (
            "Round first, then let the bin reach further, then keep it inside the row. Only then check "
            "whether the bin holds a cell."
        ),
        (
            "A start is at least 0 and an end at most n. If the slice is empty, write `empty`; otherwise "
            "reduce it along the last axis of x, so that each channel is reduced separately."
        ),
    ),
    shrinks=(),
)
