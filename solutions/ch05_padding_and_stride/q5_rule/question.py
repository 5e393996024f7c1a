"""5.5, the transfer question: an average whose border cells count by a share that is an argument."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, positive, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

from ...planes import a_length, a_number, a_pair

Array = NDArray[Any]
Pair = tuple[int, int]
Sides = tuple[int, int, int, int]

GROUPS = (
    Group("the border's share", 0.3),
    Group("what the border holds", 0.25),
    Group("four sides, two strides", 0.25),
    Group("windows that weigh nothing", 0.2),
)


def _rule(
    x: Array, kernel_size: Pair, stride: Pair, padding: Sides, fill: float, share: float, empty: float
) -> Array:
    """Divide two sliding sums over whole planes: that of the weighted values by that of the weights."""
    top, bottom, left, right = padding
    border = ((top, bottom), (left, right))
    weights = np.pad(np.ones(x.shape), border, constant_values=share)
    values = np.pad(x.astype(np.float64), border, constant_values=fill) * weights
    view = np.lib.stride_tricks.sliding_window_view
    sums, counts = (
        view(plane, kernel_size)[:: stride[0], :: stride[1]].sum(axis=(-2, -1)) for plane in (values, weights)
    )
    y = np.full(sums.shape, float(empty))
    np.divide(sums, counts, out=y, where=counts > 0)
    return y


def _rule_cases(rng: np.random.Generator) -> list[Case]:
    shares, holds, sides, nothing = (group.name for group in GROUPS)

    def share() -> float:
        """Draw a share so small that four border cells weigh less than one cell of the plane."""
        return float(rng.choice([0.125, 0.15625, 0.1875, 0.21875]))

    def fill() -> float:
        return float(rng.integers(60, 90))

    one, three, holes = (1, 1), (3, 3), positive(rng, 4, 4)
    holes[::2, ::2] = 0.0
    around: Sides = (1, 1, 1, 1)
    nowhere = fill() + 100.0  # differs from what the border holds
    return [
        Case(
            shares, arrays(positive(rng, 4, 4), three, one, around, 0.0, share(), 0.0), "the border holds 0"
        ),
        Case(
            shares,
            arrays(positive(rng, 5, 5), (5, 5), one, (2, 2, 2, 2), 0.0, share(), 0.0),
            "two cells of border",
        ),
        Case(
            shares,
            arrays(holes, three, one, around, 0.0, share(), 0.0),
            "the border holds 0, and so do some cells of the plane",
        ),
        Case(shares, arrays(tenths(rng, 4, 4), three, one, around, 0.0, share(), 0.0), "values below zero"),
        Case(
            holds,
            arrays(positive(rng, 4, 4), three, one, around, fill(), 1.0, 0.0),
            "a border that counts in full",
        ),
        Case(
            holds, arrays(positive(rng, 5, 5), three, one, around, -fill(), 1.0, 0.0), "a border below zero"
        ),
        Case(
            sides,
            arrays(positive(rng, 5, 7), (3, 2), one, (2, 0, 1, 0), fill(), share(), 0.0),
            "kernel (3, 2), 2 above, 1 to the left",
        ),
        Case(
            sides,
            arrays(positive(rng, 6, 4), (2, 3), one, (0, 1, 0, 2), fill(), share(), 0.0),
            "kernel (2, 3), 1 below, 2 to the right",
        ),
        Case(
            sides,
            arrays(positive(rng, 7, 10), (2, 2), (2, 3), (0, 0, 1, 1), fill(), share(), 0.0),
            "stride (2, 3), a row and a column are left over",
        ),
        Case(
            sides,
            arrays(tenths(rng, 5, 6), (2, 2), one, (4, 0, 3, 0), int(fill()), share(), 0.0),
            "a border wider than the window, of a whole number",
        ),
        Case(
            nothing,
            arrays(positive(rng, 4, 4), (2, 2), (2, 2), (2, 0, 2, 0), fill(), 0.0, nowhere),
            "share 0",
        ),
        Case(
            nothing,
            arrays(np.zeros((4, 4)), (2, 2), (2, 2), (2, 0, 2, 0), 0.0, share(), nowhere),
            "numbers that add up to 0, and weigh something",
        ),
        Case(
            nothing,
            arrays(positive(rng, 2, 2), (2, 2), (5, 5), (2, 0, 2, 0), fill(), 0.0, int(nowhere)),
            "no window weighs anything, and `empty` is a whole number",
        ),
    ]


def _any_rule(rng: np.random.Generator) -> Case:
    """Draw any floats and windows, and any width, share and fill of the border; numbers may be integers."""
    kernel_size, stride = a_pair(rng, 1, 4), a_pair(rng, 1, 5)
    sides = (*a_pair(rng, 0, 4), *a_pair(rng, 0, 4))
    borders = (sides[0] + sides[1], sides[2] + sides[3])
    shape = [a_length(rng, *along) for along in zip(kernel_size, stride, borders, strict=True)]
    share = (0, 0.0, 1, 1.0, 2, float(rng.random()))[rng.integers(6)]
    fill, empty = (100 * rng.normal() if rng.random() < 0.5 else a_number(rng, -9, 9) for _ in range(2))
    return Case(GROUPS[0].name, arrays(anything(rng, *shape), kernel_size, stride, sides, fill, share, empty))


_INSIDE = "if 0 <= row < h and 0 <= column < w:"
_TOTAL, _WEIGHT = "total += share * fill", "weight += share"

MISTAKES = (
    Mistake(
        "border_counts_in_full",
        "Each border cell was divided by as a whole cell, whatever its share.",
        "By how much does a border cell of share 0.25 raise the divisor?",
        ((_WEIGHT, "weight += 1"),),
    ),
    Mistake(
        "border_never_counts",
        "The border takes no part: neither its numbers nor its share.",
        "What does a share of 1 mean?",
        ((_TOTAL, "total += 0"), (_WEIGHT, "weight += 0")),
    ),
    Mistake(
        "share_ignored",
        "Border cells take part as whole cells, in the sum and in the divisor.",
        "What does a share of 0 mean?",
        ((_TOTAL, "total += fill"), (_WEIGHT, "weight += 1")),
    ),
    Mistake(
        "share_in_the_divisor_only",
        "The border's numbers were added whole, and divided by as a share.",
        "What is the average of a window that holds nothing but border?",
        ((_TOTAL, "total += fill"),),
    ),
    Mistake(
        "border_told_by_its_number",
        "Cells of the plane that hold the number `fill` were treated as cells of the border.",
        "What tells a border cell from a real one that holds the same: its number, or its place?",
        ((_INSIDE, "if 0 <= row < h and 0 <= column < w and x[row, column] != fill:"),),
    ),
    Mistake(
        "fill_ignored",
        "The border holds 0, whatever `fill` says.",
        "Where is `fill` used?",
        ((_TOTAL, "total += 0"),),
    ),
    Mistake(
        "share_turned_around",
        "The share was taken from 1: a border that should hardly count counts for most.",
        "Which share leaves the border out?",
        ((_TOTAL, "total += (1 - share) * fill"), (_WEIGHT, "weight += 1 - share")),
    ),
    Mistake(
        "sides_in_another_order",
        "The sides were read as above, left, below, right.",
        "In which order do the four sides come?",
        (("top, bottom, left, right = padding", "top, left, bottom, right = padding"),),
    ),
    Mistake(
        "sides_swapped",
        "What should lie above lies below, and what should lie to the left lies to the right.",
        "Which rows come before row 0?",
        (("top, bottom, left, right = padding", "bottom, top, right, left = padding"),),
    ),
    Mistake(
        "strides_swapped",
        "Rows moved by the stride of the columns, and columns by that of the rows.",
        "Which entry of stride belongs to the rows?",
        (("sh, sw = stride", "sw, sh = stride"),),
    ),
    Mistake(
        "empty_is_zero",
        "A window that weighs nothing gave 0, whatever `empty` says.",
        "Where is `empty` used?",
        (("else empty", "else 0.0"),),
    ),
    Mistake(
        "empty_is_fill",
        "A window that weighs nothing gave what the border holds.",
        "If nothing counts, can the border's number be the answer?",
        (("else empty", "else fill"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="A border that counts by a share",
    task="Average with a border that counts by a share, by a rule that comes as arguments",
    name="border_average",
    points=8,
    library="numpy",
    groups=GROUPS,
    draw=_rule_cases,
    anywhere=_any_rule,
    reference=_rule,
    mistakes=MISTAKES,
    hints=(
        (
            "A weighted average has a sum of weighted numbers and a sum of weights. Real cells weigh 1. What "
            "does a border cell weigh?"
        ),
        (
            "For each window keep two running sums. The window's rows are i * sh - top and the kh - 1 after "
            "it; those outside of the plane belong to the border."
        ),
        (
            "A real cell adds itself to the first sum and 1 to the second; a border cell adds share * fill "
            "and share. Divide at the end, unless the second sum is 0."
        ),
    ),
)
