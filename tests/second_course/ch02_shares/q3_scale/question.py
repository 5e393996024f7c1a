"""A module that multiplies and adds."""

from __future__ import annotations

from typing import Any

import numpy as np

from poolgrader.questions.draws import distinct
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays


class _Scale:
    def __init__(self, factor: float, offset: float) -> None:
        self.factor, self.offset = factor, offset

    def __call__(self, x: Any) -> Any:
        return x * self.factor + self.offset


def _cases(rng: np.random.Generator) -> list[Case]:
    import torch

    def case(group: str, factor: float, offset: float) -> Case:
        x = torch.from_numpy(distinct(rng, 2, 3))
        return Case(group, arrays(x), init={"factor": factor, "offset": offset})

    return [case("factor", 3.0, 0.0), case("offset", 1.0, -2.0), case("both", 0.5, 4.0)]


QUESTION = Question(
    place=__file__,
    title="Scale",
    task="write a module that multiplies and adds",
    name="Scale",
    points=2,
    library="torch",
    call="module",
    groups=(Group("factor", 0.4), Group("offset", 0.3), Group("both", 0.3)),
    draw=_cases,
    reference=_Scale,
    mistakes=(
        Mistake(
            "offset_first",
            "The offset was added before the product.",
            "What is multiplied: x, or x + offset?",
            (("x * self.factor + self.offset", "(x + self.offset) * self.factor"),),
        ),
        Mistake(
            "no_offset",
            "The offset is missing.",
            "Where is offset used?",
            (("x * self.factor + self.offset", "x * self.factor"),),
        ),
        Mistake(
            "no_factor",
            "The factor is missing.",
            "Where is factor used?",
            (("x * self.factor + self.offset", "x + self.offset"),),
        ),
    ),
    hints=("Keep both numbers in the module.", "Use them in forward.", "x * factor + offset"),
)
