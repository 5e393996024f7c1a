"""Fix a planted bug: the window of one output."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, positive, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit.windows import Window

Generator = np.random.Generator
Array = NDArray[Any]

GROUPS = (Group("stride 1", 0.2), Group("the first column", 0.2), Group("larger strides", 0.6))


def _cut_window(x: Array, i: int, j: int, kernel_size: tuple[int, int], stride: int) -> Array:
    taps = Window.of(kernel_size, stride).taps((i, j), x.shape)
    return np.array([x[tap] for tap in taps], dtype=x.dtype).reshape(kernel_size)


def _window_cases(rng: Generator) -> list[Case]:
    one, first, larger = (group.name for group in GROUPS)
    return [
        Case(one, arrays(positive(rng, 5, 6), 1, 2, (2, 3), 1), "stride 1"),
        Case(one, arrays(positive(rng, 6, 5), 2, 1, (3, 2), 1), "stride 1, a tall window"),
        Case(first, arrays(positive(rng, 6, 5), 2, 0, (2, 3), 2), "a window of the first column, stride 2"),
        Case(
            larger,
            arrays(positive(rng, 4, 6), 0, 2, (2, 2), 2),
            "stride 2, the last window of the first row",
        ),
        Case(larger, arrays(positive(rng, 7, 8), 1, 2, (2, 3), 2), "stride 2"),
        Case(larger, arrays(positive(rng, 9, 8), 2, 1, (3, 2), 3), "stride 3"),
        Case(one, arrays(tenths(rng, 5, 6), 1, 2, (2, 3), 1), "stride 1, values below zero"),
        Case(one, arrays(rng.permutation(30).reshape(5, 6), 2, 1, (3, 2), 1), "stride 1, whole numbers"),
    ]


def _anywhere(rng: Generator) -> Case:
    kernel_size, place = rng.integers(1, 5, size=2), rng.integers(4, size=2)
    stride = int(rng.integers(1, 5))
    shape = place * stride + kernel_size + rng.integers(4, size=2)
    x = anything(rng, *shape)
    if abs(x).max() < 1e4:
        x = x.astype(rng.choice(["float64", "float32", "int64", "int8"]))
    return Case("stride 1", arrays(x, *place.tolist(), tuple(kernel_size.tolist()), stride))


_ROWS, _COLUMNS = "x[i * stride : i * stride + kh, ", "j * stride : j * stride + kw]"

MISTAKES = (
    Mistake(
        "columns_not_times_stride",
        "Neighbouring windows start one column apart, whatever the stride. This is the planted bug.",
        "At which column does the window of j = 2 start, with stride 2?",
        ((_COLUMNS, "j : j + kw]"),),
    ),
    Mistake(
        "rows_not_times_stride",
        "Neighbouring windows start one row apart, whatever the stride: the planted bug, now on the rows.",
        "At which row does the window of i = 2 start, with stride 2?",
        ((_ROWS, "x[i : i + kh, "),),
    ),
    Mistake(
        "nothing_times_stride",
        "The stride is not used at all.",
        "What is the stride, in cells?",
        ((_ROWS, "x[i : i + kh, "), (_COLUMNS, "j : j + kw]")),
    ),
    Mistake(
        "stop_is_the_size",
        "The slices end at the window's size. A slice's second number is a place, not a length.",
        "A window of 2 starts at row 4. At which row does its slice stop?",
        ((_ROWS, "x[i * stride : kh, "), (_COLUMNS, "j * stride : kw]")),
    ),
    Mistake(
        "stop_left_behind",
        "The slice of the columns starts at j times the stride and stops at j + kw: the start has moved, the "
        "stop has not.",
        "A window of 2 columns starts at column 4. At which column does its slice stop?",
        ((_COLUMNS, "j * stride : j + kw]"),),
    ),
    Mistake(
        "axes_exchanged",
        "Height and width of the window are exchanged.",
        "Which entry of kernel_size belongs to the rows?",
        (("kh, kw = kernel_size", "kw, kh = kernel_size"),),
    ),
    Mistake(
        "one_cell_too_many",
        "The window has one row and one column more than its size.",
        "Is the cell at the slice's second number part of the slice?",
        ((_ROWS, "x[i * stride : i * stride + kh + 1, "), (_COLUMNS, "j * stride : j * stride + kw + 1]")),
    ),
    Mistake(
        "one_cell_too_few",
        "The window has one row and one column less than its size.",
        "Is the cell at the slice's second number part of the slice?",
        ((_ROWS, "x[i * stride : i * stride + kh - 1, "), (_COLUMNS, "j * stride : j * stride + kw - 1]")),
    ),
    Mistake(
        "as_large_as_the_stride",
        "The window is as large as the stride. How far it moves and how large it is are two things.",
        "How many columns has a window of (2, 3) with stride 1?",
        ((_ROWS, "x[i * stride : (i + 1) * stride, "), (_COLUMNS, "j * stride : (j + 1) * stride]")),
    ),
    Mistake(
        "rows_cut_twice",
        "x[a:b][c:d] cuts the rows twice: the second pair of brackets begins with rows again, as with a "
        "list.",
        "How do you write both slices in one pair of brackets?",
        ((_ROWS + _COLUMNS, "x[i * stride : i * stride + kh][j * stride : j * stride + kw]"),),
    ),
    Mistake(
        "stride_inside",
        "The cells of a window lie apart, a stride from one to the next. The stride is the way from window "
        "to window.",
        "With stride 2, which columns does a window of 3 columns see?",
        (
            (_ROWS, "x[i * stride : i * stride + kh : stride, "),
            (_COLUMNS, "j * stride : j * stride + kw : stride]"),
        ),
    ),
    Mistake(
        "dtype_lost",
        "The values are right, but whole numbers came out as floats.",
        "What dtype does a slice of x have, and where did it get another one?",
        ((".copy()", ".astype(float)"),),
    ),
    Mistake(
        "a_view",
        "The numbers are right, but the window is still a part of x: if you change the window, x changes "
        "too.",
        "What does .copy() do to a slice?",
        ((".copy()", ""),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Fix a planted bug",
    task="Fix a planted bug",
    name="cut_window",
    points=1,
    library="numpy",
    groups=GROUPS,
    draw=_window_cases,
    anywhere=_anywhere,
    reference=_cut_window,
    mistakes=MISTAKES,
    hints=(
        (
            "The planted code is right for stride 1, and for the first column at any stride. What do these "
            "have in common?"
        ),
        "Compare the slice of the rows with the slice of the columns, character by character.",
        "Window number j starts at column j times stride, and stops kw columns further on.",
    ),
    shrinks=(),
)
