"""The number that an average of a row divides by, at the border and beyond it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, positive, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit.windows import Window

Generator = np.random.Generator
Array = NDArray[Any]

INSIDE, PADDED, HANGING, OVERRIDE = "inside", "padding", "windows that hang over", "divisor_override"


def _average(
    x: Array,
    kernel_size: int,
    stride: int,
    padding: int,
    outputs: int,
    count_include_pad: bool,
    divisor_override: float | None,
) -> Array:
    """poolkit computes the places of the taps; masks tell which are in the row, which in its padding."""
    window = Window((kernel_size,), (stride,), ((padding, padding),), (1,))
    y = []
    for o in range(outputs):
        at = np.array(window.positions(0, o))
        seen = at[(at >= 0) & (at < len(x))]
        counted = int(np.sum(at < len(x) + padding)) if count_include_pad else len(seen)
        y.append(x[seen].sum() / (counted if divisor_override is None else divisor_override))
    return np.array(y)


def _cases(rng: Generator) -> list[Case]:
    def row(n: int, k: int, s: int, p: int, outputs: int, counted: bool, override: int | None = None) -> Any:
        return arrays(positive(rng, n), k, s, p, outputs, counted, override)

    seven = 2 * int(rng.integers(3, 6)) + 1
    divisor = int(rng.choice([7, 9, 11]))  # no sum divided by it is a short binary fraction
    return [
        Case(INSIDE, row(6, 2, 2, 0, 3, True), "no padding, every window whole"),
        Case(
            INSIDE,
            row(seven, 3, 2, 0, (seven - 1) // 2, False),
            "no padding, only real cells counted",
        ),
        Case(INSIDE, arrays(tenths(rng, 6), 2, 2, 0, 3, True, None), "no padding, values below zero"),
        Case(INSIDE, row(7, 2, 5, 0, 2, True), "no padding, cells between the windows"),
        Case(PADDED, row(5, 3, 1, 1, 5, True), "padding 1, counted"),
        Case(PADDED, row(5, 3, 1, 1, 5, False), "padding 1, not counted"),
        Case(PADDED, row(6, 4, 2, 2, 4, True), "padding 2, counted"),
        Case(PADDED, row(6, 5, 1, 2, 6, False), "padding 2, not counted"),
        Case(HANGING, row(5, 2, 2, 0, 3, True), "no padding; the last window hangs over"),
        Case(HANGING, row(4, 3, 2, 1, 3, True), "padding 1, counted; the last window hangs over it"),
        Case(HANGING, row(4, 3, 2, 1, 3, False), "padding 1, not counted; the last window hangs over it"),
        Case(HANGING, row(8, 5, 4, 2, 3, True), "padding 2, counted; the last window hangs over it"),
        Case(HANGING, row(2, 6, 1, 0, 1, False), "one window, longer than the row"),
        Case(OVERRIDE, row(5, 3, 1, 1, 5, True, divisor), "a divisor that is given, padding counted"),
        Case(OVERRIDE, row(5, 2, 2, 0, 3, False, -divisor), "a divisor that is given, below 0"),
    ]


def _anywhere(rng: Generator) -> Case:
    n, k, s = (int(number) for number in rng.integers(1, (10, 7, 8)))
    padding = int(rng.integers(k))  # at most one less than the kernel, so that the first window sees a cell
    fitting = max(0, (n + 2 * padding - k) // s + 1)
    more = fitting * s - padding < n  # whether one more window would still see a cell
    outputs = int(rng.integers(1, fitting + more + 1))
    override = (None, None, int(rng.integers(1, 20)), -2, float(rng.normal()))[rng.integers(5)]
    return Case(INSIDE, arrays(anything(rng, n), k, s, padding, outputs, bool(rng.integers(2)), override))


_END = "end = min(start + kernel_size, n + padding)"
_GIVEN, _COUNTED = "if divisor_override is not None:", "elif count_include_pad:"

MISTAKES = (
    Mistake(
        "overhang_counted",
        "What hangs over the padding was counted too.",
        "How many cells does a padding of 1 add after the row's last cell?",
        ((_END, "end = start + kernel_size"),),
    ),
    Mistake(
        "padding_after_left_out",
        "The padding after the row was not counted, the one before it was.",
        "Up to which place does a window see cells that count?",
        ((_END, "end = min(start + kernel_size, n)"),),
    ),
    Mistake(
        "always_counted",
        "The padding always counts, whatever count_include_pad says.",
        "Where does count_include_pad decide?",
        ((_COUNTED, "elif True:"),),
    ),
    Mistake(
        "never_counted",
        "The padding never counts, whatever count_include_pad says.",
        "Where does count_include_pad decide?",
        ((_COUNTED, "elif False:"),),
    ),
    Mistake(
        "count_inverted",
        "Padding counts where it should not, and does not where it should.",
        "What does count_include_pad=True say about the divisor?",
        ((_COUNTED, "elif not count_include_pad:"),),
    ),
    Mistake(
        "override_ignored",
        "The divisor that was given was not used.",
        "When does divisor_override decide?",
        ((_GIVEN, "if False:"),),
    ),
    Mistake(
        "override_times_cells",
        "The mean was divided by the given number once more. It takes the place of the count.",
        "How often is the sum divided?",
        (("divisor = divisor_override", "divisor = divisor_override * kernel_size"),),
    ),
    Mistake(
        "negative_start",
        "A start below 0 was used as an index. Python counts it from the end of the row.",
        "Which cells does x[-1:2] hold?",
        (("x[max(start, 0) : min(end, n)]", "x[start : min(end, n)]"),),
    ),
    Mistake(
        "sum",
        "These are the sums of the windows.",
        "What turns a sum into an average?",
        (("seen.sum() / divisor", "seen.sum()"),),
    ),
    Mistake(
        "negative_start_in_the_sum",
        "A start below 0 was used as an index of the sum. Python counts it from the end of the row.",
        "Which cells does x[-1:2] hold?",
        (
            ("x[max(start, 0) : min(end, n)]", "x[start : min(end, n)]"),
            ("divisor = seen.size", "divisor = min(end, n) - max(start, 0)"),
        ),
    ),
    Mistake(
        "padding_before_forgotten",
        "The first window starts at cell 0. It starts in the padding.",
        "At which place does window 0 start if the padding is 1?",
        (("start = o * stride - padding", "start = o * stride"),),
    ),
    Mistake(
        "override_only_if_counted",
        "The divisor that was given was used only where padding counts.",
        "Which of the two settings takes the place of the other?",
        ((_GIVEN, "if divisor_override is not None and count_include_pad:"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="What an average divides by",
    task="Average with the right divisor, at the border and beyond it",
    name="avg_pool_row",
    points=3,
    library="numpy",
    groups=(Group(INSIDE, 0.15), Group(PADDED, 0.25), Group(HANGING, 0.4), Group(OVERRIDE, 0.2)),
    draw=_cases,
    anywhere=_anywhere,
    reference=_average,
    mistakes=MISTAKES,
    hints=(
        (
            "Three kinds of cells may lie under a window: those of the row, those of the padding, and those "
            "beyond the padding, which do not exist."
        ),
        (
            "Window o starts at o * stride - padding. It ends after kernel_size cells, or where the padding "
            "ends: at n + padding, whichever comes first."
        ),
        (
            "If the padding counts, the divisor is that end minus the start. If not, it is the number of "
            "real cells in the slice. A divisor that is given replaces both."
        ),
    ),
    shrinks=(),
)
