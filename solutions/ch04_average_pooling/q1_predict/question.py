"""Predict three averaged rows on paper."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit import reference
from poolkit.windows import Window

Rows = tuple[list[float], list[float], list[int]]


def _predict() -> Rows:
    row = np.array([6, 0, 3, 9, -3, 0])
    pairs = Window.of(2, axes=1)
    threes = reference.avg_pool(row.astype(float), Window.of(3, stride=1, axes=1))
    return (
        threes.tolist(),
        reference.avg_pool(row.astype(float), pairs).tolist(),
        reference.avg_pool(row, pairs).tolist(),
    )


NAMES = ("kernel 3, stride 1", "kernel 2, stride 2", "kernel 2, stride 2, int64")


def _predict_cases(rng: np.random.Generator) -> list[Case]:
    return [Case(name, part=(index,), note=f"the row for {name}") for index, name in enumerate(NAMES)]


_PREDICTED = "[3, 4, 3, 2], [3, 6, -1.5], [3, 6, -1]"


def _instead(rows: str) -> tuple[tuple[str, str], ...]:
    return ((_PREDICTED, rows),)


MISTAKES = (
    Mistake(
        "sum",
        "These are the sums of the windows. They were not divided.",
        "How many numbers does each window hold?",
        _instead("[9, 12, 9, 6], [6, 12, -3], [6, 12, -3]"),
    ),
    Mistake(
        "divided_by_two",
        "Every sum was divided by 2, also where the window holds 3 numbers.",
        "Where does the divisor of a mean come from?",
        _instead("[4.5, 6, 4.5, 3], [3, 6, -1.5], [3, 6, -1]"),
    ),
    Mistake(
        "maximum",
        "These are the greatest numbers of the windows.",
        "How much does a number count that is not the greatest?",
        _instead("[6, 9, 9, 9], [6, 9, 0], [6, 9, 0]"),
    ),
    Mistake(
        "first_of_each",
        "These are the first numbers of the windows. The others were thrown away unseen.",
        "What became of the second number of each window?",
        _instead("[6, 0, 3, 9], [6, 3, -3], [6, 3, -3]"),
    ),
    Mistake(
        "stride_ignored",
        "The second and third rows are as long as with stride 1.",
        "How far does the window move before the next mean is taken?",
        _instead("[3, 4, 3, 2], [3, 1.5, 6, 3, -1.5], [3, 1, 6, 3, -1]"),
    ),
    Mistake(
        "rounded_down",
        "The third row was rounded down, to -2. Whole numbers are cut towards zero in torch.",
        "Which whole number does one get from -1.5 by striking out what follows the point?",
        _instead("[3, 4, 3, 2], [3, 6, -1.5], [3, 6, -2]"),
    ),
    Mistake(
        "fraction_kept",
        "The third row holds a fraction, which int64 cannot hold.",
        "Which numbers can an array of dtype int64 hold?",
        _instead("[3, 4, 3, 2], [3, 6, -1.5], [3, 6, -1.5]"),
    ),
    Mistake(
        "window_missing",
        "The last window of each row is missing.",
        "Does a window that ends exactly at the last cell still fit?",
        _instead("[3, 4, 3], [3, 6], [3, 6]"),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Predict",
    task="Predict three averaged rows",
    name="predict",
    points=2,
    library="numpy",
    groups=(Group(NAMES[0], 0.4), Group(NAMES[1], 0.3), Group(NAMES[2], 0.3)),
    draw=_predict_cases,
    reference=_predict,
    mistakes=MISTAKES,
    hints=(
        "A mean is a sum divided by how many numbers were added. The frame slides as it does for a maximum.",
        (
            "Write the sums first. There are four windows of 3 with stride 1, and three windows of 2 with "
            "stride 2."
        ),
        (
            "The sums are 9, 12, 9, 6 for windows of 3, and 6, 12, -3 for windows of 2. In int64 torch cuts "
            "what follows the point."
        ),
    ),
    loose=True,
)
