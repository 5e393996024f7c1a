"""Predict three pooled rows on paper."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit import reference

Generator = np.random.Generator
Array = NDArray[Any]


def _predict() -> tuple[list[int], list[int], list[int]]:
    row = np.array([3, -1, 0, -2, -5, -4])
    settings = ((3, 1), (2, 2), (3, 2))
    first, second, third = (reference.max_pool_row(row, k, s).tolist() for k, s in settings)
    return first, second, third


def _predict_cases(rng: Generator) -> list[Case]:
    names = ("kernel 3, stride 1", "kernel 2, stride 2", "kernel 3, stride 2")
    return [Case(name, part=(index,), note=f"the row for {name}") for index, name in enumerate(names)]


_PREDICTED = "[3, 0, 0, -2], [3, 0, -4], [3, 0]"

MISTAKES = (
    Mistake(
        "stride_ignored",
        "The second and third rows are as long as with stride 1.",
        "How far does the window move before the next maximum is taken?",
        ((_PREDICTED, "[3, 0, 0, -2], [3, 0, 0, -2, -4], [3, 0, 0, -2]"),),
    ),
    Mistake(
        "absolute",
        "The largest value without its sign was taken: -5 counts as less than -2.",
        "Which is larger, -5 or -2?",
        ((_PREDICTED, "[3, 2, 5, 5], [3, 2, 5], [3, 5]"),),
    ),
    Mistake(
        "absolute_place",
        "The value farthest from zero was taken, sign and all.",
        "Which is larger, -5 or -2?",
        ((_PREDICTED, "[3, -2, -5, -5], [3, -2, -5], [3, -5]"),),
    ),
    Mistake(
        "never_negative",
        "No output is below 0, though some windows hold negative values only.",
        "What is the largest value of [-5, -4]?",
        ((_PREDICTED, "[3, 0, 0, 0], [3, 0, 0], [3, 0]"),),
    ),
    Mistake(
        "tail_kept",
        "The third row has an output for a window that hangs over the end.",
        "Where does the third window of kernel 3, stride 2 begin, and which cells does it need?",
        ((_PREDICTED, "[3, 0, 0, -2], [3, 0, -4], [3, 0, -4]"),),
    ),
    Mistake(
        "minimum",
        "These are the smallest values of the windows.",
        "What does the 'max' in max pooling stand for?",
        ((_PREDICTED, "[-1, -2, -5, -5], [-1, -2, -5], [-1, -5]"),),
    ),
    Mistake(
        "window_missing",
        "The last window of each row is missing.",
        "Does a window that ends exactly at the last cell still fit?",
        ((_PREDICTED, "[3, 0, 0], [3, 0], [3]"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Predict",
    task="Predict three pooled rows",
    name="predict",
    points=2,
    library="numpy",
    groups=(
        Group("kernel 3, stride 1", 0.5),
        Group("kernel 2, stride 2", 0.25),
        Group("kernel 3, stride 2", 0.25),
    ),
    draw=_predict_cases,
    reference=_predict,
    mistakes=MISTAKES,
    hints=(
        "Slide a frame of k cells along the row. How far does it move each time, and where must it stop?",
        (
            "Write every window out before you take a maximum. The second one has three windows, the third "
            "one two."
        ),
        "Kernel 3, stride 1: the windows start at cells 0, 1, 2, 3. Kernel 3, stride 2: at cells 0 and 2.",
    ),
    loose=True,
)
