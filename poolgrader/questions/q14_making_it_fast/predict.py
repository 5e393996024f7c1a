"""14.1: predict how many comparisons one output takes, by three methods."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question

KERNEL = 9
NAMES = ("every cell of the window", "two passes", "doubling")


def _predict() -> tuple[int, ...]:
    steps = int(np.ceil(np.log2(KERNEL)))
    return KERNEL * KERNEL - 1, 2 * (KERNEL - 1), 2 * steps


def _cases(rng: np.random.Generator) -> list[Case]:
    return [Case(name, part=(index,), note=name) for index, name in enumerate(NAMES)]


_PREDICTED = "80, 16, 8"


def _instead(numbers: str) -> tuple[tuple[str, str], ...]:
    return ((_PREDICTED, numbers),)


MISTAKES = (
    Mistake(
        "cells_counted",
        "These are numbers of cells. The largest of two numbers takes one comparison.",
        "How many comparisons find the largest of 2 numbers, and of 3?",
        _instead("81, 18, 8"),
    ),
    Mistake(
        "one_axis",
        "This is the cost along one axis. There are two.",
        "What is done to the columns after the rows?",
        _instead("80, 8, 4"),
    ),
    Mistake(
        "passes_multiplied",
        "The costs of the two passes were multiplied. One comes after the other.",
        "Does the second pass look at every column again for each row?",
        _instead("80, 64, 16"),
    ),
    Mistake(
        "doubling_rounded_down",
        "With three steps a window reaches over 8 cells. It should reach over 9.",
        "How far does a window reach after 1, 2 and 3 steps?",
        _instead("80, 16, 6"),
    ),
    Mistake(
        "length_as_area",
        "The window was taken for a row of 9 cells.",
        "How many cells do 9 rows of 9 have?",
        _instead("8, 16, 8"),
    ),
)

QUESTION = Question(
    id="14.1",
    title="Predict",
    name="predict",
    points=2,
    library="numpy",
    groups=(Group(NAMES[0], 0.3), Group(NAMES[1], 0.35), Group(NAMES[2], 0.35)),
    draw=_cases,
    reference=_predict,
    mistakes=MISTAKES,
    hints=(
        "The largest of m numbers takes m - 1 comparisons: all but one must lose once.",
        "Two passes: 9 numbers of a row, then 9 of these maxima above each other. Doubling replaces the 8 comparisons of each pass.",
        "Doubling reaches over 2, 4, 8 cells, and one more step makes it 9. That is four steps along each axis.",
    ),
    loose=True,
)
