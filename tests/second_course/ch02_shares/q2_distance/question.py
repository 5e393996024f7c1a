"""A squared distance with gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from poolgrader.calls.values import Array, describe
from poolgrader.questions.draws import distinct
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays


def _distance(x: Any, y: Any) -> Any:
    return ((x - y) ** 2).sum()


def _cases(rng: np.random.Generator) -> list[Case]:
    import torch

    cotangent = describe(torch.tensor(2.0, dtype=torch.float64))
    assert isinstance(cotangent, Array)

    def case(group: str, *shape: int) -> Case:
        x, y = (torch.from_numpy(distinct(rng, *shape)) for _ in range(2))
        return Case(group, arrays(x, y), cotangent=cotangent)

    return [case("rows", 3), case("planes", 2, 4)]


QUESTION = Question(
    place=__file__,
    title="Distance",
    task="compute a squared distance in torch, with gradients",
    name="distance",
    points=3,
    library="torch",
    call="gradient",
    groups=(Group("rows", 0.5), Group("planes", 0.5)),
    draw=_cases,
    reference=_distance,
    mistakes=(
        Mistake(
            "one_side_only",
            "No gradient flows into y.",
            "What does detach do?",
            (("x - y", "x - y.detach()"),),
        ),
        Mistake(
            "not_squared",
            "The differences are not squared.",
            "What is done with a difference before the sum?",
            (("difference * difference", "difference"),),
        ),
        Mistake("mean", "This is the mean of the squares.", "Sum or mean?", ((".sum()", ".mean()"),)),
    ),
    hints=("Subtract first.", "Square the differences.", "Then add them up."),
)
