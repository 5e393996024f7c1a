"""Average one plane, with loops."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, positive, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit import reference
from poolkit.windows import Window

from ...outlines import OutlinedWindow
from ...planes import WHOLE, a_length, a_number, a_pair, whole_numbers

Generator = np.random.Generator
Array = NDArray[Any]


def _plane(x: Array, kernel_size: tuple[int, int], stride: int) -> Array:
    values = x if x.dtype.kind == "f" else x.astype(np.float64)
    y: Array = reference.avg_pool(values, Window.of(kernel_size, stride))
    return y


def _plane_cases(rng: Generator) -> list[Case]:
    whole = rng.permutation(np.arange(1, 31)).reshape(5, 6)
    bright = rng.permutation(np.arange(140, 240)).astype(np.uint8)[:24].reshape(4, 6)
    square, rectangles, steps, numbers, dtype = (group.name for group in GROUPS)
    return [
        Case(square, arrays(np.ones((3, 3)), (2, 2), 1), "every input is 1"),
        Case(square, arrays(positive(rng, 5, 5), (2, 2), 1), "5 by 5, 2 by 2 windows"),
        Case(square, arrays(tenths(rng, 5, 5), (2, 2), 1), "values below zero"),
        Case(square, arrays(positive(rng, 6, 6), (3, 3), 1), "6 by 6, 3 by 3 windows"),
        Case(square, arrays(positive(rng, 3, 3), (3, 3), 1), "a window as large as the plane"),
        Case(rectangles, arrays(positive(rng, 5, 7), (2, 3), 1), "a window wider than tall"),
        Case(rectangles, arrays(positive(rng, 6, 4), (3, 1), 1), "a window one column wide"),
        Case(steps, arrays(positive(rng, 5, 7), (2, 2), 2), "stride 2, a row and a column are left over"),
        Case(steps, arrays(positive(rng, 7, 8), (3, 3), 2), "stride 2, overlapping windows"),
        Case(numbers, arrays(whole, (2, 2), 1), "whole numbers"),
        Case(numbers, arrays(bright, (2, 2), 2), "bytes, all of them above 139"),
        Case(numbers, arrays(whole * 2**58, (3, 2), 1), "int64, sums that it does not hold"),
        Case(dtype, arrays(positive(rng, 4, 5).astype(np.float32), (2, 2), 1), "float32"),
        Case(dtype, arrays(positive(rng, 4, 5).astype(np.float16), (2, 2), 1), "float16"),
    ]


def _any_plane(rng: Generator) -> Case:
    """Draw floats or whole numbers of any dtype, any window, any stride. In float16 no sum exceeds 65504."""
    kernel_size, stride = a_pair(rng, 1, 4), a_number(rng, 1, 5)
    shape = [a_length(rng, k, stride) for k in kernel_size]
    dtype = str(rng.choice(["float16", "float32", "float64", *WHOLE]))
    if dtype in WHOLE:
        x = whole_numbers(rng, dtype, *shape)
    else:
        x = (
            anything(rng, *shape)
            if dtype == "float64"
            else anything(rng, *shape).clip(-1000, 1000).astype(dtype)
        )
    return Case(GROUPS[0].name, arrays(x, kernel_size, stride))


GROUPS = (
    Group("square windows", 0.3),
    Group("rectangular windows", 0.2),
    Group("stride", 0.2),
    Group("whole numbers", 0.2),
    Group("dtype of floats", 0.1, facts=("dtype",)),
)

_DIVIDE = "y[i, j] = total / (kh * kw)"
_WINDOW = "x[i * stride : i * stride + kh, j * stride : j * stride + kw]"
_DTYPE = 'x.dtype if x.dtype.kind == "f" else np.float64'

MISTAKES = (
    Mistake(
        "sum",
        "These are the sums of the windows: where every input is 1, a 2 by 2 window gives 4.",
        "What must a mean of ones be?",
        ((_DIVIDE, "y[i, j] = total"),),
    ),
    Mistake(
        "divided_by_rows",
        "The sums were divided by the number of rows of the window alone.",
        "How many cells does a window of 2 rows and 3 columns hold?",
        ((_DIVIDE, "y[i, j] = total / kh"),),
    ),
    Mistake(
        "divided_by_columns",
        "The sums were divided by the number of columns of the window alone.",
        "How many cells does a window of 2 rows and 3 columns hold?",
        ((_DIVIDE, "y[i, j] = total / kw"),),
    ),
    Mistake(
        "divided_by_both_sides",
        "The sums were divided by kh + kw. For 2 by 2 windows that happens to be right.",
        "How many cells does a 3 by 3 window hold?",
        ((_DIVIDE, "y[i, j] = total / (kh + kw)"),),
    ),
    Mistake(
        "divided_by_the_plane",
        "The sums were divided by the number of cells of the whole plane.",
        "How many numbers were added up for one output?",
        ((_DIVIDE, "y[i, j] = total / x.size"),),
    ),
    Mistake(
        "total_never_reset",
        "The first output is right, and every later one holds the sums before it as well.",
        "What must the total be when a new window begins?",
        (
            ("            total = 0.0\n", ""),
            ("    for i in range(height):\n", "    total = 0.0\n    for i in range(height):\n"),
        ),
    ),
    Mistake(
        "maximum",
        "These are the greatest values of the windows.",
        "How much does a value count that is not the greatest?",
        ((_DIVIDE, f"y[i, j] = {_WINDOW}.max()"),),
    ),
    Mistake(
        "cut_to_whole",
        "Whole numbers came in and whole numbers came out: everything after the decimal point is lost.",
        "What dtype can hold the mean of 1 and 2?",
        ((_DTYPE, "x.dtype"),),
    ),
    Mistake(
        "sum_wrapped",
        "The means of bytes are far too small. The sum was kept in a byte, which starts again at 0 after "
        "255. A total that begins as Python's 0 becomes a byte with the first cell that is added.",
        "What is 0 + np.uint8(200) + np.uint8(100)?",
        ((_DIVIDE, f"y[i, j] = {_WINDOW}.sum(dtype=x.dtype) / (kh * kw)"),),
    ),
    Mistake(
        "dtype_lost",
        "The values are right, the dtype is float64 whatever came in.",
        "Which dtype should the output have where x is float32?",
        ((_DTYPE, "np.float64"),),
    ),
    Mistake(
        "one_float_kept",
        "float32 keeps its dtype, and other floats do not.",
        "What do float16, float32 and float64 have in common: what is np.dtype(np.float16).kind?",
        ((_DTYPE, "np.float32 if x.dtype == np.float32 else np.float64"),),
    ),
    Mistake(
        "start_not_times_stride",
        "There are as many outputs as there should be, but each window starts only one cell after the one "
        "before it, whatever the stride.",
        "With stride 2, at which row does the second window start?",
        (("x[i * stride + u, j * stride + v]", "x[i + u, j + v]"),),
    ),
    Mistake(
        "no_plus_one",
        "The last window along each axis is missing.",
        "How many windows fit into an axis that is exactly as long as the kernel?",
        (("- kh) // stride + 1", "- kh) // stride"), ("- kw) // stride + 1", "- kw) // stride")),
    ),
    Mistake(
        "kernel_axes_swapped",
        "Height and width of the window are exchanged.",
        "Which entry of kernel_size belongs to the rows?",
        (("kh, kw = kernel_size", "kw, kh = kernel_size"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="One plane, with loops",
    task="Average one plane with loops",
    name="avg_pool_plane",
    points=4,
    library="numpy",
    groups=GROUPS,
    draw=_plane_cases,
    anywhere=_any_plane,
    reference=_plane,
    mistakes=MISTAKES,
    hints=(
        (
            "The loops are those of max pooling. What changes is what you carry along the window, and what "
            "you do with it at the end."
        ),
        "Start a total for each output, add every cell of its window, then divide once. By how many?",
        (
            "Divide by kh * kw. Decide two dtypes before you loop. First, the total's: if it starts at "
            "0.0, no byte wraps around. Second, that of y: the dtype of x for floats, np.float64 for "
            "whole numbers."
        ),
    ),
    outline=OutlinedWindow(lambda case: Window.of(case.args[1], case.args[2])),
)
