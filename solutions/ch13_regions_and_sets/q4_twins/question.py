"""Pairs of sets that an aggregation cannot tell apart."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from poolgrader.calls.values import Array, Plain
from poolgrader.questions.question import Case, Group, Mistake, Question

MOST, LARGEST = 8, 99
Set = list[int]
AGGREGATIONS: dict[str, Callable[[Set], Fraction]] = {
    "sum": lambda items: Fraction(sum(items)),
    "mean": lambda items: Fraction(sum(items), len(items)),
    "maximum": lambda items: Fraction(max(items)),
}
ALL = "all three"
NAMES = ("sum", "mean", "maximum", ALL)


def _twins() -> tuple[tuple[Set, Set], ...]:
    return ([6], [2, 4]), ([5], [4, 6]), ([8], [8, 1]), ([0, 5, 5, 2], [1, 5, 4, 2])


def _cases(rng: np.random.Generator) -> list[Case]:
    return [
        Case(name, part=(index,), note=f"pair {index + 1}: {name}", hidden=name)
        for index, name in enumerate(NAMES)
    ]


def _items(value: Plain) -> Set | None:
    if isinstance(value, Array):
        value = value.data.tolist()
    if not isinstance(value, list | tuple):
        return None
    items = [one.data.item() if isinstance(one, Array) and one.data.size == 1 else one for one in value]
    whole = [
        int(one)
        for one in items
        if type(one) in (int, float) and one == one and abs(one) <= LARGEST and one == int(one)
    ]
    return whole if len(whole) == len(items) and 1 <= len(items) <= MOST else None


def _accepts(case: Case, value: Plain) -> str:
    """What is wrong with one pair of sets, or ""."""
    if isinstance(value, Array):
        value = value.data.tolist()
    pair = [_items(one) for one in value] if isinstance(value, list | tuple) else []
    one, other = pair if len(pair) == 2 else (None, None)
    if one is None or other is None:
        return (
            f"A pair of sets was asked for, each a list of 1 to {MOST} whole numbers from -{LARGEST} to "
            f"{LARGEST}."
        )
    if sorted(one) == sorted(other):
        return "Both sets hold the same numbers. A set has no order, so there is nothing to tell apart."
    same = [name for name, aggregate in AGGREGATIONS.items() if aggregate(one) == aggregate(other)]
    wanted = list(AGGREGATIONS) if case.hidden == ALL else [case.hidden]
    for name in wanted:
        if name not in same:
            return f"The {name} tells your two sets apart. It should not."
    extra = [name for name in same if name not in wanted]
    if extra:
        return (
            f"The {' and the '.join(extra)} cannot tell your two sets apart either. The {case.hidden} alone "
            "should fail."
        )
    return ""


_SUM, _MEAN, _MAX, _ALL = "[1, 5], [6]", "[2], [1, 3]", "[4, 1], [4]", "[1, 2, 3], [0, 3, 3]"

MISTAKES = (
    Mistake(
        "sum_of_as_many",
        "The two sets of the first pair have as many items, so with their sums their means agree as well.",
        "What else, besides the sum, goes into a mean?",
        ((_SUM, "[1, 5], [2, 4]"),),
    ),
    Mistake(
        "mean_of_as_many",
        "The two sets of the second pair have as many items, so with their means their sums agree as well.",
        "How can the mean stay while the sum grows?",
        ((_MEAN, "[1, 3], [0, 4]"),),
    ),
    Mistake(
        "mean_keeps_the_maximum",
        "The two sets of the second pair have the same maximum too: one is the other, several times.",
        "Which items could be further apart, around the same mean?",
        ((_MEAN, "[1, 3], [1, 3, 1, 3]"),),
    ),
    Mistake(
        "median",
        "The means of the second pair differ. The number in the middle is not the mean.",
        "What is the mean of 1, 2 and 9?",
        ((_MEAN, "[2], [1, 2, 9]"),),
    ),
    Mistake(
        "maximum_with_the_sum",
        "The items of the third pair add up to the same: an item of 0 was added.",
        "What does an item of 0 change, and what not?",
        ((_MAX, "[4, 1], [4, 1, 0]"),),
    ),
    Mistake(
        "another_order",
        "The two sets of the last pair hold the same numbers in another order.",
        "When are two sets the same?",
        ((_ALL, "[1, 2, 3], [3, 1, 2]"),),
    ),
    Mistake(
        "sum_and_mean_alone",
        "The maximum tells the last pair apart.",
        "Which items can you move towards each other without touching the greatest?",
        ((_ALL, "[1, 2, 3], [2, 2, 2]"),),
    ),
    Mistake(
        "maximum_alone",
        "The sum tells the last pair apart: only the greatest items agree.",
        "What must the other items add up to?",
        ((_ALL, "[1, 2, 3], [1, 1, 3]"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Twins",
    task="Write pairs of sets that a sum, a mean, a maximum cannot tell apart",
    name="twins",
    points=3,
    library="numpy",
    groups=(Group("sum", 0.2), Group("mean", 0.25), Group("maximum", 0.2), Group(ALL, 0.35)),
    draw=_cases,
    reference=_twins,
    mistakes=MISTAKES,
    hints=(
        "An aggregation keeps one number and forgets the rest. What can you change without changing it?",
        (
            "The sum and the mean differ by the number of items: give the two sets different numbers of "
            "items. For the last pair, give both sets the same number of items."
        ),
        (
            "Sum: split an item in two. Mean: replace an item by two around it. Maximum: add a smaller item, "
            "but not 0. All three: keep the greatest, and move two of the others by the same amount, in "
            "opposite directions."
        ),
    ),
    accepts=_accepts,
    shrinks=(),
)
