"""How many windows there are, with and without ceil_mode."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit.windows import Window

DOWN, UP, LAST, DILATED = "rounded down", "rounded up", "a last window in the padding", "dilation"


def _count(n: int, kernel_size: int, stride: int, padding: int, dilation: int, ceil_mode: bool) -> int:
    window = Window.of(kernel_size, stride, ((padding, padding),), dilation, ceil_mode, axes=1)
    return window.output_size((n,))[0]


def _cases(rng: np.random.Generator) -> list[Case]:
    odd, rest = 2 * int(rng.integers(3, 9)) + 1, int(rng.integers(2, 7))
    return [
        Case(DOWN, (5, 2, 2, 0, 1, False), "5 cells, kernel 2, stride 2: a cell is left over"),
        Case(DOWN, (9, 3, 2, 1, 1, False), "9 cells, kernel 3, stride 2, padding 1: nothing is left over"),
        Case(DOWN, (3 * rest + 2, 3, 3, 1, 1, False), "stride 3, padding 1: a cell is left over"),
        Case(DOWN, (4, 1, 1, 0, 3, False), "4 cells, kernel 1, stride 1: dilation 3 changes nothing"),
        Case(DOWN, (5, 2, 1, 1, 1, False), "5 cells, kernel 2, stride 1, padding 1: nothing is left over"),
        Case(UP, (5, 2, 2, 0, 1, True), "5 cells, kernel 2, stride 2, rounded up"),
        Case(UP, (6, 2, 2, 0, 1, True), "6 cells, kernel 2, stride 2, rounded up: nothing is left over"),
        Case(UP, (9, 3, 1, 0, 1, True), "9 cells, kernel 3, stride 1, rounded up: nothing is left over"),
        Case(UP, (5, 4, 3, 0, 1, True), "5 cells, kernel 4, stride 3, rounded up: one window fits"),
        Case(UP, (3 * rest + 2, 4, 3, 0, 1, True), "stride 3, rounded up: a cell is left over"),
        Case(LAST, (4, 3, 2, 1, 1, True), "4 cells, kernel 3, stride 2, padding 1, rounded up"),
        Case(LAST, (5, 2, 2, 1, 1, True), "5 cells, kernel 2, stride 2, padding 1, rounded up"),
        Case(
            LAST,
            (odd, 2, 2, 1, 1, True),
            "an odd number of cells, kernel 2, stride 2, padding 1, rounded up",
        ),
        Case(LAST, (4, 2, 3, 1, 1, True), "4 cells, kernel 2, stride 3, padding 1, rounded up"),
        Case(LAST, (4, 4, 7, 2, 1, True), "4 cells, kernel 4, stride 7, padding 2, rounded up"),
        Case(LAST, (5, 1, 3, 0, 1, True), "5 cells, kernel 1, stride 3, rounded up"),
        Case(
            LAST,
            (6, 1, 3, 0, 1, True),
            "6 cells, kernel 1, stride 3, rounded up: it starts right behind the row",
        ),
        Case(DILATED, (7, 3, 1, 0, 2, False), "7 cells, kernel 3, dilation 2"),
        Case(DILATED, (9, 2, 2, 1, 3, False), "9 cells, kernel 2, stride 2, padding 1, dilation 3"),
        Case(DILATED, (10 + rest, 3, 1, 1, 3, False), "kernel 3, padding 1, dilation 3"),
    ]


def _anywhere(rng: np.random.Generator) -> Case:
    k, s, d = (int(number) for number in rng.integers(1, (8, 10, 6)))
    p = int(rng.integers(k // 2 + 1))  # torch accepts no larger padding
    fitting = max(1, d * (k - 1) + 1 - 2 * p)
    return Case(DOWN, (int(rng.integers(fitting, fitting + 30)), k, s, p, d, bool(rng.integers(2))))


_DROPPED = "if last >= n + padding:"
_EXTENT = "extent = dilation * (kernel_size - 1) + 1"

MISTAKES = (
    Mistake(
        "always_down",
        "The count is rounded down, whatever ceil_mode says.",
        "A cell is left over behind the last whole window. What does ceil_mode do with it?",
        (("if not ceil_mode:", "if True:"),),
    ),
    Mistake(
        "always_up",
        "The count is rounded up, whatever ceil_mode says.",
        "Where does ceil_mode decide?",
        (("if not ceil_mode:", "if False:"),),
    ),
    Mistake(
        "last_kept",
        "A last window is counted that starts behind the row, in the padding or further on.",
        "Which cells does the last window over 5 cells see, with kernel 2, stride 2 and padding 1?",
        ((_DROPPED, "if False:"),),
    ),
    Mistake(
        "left_padding_forgotten",
        "A last window was dropped that still sees the row. The padding before the row moves its start.",
        "Counted from the start of the padding, at which place does cell 0 of the row stand?",
        ((_DROPPED, "if last >= n:"),),
    ),
    Mistake(
        "both_paddings_allowed",
        "A last window is counted that starts in the padding behind the row. It may start in the padding "
        "before it only.",
        "Which cells does a window see that starts right behind the row?",
        ((_DROPPED, "if last >= n + 2 * padding:"),),
    ),
    Mistake(
        "start_behind_the_row_allowed",
        "A last window is counted that starts right behind the last cell of the row.",
        "The last cell of the row stands at n + padding - 1. Where does the next one stand?",
        ((_DROPPED, "if last > n + padding:"),),
    ),
    Mistake(
        "dilation_ignored",
        "The windows were counted as if their taps touched.",
        "How many cells lie between the first and the last of 3 taps with dilation 2?",
        ((_EXTENT, "extent = kernel_size"),),
    ),
    Mistake(
        "extent_too_long",
        "The windows were taken to be longer than they are: behind the last tap there is no gap.",
        "Draw 3 taps with dilation 2. From the first to the last, how many cells is that?",
        ((_EXTENT, "extent = dilation * kernel_size"),),
    ),
    Mistake(
        "no_plus_one",
        "One window is missing: these are the steps, not the windows.",
        "How many windows of 4 fit into 4 cells?",
        (
            ("return room // stride + 1", "return room // stride"),
            ("-(-room // stride) + 1", "-(-room // stride)"),
        ),
    ),
    Mistake(
        "always_one_more",
        "An additional window was counted although the last window that fits ends at the last cell.",
        "Windows of 3 move by 1 over 9 cells. How many cells are left after the last window?",
        (("windows = -(-room // stride) + 1", "windows = room // stride + 2"),),
    ),
    Mistake(
        "padding_on_one_side",
        "The padding was counted on one side only.",
        "How many cells longer does a padding of 1 make a row?",
        (("room = n + 2 * padding - extent", "room = n + padding - extent"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="How many windows",
    task="Count windows, rounded up or down",
    name="count_windows",
    points=3,
    library="numpy",
    groups=(Group(DOWN, 0.2), Group(UP, 0.2), Group(LAST, 0.35), Group(DILATED, 0.25)),
    draw=_cases,
    anywhere=_anywhere,
    reference=_count,
    mistakes=MISTAKES,
    hints=(
        (
            "Place the first window, padding included. How many cells are left after it, and how many steps "
            "fit into them?"
        ),
        (
            "From its first tap to its last, a window covers dilation * (kernel_size - 1) + 1 cells. With "
            "ceil_mode, leftover cells that are too few for a whole step still give one more window. Then "
            "look at where that window starts."
        ),
        (
            "Counted from the start of the padding, window o starts at o * stride, and the row ends before n "
            "+ padding. If the last window starts there or later, take it away again."
        ),
    ),
    loose=True,
)
