"""The input cells that one output sees."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit.windows import Window

Pair = tuple[int, int]

GROUPS = (
    Group("inside the input", 0.3),
    Group("stride", 0.2),
    Group("borders", 0.25),
    Group("rectangles", 0.25),
)


def _taps(
    output_index: Pair, input_size: Pair, kernel_size: Pair, stride: Pair, padding: Pair
) -> list[tuple[int, ...]]:
    pads = [(cells, cells) for cells in padding]
    return Window.of(kernel_size, stride, pads).taps(output_index, input_size)


def _tap_cases(rng: np.random.Generator) -> list[Case]:
    inside, stride, borders, rectangles = (group.name for group in GROUPS)
    at = int(rng.integers(4, 7))  # differs from every kernel and stride
    n = int(rng.integers(22, 27))
    return [
        Case(inside, ((0, 0), (3, 3), (2, 2), (1, 1), (0, 0)), "the first output of 2 by 2 over 3 by 3"),
        Case(inside, ((at, at), (n, n), (3, 3), (1, 1), (0, 0)), "an output in the middle, stride 1"),
        Case(stride, ((at, at), (n, n), (2, 2), (2, 2), (0, 0)), "stride 2"),
        Case(stride, ((at, at), (n, n), (2, 2), (3, 3), (0, 0)), "a stride larger than the kernel"),
        Case(borders, ((0, 0), (5, 5), (3, 3), (1, 1), (1, 1)), "the upper left corner, padding 1"),
        Case(borders, ((4, 4), (5, 5), (3, 3), (1, 1), (1, 1)), "the lower right corner, padding 1"),
        Case(borders, ((2, 2), (5, 5), (3, 3), (2, 2), (1, 1)), "the last output, stride 2, padding 1"),
        Case(borders, ((1, 2), (1, 1), (4, 5), (1, 1), (3, 3)), "a single cell, padding 3"),
        Case(rectangles, ((1, 3), (6, 8), (2, 2), (1, 1), (0, 0)), "output (1, 3)"),
        Case(rectangles, ((2, 2), (9, 9), (2, 4), (1, 1), (0, 0)), "kernel (2, 4)"),
        Case(rectangles, ((2, 2), (9, 9), (2, 2), (1, 3), (0, 0)), "stride (1, 3)"),
        Case(rectangles, ((1, 1), (9, 9), (5, 5), (1, 1), (0, 2)), "padding (0, 2)"),
        Case(
            rectangles,
            ((4, 6), (5, 7), (3, 3), (1, 1), (1, 1)),
            "the lower right corner of 5 by 7, padding 1",
        ),
        Case(rectangles, ((1, 0), (9, 4), (6, 3), (1, 1), (3, 1)), "9 by 4, padding (3, 1)"),
    ]


def _anywhere(rng: np.random.Generator) -> Case:
    n, k, s, p = (rng.integers(low, high, size=2) for low, high in ((1, 9), (1, 5), (1, 4), (0, 4)))
    n = np.maximum(n, k - 2 * p)
    place = rng.integers((n + 2 * p - k) // s + 1)
    return Case(GROUPS[0].name, tuple(tuple(two.tolist()) for two in (place, n, k, s, p)))


_ROW, _COLUMN = "i * sh + u - ph", "j * sw + v - pw"
_INSIDE = "if 0 <= row < h and 0 <= column < w:"
_LOOPS = "for u in range(kh):\n        for v in range(kw):"

MISTAKES = (
    Mistake(
        "start_not_times_stride",
        "Each window starts only one cell after the one before it, whatever the stride.",
        "With stride 2, at which row does the second window start?",
        ((_ROW, "i + u - ph"), (_COLUMN, "j + v - pw")),
    ),
    Mistake(
        "stride_is_kernel",
        "The windows stand side by side: the stride that was given is not used.",
        "How far is it from the start of one window to the start of the next?",
        ((_ROW, "i * kh + u - ph"), (_COLUMN, "j * kw + v - pw")),
    ),
    Mistake(
        "padding_not_taken_off",
        "The window sits too far down and to the right, by the padding.",
        "In which row of the input does the first window start if there is one row of padding above it?",
        ((_ROW, "i * sh + u"), (_COLUMN, "j * sw + v")),
    ),
    Mistake(
        "padding_listed",
        "Cells are listed that the input does not have.",
        "Is there a row -1 in the input?",
        ((_INSIDE, "if True:"),),
    ),
    Mistake(
        "over_the_end",
        "Cells beyond the last row or column are listed.",
        "Which rows does an input of 5 rows have?",
        ((_INSIDE, "if 0 <= row and 0 <= column:"),),
    ),
    Mistake(
        "clamped",
        "Cells in the padding were moved to the nearest cell of the input. They are to be left out.",
        "Does a tap in the padding see any cell at all?",
        (
            (_INSIDE, "if True:"),
            (
                "cells.append((row, column))",
                "cells.append((min(max(row, 0), h - 1), min(max(column, 0), w - 1)))",
            ),
        ),
    ),
    Mistake(
        "index_swapped",
        "These are the cells of output (j, i).",
        "Which entry of output_index is the row?",
        (("i, j = output_index", "j, i = output_index"),),
    ),
    Mistake(
        "kernel_axes_swapped",
        "Height and width of the window are exchanged.",
        "Which entry of kernel_size belongs to the rows?",
        (("kh, kw = kernel_size", "kw, kh = kernel_size"),),
    ),
    Mistake(
        "strides_swapped",
        "Rows moved by the stride of the columns, and columns by that of the rows.",
        "Which entry of stride belongs to the rows?",
        (("sh, sw = stride", "sw, sh = stride"),),
    ),
    Mistake(
        "paddings_swapped",
        "Rows got the padding of the columns, and columns that of the rows.",
        "Which entry of padding belongs to the rows?",
        (("ph, pw = padding", "pw, ph = padding"),),
    ),
    Mistake(
        "column_by_column",
        "The right cells, listed column by column. They were asked for row by row.",
        "Which of your two loops is the outer one?",
        ((_LOOPS, "for v in range(kw):\n        for u in range(kh):"),),
    ),
    Mistake(
        "window_too_small",
        "The last row and column of the window are missing.",
        "At which number does range(k - 1) stop?",
        (("range(kh)", "range(kh - 1)"), ("range(kw)", "range(kw - 1)")),
    ),
    Mistake(
        "before_the_start",
        "Places before the first row or column were listed; those behind the last were left out.",
        "Which row numbers does a border above the plane have?",
        ((_INSIDE, "if row < h and column < w:"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="What one output sees",
    task="List the cells that one output sees",
    name="taps",
    points=2,
    library="numpy",
    groups=GROUPS,
    draw=_tap_cases,
    anywhere=_anywhere,
    reference=_taps,
    mistakes=MISTAKES,
    hints=(
        "Where does the window of this output start? From there it covers k cells along each axis.",
        (
            "Along one axis, window number o starts at o * s - p. The padding is what lies before 0 and from "
            "n on."
        ),
        (
            "Two loops over the window: the row is the window's first row plus u, the column its first "
            "column plus v. Keep the pair only if both lie in the input."
        ),
    ),
    loose=True,
)
