"""Running sums, with a loop."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.draws import distinct
from poolgrader.questions.question import Case, Cell, Group, Mistake, Question, arrays


def _cases(rng: np.random.Generator) -> list[Case]:
    return [
        Case("short rows", arrays(distinct(rng, 1)), "one number"),
        Case("short rows", arrays(distinct(rng, 4)), "four numbers"),
        Case("long rows", arrays(distinct(rng, 30)), "thirty numbers"),
        Case("float32", arrays(distinct(rng, 6).astype(np.float32)), "float32"),
    ]


def _before(case: Case, cell: Cell, shape: tuple[int, int]) -> list[Cell]:
    return [(cell[0], column) for column in range(cell[1] + 1)]


QUESTION = Question(
    place=__file__,
    title="Running sums",
    task="compute running sums with a loop",
    name="running_sum",
    points=4,
    library="numpy",
    groups=(Group("short rows", 0.5), Group("long rows", 0.25), Group("float32", 0.25)),
    draw=_cases,
    reference=np.cumsum,
    outline=_before,
    mistakes=(
        Mistake(
            "one_late",
            "Each sum leaves its own number out.",
            "Is the number added before or after it is written?",
            (("y[i] = total", "y[i] = total - x[i]"),),
        ),
        Mistake(
            "sign_lost",
            "Negative numbers were added as positive ones.",
            "What does abs do here?",
            (("total + x[i]", "total + abs(x[i])"),),
        ),
        Mistake(
            "always_float64",
            "The output is float64 whatever came in.",
            "Which dtype does the output get?",
            (("np.empty_like(x)", "np.empty(len(x))"),),
        ),
    ),
    hints=(
        "A running sum grows by one number a step.",
        "Keep the total in a variable.",
        "y[i] is the total after x[i] was added.",
    ),
)
