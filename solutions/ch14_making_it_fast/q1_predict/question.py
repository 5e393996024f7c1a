"""Predict how many comparisons one output takes, by three methods."""

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


_CELLS, _PASSES, _DOUBLING = "80,", "16,", ", 8"  # each occurs once in "80, 16, 8"

MISTAKES = (
    Mistake(
        "cells_counted",
        "This is the number of cells. The largest of two numbers takes one comparison.",
        "How many comparisons find the largest of 2 numbers, and of 3?",
        ((_CELLS, "81,"),),
    ),
    Mistake(
        "length_as_area",
        "The window was taken for a row of 9 cells.",
        "How many cells do 9 rows of 9 have?",
        ((_CELLS, "8,"),),
    ),
    Mistake(
        "cells_of_the_passes_counted",
        "These are the cells that two passes look at. The largest of 9 numbers takes one comparison fewer.",
        "How many comparisons find the largest of 2 numbers, and of 3?",
        ((_PASSES, "18,"),),
    ),
    Mistake(
        "one_pass",
        "This is the cost of one pass. There are two.",
        "What is done to the columns after the rows?",
        ((_PASSES, "8,"),),
    ),
    Mistake(
        "passes_multiplied",
        "The costs of the two passes were multiplied. One comes after the other.",
        "Does the second pass look at every column again for each row?",
        ((_PASSES, "64,"),),
    ),
    Mistake(
        "doubling_along_one_axis",
        "This is the cost of doubling along one axis. There are two.",
        "What is done to the columns after the rows?",
        ((_DOUBLING, ", 4"),),
    ),
    Mistake(
        "doubling_rounded_down",
        "With three steps a window reaches over 8 cells. It should reach over 9.",
        "How far does a window reach after 1, 2 and 3 steps?",
        ((_DOUBLING, ", 6"),),
    ),
    Mistake(
        "doubling_multiplied",
        "The steps of the two passes were multiplied. One comes after the other.",
        "Does the second pass look at every column again for each row?",
        ((_DOUBLING, ", 16"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Predict",
    task="Predict what three methods cost",
    name="predict",
    points=2,
    library="numpy",
    groups=(Group(NAMES[0], 0.3), Group(NAMES[1], 0.35), Group(NAMES[2], 0.35)),
    draw=_cases,
    reference=_predict,
    mistakes=MISTAKES,
    hints=(
        "Finding the largest of m numbers takes m - 1 comparisons: all but one must lose once.",
        (
            "Two passes: 9 numbers of a row, then 9 of these maxima above each other. Doubling replaces the "
            "8 comparisons of each pass."
        ),
        (
            "Doubling reaches over 2, 4, 8 cells, and one more step makes it 9. That is four steps along "
            "each axis."
        ),
    ),
    loose=True,
)
