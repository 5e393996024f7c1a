"""Max pool one plane, with loops."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import far_below, negative, positive
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit import reference
from poolkit.windows import Window

from ...outlines import OutlinedWindow
from .. import floats

Generator = np.random.Generator
Array = NDArray[Any]


def _plane(x: Array, kernel_size: tuple[int, int]) -> Array:
    y: Array = reference.max_pool(x, Window.of(kernel_size, stride=1))
    return y


def falling(rng: Generator, height: int, width: int) -> Array:
    """Return distinct positive values that fall along each row, and from row to row.

    A search for the largest value that starts in a cell before the window then always gives a wrong output.
    """
    drawn = rng.choice(np.arange(1, 10 * height * width), size=height * width, replace=False)
    return np.sort(drawn)[::-1].reshape(height, width) / 8


def _plane_cases(rng: Generator) -> list[Case]:
    holed = falling(rng, 6, 7)
    holed[1, 2] = np.nan
    first = positive(rng, 3, 3)
    first[0, 0] = np.nan
    bottomless = positive(rng, 4, 5)
    bottomless[:2, 1:3] = -np.inf
    whole = rng.permutation(np.arange(1, 21)).reshape(4, 5)
    square, rectangular, below = "square windows", "rectangular planes and windows", "negative values"
    return [
        Case(square, arrays(positive(rng, 3, 3), (2, 2)), "the lecture's 3 by 3 plane, 2 by 2 window"),
        Case(square, arrays(positive(rng, 6, 6), (3, 3)), "a 6 by 6 plane, 3 by 3 window"),
        Case(square, arrays(positive(rng, 3, 3), (3, 3)), "a window as large as the plane"),
        Case(square, arrays(falling(rng, 5, 6), (2, 2)), "the first value of each window is its largest"),
        Case(rectangular, arrays(positive(rng, 7, 5), (2, 3)), "taller than wide"),
        Case(rectangular, arrays(positive(rng, 5, 6), (3, 1)), "a window one column wide"),
        Case(
            rectangular, arrays(falling(rng, 6, 8), (2, 3)), "the first value of each window is its largest"
        ),
        Case(below, arrays(negative(rng, 4, 5), (2, 2)), "every value is negative"),
        Case(
            below,
            arrays(np.array([[-5.0, 1.0]]), (1, 2)),
            "a large negative value beside a small positive one",
        ),
        Case(
            below, arrays(falling(rng, 6, 7) - 100, (2, 2)), "every value is negative, the first the largest"
        ),
        Case(below, arrays(far_below(rng, 4, 5), (2, 2)), "every value is below -1e300"),
        Case(below, arrays(bottomless, (2, 2)), "a window of minus infinity alone"),
        Case("NaN", arrays(holed, (2, 2)), "one NaN, inside"),
        Case("NaN", arrays(first, (2, 2)), "one NaN, in the corner"),
        Case("dtype", arrays(falling(rng, 6, 7).astype(np.float32), (2, 2)), "float32"),
        Case("dtype", arrays(whole, (2, 2)), "whole numbers"),
    ]


def _anywhere(rng: Generator) -> Case:
    kh, kw = rng.integers(1, 5, size=2).tolist()
    shape = kh + rng.integers(6), kw + rng.integers(6)
    x = floats(rng, *shape)
    if rng.random() < 0.3:
        x = rng.integers(0, 9, size=shape).astype(rng.choice(["int8", "uint8", "int32", "int64"]))
        x = x if x.dtype == np.uint8 else x - 5
    return Case("square windows", arrays(x, (kh, kw)))


MISTAKES = (
    Mistake(
        "starts_at_zero",
        "Outputs are 0 where every value of the window is negative. A maximum that starts from 0 can "
        "never go below it.",
        "Must it start from a fixed number, or could it start from one of the window's own values?",
        (("best = x[i, j]", "best = 0"),),
    ),
    Mistake(
        "starts_at_a_low_number",
        "Outputs are -1e9 where every value of the window is below that. A maximum that starts from a number "
        "keeps it.",
        "Is there a number that is below every other one?",
        (("best = x[i, j]", "best = -1e9"),),
    ),
    Mistake(
        "absolute",
        "A negative value won by its size. That is what a maximum of absolute values gives.",
        "Which is larger, -5 or 1?",
        (("value = x[i + u, j + v]", "value = abs(x[i + u, j + v])"),),
    ),
    Mistake(
        "nan_lost",
        "A NaN shows only where it stands first in its window. That is what `>` alone gives: every "
        "comparison with NaN is false.",
        "What does `value > best` say when value is NaN?",
        ((" or np.isnan(value)", ""),),
    ),
    Mistake(
        "nan_skipped",
        "The NaN is gone from every window. That is what nanmax and fmax give.",
        "Should a broken value disappear without a trace, or be seen?",
        (
            ("if value > best or np.isnan(value):", "if True:"),
            ("best = value", "best = np.fmax(best, value)"),
        ),
    ),
    Mistake(
        "no_plus_one",
        "The output is one row and one column too small. That is what h - kh gives.",
        "How many windows of 3 fit into a row of 3?",
        (("- kh + 1", "- kh"), ("- kw + 1", "- kw")),
    ),
    Mistake(
        "kernel_axes_swapped",
        "Height and width of the window are exchanged. That is what (kw, kh) in place of (kh, kw) gives.",
        "Which entry of kernel_size belongs to the rows?",
        (("kh, kw = kernel_size", "kw, kh = kernel_size"),),
    ),
    Mistake(
        "output_axes_swapped",
        "The output lies on its side: rows became columns.",
        "Which loop runs over the rows of the output?",
        (("return y", "return y.T"),),
    ),
    Mistake(
        "minimum",
        "These are the smallest values of the windows.",
        "Which way round must the comparison be?",
        (("value > best", "value < best"),),
    ),
    Mistake(
        "average",
        "These are the averages of the windows.",
        "Which single value of the window should be kept?",
        (("y[i, j] = best", "y[i, j] = x[i : i + kh, j : j + kw].mean()"),),
    ),
    Mistake(
        "dtype_lost",
        "The values are right, the dtype is float64 whatever came in. That is what np.empty or np.zeros "
        "gives without a dtype.",
        "Where is the output made, and which dtype does it get there?",
        (("dtype=x.dtype", "dtype=float"),),
    ),
    Mistake(
        "window_too_small",
        "The last row and column of each window are not looked at.",
        "At which number does range(k - 1) stop?",
        (("range(kh)", "range(max(kh - 1, 1))"), ("range(kw)", "range(max(kw - 1, 1))")),
    ),
    Mistake(
        "input_overwritten",
        "The values may be right, but the input has changed: the output was written into it.",
        "Is y an array of its own, or a view of x?",
        (("np.empty((height, width), dtype=x.dtype)", "x[:height, :width]"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="One plane, with loops",
    task="Pool one plane with loops",
    name="max_pool_plane",
    points=4,
    library="numpy",
    groups=(
        Group("square windows", 0.3),
        Group("rectangular planes and windows", 0.25),
        Group("negative values", 0.15),
        Group("NaN", 0.15),
        Group("dtype", 0.15, facts=("dtype",)),
    ),
    draw=_plane_cases,
    anywhere=_anywhere,
    reference=_plane,
    mistakes=MISTAKES,
    hints=(
        (
            "An output cell is the largest value of one window. How many windows fit into the plane, along "
            "each axis?"
        ),
        (
            "Two loops choose the output cell (i, j); its window is x[i : i + kh, j : j + kw]. What may the "
            "maximum start from, if all values may be negative?"
        ),
        (
            "Start from the window's first cell, x[i, j], and replace it whenever a cell is larger or is "
            "NaN. Make the output with np.empty((h - kh + 1, w - kw + 1), dtype=x.dtype)."
        ),
    ),
    outline=OutlinedWindow(lambda case: Window.of(case.args[1], stride=1)),
)
