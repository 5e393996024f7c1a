"""Build adaptive average pooling of one plane."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, positive, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit import reference
from poolkit.bins import Bins

from ...planes import a_pair

Generator = np.random.Generator
Array = NDArray[Any]

ONE, EVEN, OVERLAP, MORE = "one bin", "bins that divide", "bins that overlap", "more bins than cells"


def _adaptive(x: Array, outputs: tuple[int, int]) -> Array:
    y: Array = reference.avg_pool(x.astype(np.float64), Bins.adaptive(x.shape, outputs))
    return y


def _cases(rng: Generator) -> list[Case]:
    return [
        Case(ONE, arrays(rng.uniform(1, 20, (4, 5)).round(2), (1, 1)), "one bin: the mean of the plane"),
        Case(ONE, arrays(tenths(rng, 4, 5), (1, 1)), "one bin, values below zero"),
        Case(EVEN, arrays(positive(rng, 4, 6), (2, 2)), "4 by 6 to 2 by 2"),
        Case(EVEN, arrays(tenths(rng, 6, 8), (3, 2)), "6 by 8 to 3 by 2, values below zero"),
        Case(EVEN, arrays(positive(rng, 3, 4), (3, 4)), "as many bins as cells"),
        Case(EVEN, arrays(positive(rng, 4, 4).astype(np.float32), (2, 2)), "4 by 4 to 2 by 2, float32"),
        Case(OVERLAP, arrays(positive(rng, 1, 5), (1, 3)), "5 columns to 3"),
        Case(OVERLAP, arrays(positive(rng, 7, 5), (3, 2)), "7 by 5 to 3 by 2"),
        Case(OVERLAP, arrays(positive(rng, 8, 11), (5, 7)), "8 by 11 to 5 by 7"),
        Case(MORE, arrays(positive(rng, 2, 3), (4, 5)), "2 by 3 to 4 by 5"),
    ]


def _any_plane(rng: Generator) -> Case:
    """Draw any float64, and fewer bins than cells, as many as cells, or more."""
    return Case(OVERLAP, arrays(anything(rng, *a_pair(rng, 1, 9)), a_pair(rng, 1, 12)))


_TOP, _LEFT = "top = i * h // rows", "left = j * w // columns"
_BOTTOM, _RIGHT = "bottom = -(-(i + 1) * h // rows)", "right = -(-(j + 1) * w // columns)"
_MADE = "y = np.empty((rows, columns))"
_MEAN = "x[top:bottom, left:right].mean()"

MISTAKES = (
    Mistake(
        "end_rounded_down",
        "The ends of the bins were rounded down, so they do not overlap where they should.",
        "Where does the first of 3 bins over 5 cells end: what is 5 / 3, rounded up?",
        (
            (_BOTTOM, "bottom = max((i + 1) * h // rows, top + 1)"),
            (_RIGHT, "right = max((j + 1) * w // columns, left + 1)"),
        ),
    ),
    Mistake(
        "start_rounded_up",
        "The starts of the bins were rounded up.",
        "Where does the second of 3 bins over 5 cells start: what is 5 / 3, rounded down?",
        (
            (_TOP, "top = min(-(-i * h // rows), h - 1)"),
            (_BOTTOM, "bottom = max(-(-(i + 1) * h // rows), top + 1)"),
            (_LEFT, "left = min(-(-j * w // columns), w - 1)"),
            (_RIGHT, "right = max(-(-(j + 1) * w // columns), left + 1)"),
        ),
    ),
    Mistake(
        "end_one_further",
        "Every bin ends one cell too late. An end is not included in a slice.",
        "Which cells does x[0:2] hold?",
        ((_BOTTOM, _BOTTOM + " + 1"), (_RIGHT, _RIGHT + " + 1")),
    ),
    Mistake(
        "one_added_always",
        "The ends were rounded down and 1 was added. That is the ceiling only where the division leaves a "
        "rest.",
        "What is 6 / 3, rounded up, and what is 6 // 3 + 1?",
        ((_BOTTOM, "bottom = (i + 1) * h // rows + 1"), (_RIGHT, "right = (j + 1) * w // columns + 1")),
    ),
    Mistake(
        "rounded_to_the_nearest",
        "Starts and ends were rounded to the nearest whole number, so that cells fall between the bins and "
        "some bins are empty.",
        "Which of the two is rounded down, and which up?",
        (
            (_TOP, "top = round(i * h / rows)"),
            (_BOTTOM, "bottom = round((i + 1) * h / rows)"),
            (_LEFT, "left = round(j * w / columns)"),
            (_RIGHT, "right = round((j + 1) * w / columns)"),
        ),
    ),
    Mistake(
        "rest_dropped",
        "All bins got the same length, and the cells left over at the end were dropped.",
        "Into which bin should the last cell go?",
        (
            (_TOP, "top = min(i * max(h // rows, 1), h - 1)"),
            (_BOTTOM, "bottom = top + max(h // rows, 1)"),
            (_LEFT, "left = min(j * max(w // columns, 1), w - 1)"),
            (_RIGHT, "right = left + max(w // columns, 1)"),
        ),
    ),
    Mistake(
        "sum",
        "These are the sums of the bins.",
        "How many cells does each bin hold?",
        ((_MEAN, "x[top:bottom, left:right].sum()"),),
    ),
    Mistake(
        "same_divisor",
        "Every sum was divided by the same number, but the bins do not all hold equally many cells.",
        "How many cells does each of the 3 bins over 5 cells hold?",
        ((_MEAN, "x[top:bottom, left:right].sum() * rows * columns / (h * w)"),),
    ),
    Mistake(
        "maximum",
        "These are the greatest values of the bins.",
        "How much does a value count that is not the greatest?",
        ((_MEAN, "x[top:bottom, left:right].max()"),),
    ),
    Mistake(
        "dtype_kept",
        "The values are right, but float32 came back as float32.",
        "Which dtype does the question ask for, and which does your output get where it is made?",
        ((_MADE, "y = np.empty((rows, columns), dtype=x.dtype)"),),
    ),
    Mistake(
        "outputs_swapped",
        "There are as many rows of bins as there should be columns.",
        "Which entry of outputs belongs to the rows?",
        (("rows, columns = outputs", "columns, rows = outputs"),),
    ),
    Mistake(
        "empty_bins",
        "The ends of the bins were rounded down: bins do not overlap where they should, and some hold no "
        "cell, which gives NaN.",
        "Where does the first of 4 bins over 2 cells end: what is 2 / 4, rounded up?",
        ((_BOTTOM, "bottom = (i + 1) * h // rows"), (_RIGHT, "right = (j + 1) * w // columns")),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Adaptive averages of one plane",
    task="Build adaptive average pooling of one plane",
    name="adaptive_avg_pool_plane",
    points=3,
    library="numpy",
    groups=(Group(ONE, 0.2), Group(EVEN, 0.25), Group(OVERLAP, 0.35), Group(MORE, 0.2)),
    draw=_cases,
    anywhere=_any_plane,
    reference=_adaptive,
    mistakes=MISTAKES,
    hints=(
        "Here the outputs are given, and the windows follow. Work out the bins of one axis first.",
        (
            "Bin o of m over n cells starts at the floor of o * n / m and ends before the ceiling of (o + 1) "
            "* n / m."
        ),
        (
            "In whole numbers: the floor of a / b is a // b, and the ceiling is -(-a // b). Slice the plane "
            "and take its mean."
        ),
    ),
)
