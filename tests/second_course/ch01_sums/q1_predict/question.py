"""Predict three running sums."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question

GROUPS = tuple(Group(name, share) for name, share in (("first", 0.2), ("second", 0.4), ("third", 0.4)))


def _cases(rng: np.random.Generator) -> list[Case]:
    return [Case(group.name, part=(number,)) for number, group in enumerate(GROUPS)]


QUESTION = Question(
    place=__file__,
    title="Predict",
    task="predict three running sums",
    name="running",
    points=2,
    library="numpy",
    call="value",
    loose=True,
    groups=GROUPS,
    draw=_cases,
    reference=[3, 2, 6],
    mistakes=(
        Mistake(
            "not_added",
            "These are the numbers themselves.",
            "What is added to the second number?",
            (("[3, 2, 6]", "[3, -1, 4]"),),
        ),
        Mistake(
            "sign_lost",
            "The minus sign is lost.",
            "Is 3 + -1 more or less than 3?",
            (("[3, 2, 6]", "[3, 4, 8]"),),
        ),
        Mistake(
            "backwards",
            "These sums start at the end.",
            "Which number comes first?",
            (("[3, 2, 6]", "[6, 3, 4]"),),
        ),
    ),
    hints=(
        "Each sum holds all numbers so far.",
        "Start from the first number.",
        "Add the next number to the last sum.",
    ),
)
