"""Three numbers whose sum depends on the order."""

from __future__ import annotations

import numpy as np

from poolgrader.calls.values import Plain
from poolgrader.questions.question import Case, Group, Mistake, Question


def _cases(rng: np.random.Generator) -> list[Case]:
    return [Case("three floats"), Case("the order matters", hidden="order")]


def _refused(case: Case, value: Plain) -> str:
    if (
        not isinstance(value, list | tuple)
        or len(value) != 3
        or not all(isinstance(one, float) for one in value)
    ):
        return "Three floats were asked for."
    if case.hidden == "order":
        a, b, c = value
        if (a + b) + c == a + (b + c):
            return "All of it is zero." if not any(value) else "Both orders give the same sum."
    return ""


QUESTION = Question(
    place=__file__,
    title="The order matters",
    task="find three numbers whose sum depends on the order",
    name="three_numbers",
    points=3,
    library="numpy",
    groups=(Group("three floats", 0.3), Group("the order matters", 0.7)),
    draw=_cases,
    reference=lambda: (1e16, -1e16, 1.0),
    accepts=_refused,
    mistakes=(
        Mistake(
            "small",
            "These numbers are small enough to be added exactly.",
            "How many digits does a float have?",
            (("1e16, -1e16, 1.0", "1.0, 2.0, 3.0"),),
        ),
        Mistake(
            "zeros",
            "Zeros add up to zero in any order.",
            "Which numbers get lost in a sum?",
            (("1e16, -1e16, 1.0", "0.0, 0.0, 0.0"),),
        ),
        Mistake(
            "two_numbers",
            "Two numbers have one order only.",
            "How many numbers were asked for?",
            (("1e16, -1e16, 1.0", "1e16, -1e16"),),
        ),
    ),
    hints=(
        "A float has some 16 digits.",
        "A large and a small number lose the small one.",
        "Let the two large ones cancel.",
    ),
    shrinks=(),
)
