"""One test that catches aggregations which depend on the order of a set."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from poolgrader.calls.values import Array, Plain
from poolgrader.questions.question import Case, Group, Mistake, Question

LEAST, MOST, LARGEST = 4, 12, 999
Items = list[int]
PLACE, WEIGHTS, NEIGHBOURS, HALVES = "one place", "weights by place", "neighbours", "parts"


@dataclass(frozen=True)
class Ordered:
    """A wrong aggregation, whose result depends on the order of the items."""

    group: str
    says: str
    aggregate: Callable[[Items], Fraction | int]


def _decayed(items: Items) -> Fraction:
    """Forgets as a recurrent network does: halves what it holds, then adds the new item."""
    held = Fraction(0)
    for item in items:
        held = held / 2 + item
    return held


AGGREGATIONS = (
    Ordered(PLACE, "takes the first item", lambda items: items[0]),
    Ordered(PLACE, "takes the last item", lambda items: items[-1]),
    Ordered(
        WEIGHTS,
        "gives each item its place as a weight",
        lambda items: sum(t * x for t, x in enumerate(items)),
    ),
    Ordered(WEIGHTS, "halves what it holds before it adds the next item", _decayed),
    Ordered(
        NEIGHBOURS,
        "adds up the products of neighbours",
        lambda items: sum(a * b for a, b in itertools.pairwise(items)),
    ),
    Ordered(
        NEIGHBOURS,
        "adds up the products of neighbours on a ring",
        lambda items: sum(a * b for a, b in zip(items, items[1:] + items[:1], strict=True)),
    ),
    Ordered(
        HALVES,
        "adds the maximum of the first half twice",
        lambda items: 2 * max(items[: len(items) // 2]) + max(items[len(items) // 2 :]),
    ),
    Ordered(
        HALVES,
        "multiplies the sums of the two halves",
        lambda items: sum(items[: len(items) // 2]) * sum(items[len(items) // 2 :]),
    ),
)


def _cases(rng: np.random.Generator) -> list[Case]:
    return [
        Case(wrong.group, note=f"an aggregation that {wrong.says}", hidden=wrong) for wrong in AGGREGATIONS
    ]


def _whole(value: Plain) -> Items | None:
    if isinstance(value, Array):
        value = value.data.tolist()
    if not isinstance(value, list | tuple) or not LEAST <= len(value) <= MOST:
        return None
    items = [one.data.item() if isinstance(one, Array) and one.data.size == 1 else one for one in value]
    if any(
        type(one) not in (int, float) or one != one or abs(one) > LARGEST or one != int(one) for one in items
    ):
        return None
    return [int(one) for one in items]


def _accepts(case: Case, value: Plain) -> str:
    """What is wrong with a test for one aggregation, or ""."""
    if isinstance(value, Array):
        value = value.data.tolist()
    pair = [_whole(one) for one in value] if isinstance(value, list | tuple) else []
    items, order = pair if len(pair) == 2 else (None, None)
    if items is None or order is None:
        return (
            f"Two lists were asked for, each of {LEAST} to {MOST} whole numbers: the items, from -{LARGEST} "
            f"to {LARGEST}, and their order."
        )
    if sorted(order) != list(range(len(items))):
        return "The order must hold each place exactly once, counted from 0."
    moved = [items[place] for place in order]
    if moved == items:
        return "The new order gives the same list of items, so nothing can tell the two orders apart."
    wrong: Ordered = case.hidden
    if wrong.aggregate(moved) != wrong.aggregate(items):
        return ""
    return (
        f"An aggregation that {wrong.says} gives the same result for both orders, so your test does not "
        "catch it."
    )


_ITEMS = "items = [3, 8, 1, 5, 9, 2]"
_ORDER = "order = [4, 0, 5, 2, 1, 3]"

MISTAKES = (
    Mistake(
        "turned_around",
        "The items were turned around. Everyone keeps its neighbours.",
        "Which aggregation does not see that a row is read from the other end?",
        ((_ORDER, "order = [5, 4, 3, 2, 1, 0]"),),
    ),
    Mistake(
        "moved_on_by_one",
        "All items moved on by one place, as on a ring. There everyone keeps its neighbours.",
        "Who stands beside whom on a ring, before and after?",
        ((_ORDER, "order = [1, 2, 3, 4, 5, 0]"),),
    ),
    Mistake(
        "first_two_swapped",
        "Only the first two items changed places. Both are still in the first half, and the last item is "
        "where it was.",
        "Which aggregations never look at the places that you changed?",
        ((_ORDER, "order = [1, 0, 2, 3, 4, 5]"),),
    ),
    Mistake(
        "within_the_halves",
        "Each item stayed in its half.",
        "What does an aggregation see that only knows what the two halves hold?",
        ((_ORDER, "order = [2, 0, 1, 5, 3, 4]"),),
    ),
    Mistake(
        "all_alike",
        "All items are alike, so that no order can be told from another.",
        "Which items show where they went?",
        ((_ITEMS, "items = [4, 4, 4, 4, 4, 4]"),),
    ),
    Mistake(
        "counted_from_one",
        "The places were counted from 1.",
        "Which place has the first item of a list?",
        ((_ORDER, "order = [5, 1, 6, 3, 2, 4]"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="A test for the order",
    task="Write one test that catches eight aggregations which depend on the order",
    name="order_test",
    points=3,
    library="numpy",
    groups=(Group(PLACE, 0.25), Group(WEIGHTS, 0.25), Group(NEIGHBOURS, 0.25), Group(HALVES, 0.25)),
    draw=_cases,
    reference=lambda: ([3, 8, 1, 5, 9, 2], [4, 0, 5, 2, 1, 3]),
    mistakes=MISTAKES,
    hints=(
        (
            "Each of the aggregations looks at something: one place, all places, which items are neighbours, "
            "which half an item is in. The new order must change all of them."
        ),
        (
            "Neither a reversal nor a rotation separates neighbours on a ring. Take distinct items, and an "
            "order that looks shuffled."
        ),
        (
            "At least five distinct items. Move the greatest into the other half, put other items first and "
            "last, and separate most neighbours. Then try your test on the eight by hand, or in a cell of "
            "your own."
        ),
    ),
    accepts=_accepts,
    shrinks=(),
)
