"""Predict three padded rows on paper."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit import reference
from poolkit.windows import Window

NAMES = ("the maximum", "the average, padding counted", "the average, padding not counted")


def _predict() -> tuple[list[float], list[float], list[float]]:
    row, window = np.array([-3.0, -9.0, -6.0]), Window.of(3, 1, 1, axes=1)
    return (
        reference.max_pool(row, window).tolist(),
        reference.avg_pool(row, window).tolist(),
        reference.avg_pool(row, window, count_include_pad=False).tolist(),
    )


def _predict_cases(rng: np.random.Generator) -> list[Case]:
    return [Case(name, part=(index,), note=f"the row of {name}") for index, name in enumerate(NAMES)]


_PREDICTED = "[-3, -3, -6], [-4, -6, -5], [-6, -6, -7.5]"

MISTAKES = (
    Mistake(
        "zero_padding",
        "The first and the last maximum are 0, though every number is negative: the padding won.",
        "Which number can never win a maximum?",
        ((_PREDICTED, "[0, -3, 0], [-4, -6, -5], [-6, -6, -7.5]"),),
    ),
    Mistake(
        "count_swapped",
        "The two averages changed places.",
        "By which number is the first window divided if its padded cell does not count?",
        ((_PREDICTED, "[-3, -3, -6], [-6, -6, -7.5], [-4, -6, -5]"),),
    ),
    Mistake(
        "always_counted",
        "Both averages are those that count the padding.",
        "How many real cells does the first window hold?",
        ((_PREDICTED, "[-3, -3, -6], [-4, -6, -5], [-4, -6, -5]"),),
    ),
    Mistake(
        "never_counted",
        "Both averages are those that leave the padding out.",
        "How many cells does the first window hold, padding included?",
        ((_PREDICTED, "[-3, -3, -6], [-6, -6, -7.5], [-6, -6, -7.5]"),),
    ),
    Mistake(
        "padding_ignored",
        "There is one output a row, as without padding.",
        "How long is the row after one cell was added at either end?",
        ((_PREDICTED, "[-3], [-6], [-6]"),),
    ),
    Mistake(
        "cut_to_whole",
        "One mean is no whole number, and its fraction was cut off.",
        "What is -15 / 2?",
        ((_PREDICTED, "[-3, -3, -6], [-4, -6, -5], [-6, -6, -7]"),),
    ),
    Mistake(
        "furthest_from_zero",
        "The maximum row holds the numbers that are furthest from 0.",
        "Which is greater, -3 or -9?",
        ((_PREDICTED, "[-9, -9, -9], [-4, -6, -5], [-6, -6, -7.5]"),),
    ),
    Mistake(
        "edge_repeated",
        "The padded cells hold their neighbour. For an average that is a third rule, and not one of the two.",
        "What does a padded cell add to the sum of its window?",
        ((_PREDICTED, "[-3, -3, -6], [-5, -6, -7], [-5, -6, -7]"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Predict",
    task="Predict three padded rows",
    name="predict",
    points=2,
    library="numpy",
    groups=(Group(NAMES[0], 0.3), Group(NAMES[1], 0.35), Group(NAMES[2], 0.35)),
    draw=_predict_cases,
    reference=_predict,
    mistakes=MISTAKES,
    hints=(
        (
            "Write the row with one empty cell at either end. Which value may it hold so that no maximum "
            "changes?"
        ),
        "For an average the empty cells add nothing to the sum. The two rules differ in what you divide by.",
        (
            "First window: -3 and -9, and one padded cell. The sum is -12. Divide by 3 where padding counts, "
            "by 2 where it does not."
        ),
    ),
    loose=True,
)
