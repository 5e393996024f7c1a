"""Rows that add up to 1."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.draws import positive
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays


def _cases(rng: np.random.Generator) -> list[Case]:
    return [
        Case("square", arrays(positive(rng, 3, 3)), "three rows of three"),
        Case("wide", arrays(positive(rng, 2, 5)), "two rows of five"),
    ]


QUESTION = Question(
    place=__file__,
    title="Shares",
    task="divide each row by its sum",
    name="shares",
    points=3,
    library="numpy",
    groups=(Group("square", 0.5), Group("wide", 0.5)),
    draw=_cases,
    reference=lambda x: x / x.sum(axis=1, keepdims=True),
    mistakes=(
        Mistake(
            "of_columns", "The columns add up to 1.", "Which axis runs along a row?", (("axis=1", "axis=0"),)
        ),
        Mistake(
            "of_everything",
            "All numbers together add up to 1.",
            "How many sums are there?",
            (("x.sum(axis=1, keepdims=True)", "x.sum()"),),
        ),
        Mistake(
            "of_the_largest",
            "The largest of each row is 1.",
            "By what is each row divided?",
            (("x.sum(", "x.max("),),
        ),
    ),
    hints=("A share is a part of a sum.", "Sum along each row.", "keepdims=True keeps the axis."),
)
