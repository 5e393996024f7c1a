"""Generalised mean pooling in torch, with gradients to the input and to p."""

from __future__ import annotations

from typing import Any

import numpy as np

from poolgrader.questions.draws import distinct, positive
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

VALUES, CLAMPED, LARGE, BELOW = "values and gradients", "numbers below eps", "large p", "p below 0"


def _gem(x: Any, p: Any, eps: float) -> Any:
    from poolkit.functional import gem_pool

    return gem_pool(x, p, eps).flatten(1)


def _cases(rng: np.random.Generator) -> list[Case]:
    import torch

    from poolgrader.jail.values import Array as Plain
    from poolgrader.jail.values import describe

    def case(group: str, x: Any, p: list[float], eps: float, note: str, dtype: Any = torch.float64) -> Case:
        inputs, powers = torch.from_numpy(x).to(dtype), torch.tensor(p, dtype=dtype)
        cotangent = describe(torch.from_numpy(distinct(rng, *x.shape[:2])).to(dtype))
        assert isinstance(cotangent, Plain)
        return Case(group, arrays(inputs, powers, eps), note, cotangent=cotangent)

    one, other = (float(rng.integers(2, 6)) + 0.5 for _ in range(2))
    return [
        case(VALUES, positive(rng, 1, 1, 2, 2), [2.0], 1e-6, "one channel, p = 2"),
        case(
            VALUES, positive(rng, 2, 3, 3, 4), [1.0, one, other + 4], 1e-6, "three channels, each with a p of its own"
        ),
        case(VALUES, positive(rng, 2, 2, 2, 3), [3.0, 1.5], 1e-6, "float32", torch.float32),
        case(CLAMPED, distinct(rng, 1, 2, 3, 4), [3.0, 2.5], 0.125, "numbers below 0, eps 0.125"),
        case(LARGE, 20 * positive(rng, 1, 2, 3, 4), [200.0, 260.0], 1e-6, "p of 200 and more: a power overflows"),
        case(BELOW, positive(rng, 1, 2, 2, 3), [-1.0, -2.5], 1e-6, "p below 0"),
    ]


_CELLS = "cells = x.flatten(2).clamp(min=eps)"

MISTAKES = (
    Mistake(
        "overflow",
        "The powers overflow: for large p infinity or NaN comes out.",
        "By which number could you divide all cells of a channel beforehand, so that no power is above 1?",
        (("(cells / largest).pow", "cells.pow"), ("largest * mean.pow", "mean.pow")),
    ),
    Mistake(
        "not_clamped",
        "Numbers below eps were raised to the power as they are. A number below 0 has no power of 2.5.",
        "What should stand in for a number below eps?",
        ((_CELLS, "cells = x.flatten(2)"),),
    ),
    Mistake(
        "magnitudes",
        "Magnitudes were taken: a number far below 0 counts as a large one.",
        "What is the greater of -5 and eps?",
        ((_CELLS, "cells = x.abs().flatten(2).clamp(min=eps)"),),
    ),
    Mistake(
        "sum",
        "These are norms: the powers were added up, not averaged.",
        "What is the generalised mean of four equal numbers?",
        ((".mean(dim=2, keepdim=True)", ".sum(dim=2, keepdim=True)"),),
    ),
    Mistake(
        "root_missing",
        "The mean of the powers came back without its root.",
        "What undoes the power p?",
        (("largest * mean.pow(1 / powers)", "mean * largest.pow(powers)"),),
    ),
    Mistake(
        "one_p_for_all",
        "All channels were pooled with the p of the first.",
        "Along which axis of x does p vary?",
        (("powers = p[:, None]", "powers = p[:1, None]"),),
    ),
    Mistake(
        "p_learns_nothing",
        "The values are right, but no gradient reaches p.",
        "Which call takes a tensor out of the graph?",
        (("powers = p[:, None]", "powers = p.detach()[:, None]"),),
    ),
    Mistake(
        "input_learns_nothing",
        "The values are right, but no gradient reaches the input.",
        "Which call takes a tensor out of the graph?",
        ((_CELLS, "cells = x.detach().flatten(2).clamp(min=eps)"),),
    ),
    Mistake(
        "plain_mean",
        "These are plain means: p was not used.",
        "For which p is the generalised mean the mean?",
        (("powers = p[:, None]", "powers = torch.ones_like(p)[:, None]"),),
    ),
    Mistake(
        "eps_added",
        "eps was added to every cell. A cell above eps stays as it is.",
        "What is the greater of 3 and eps?",
        ((_CELLS, "cells = (x + eps).flatten(2)"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="A mean with a p that learns",
    task="Build a generalised mean whose exponent learns",
    name="gem_pool",
    points=3,
    library="torch",
    groups=(Group(VALUES, 0.4), Group(CLAMPED, 0.2), Group(LARGE, 0.25), Group(BELOW, 0.15)),
    draw=_cases,
    reference=_gem,
    mistakes=MISTAKES,
    hints=(
        "Three steps: raise to the power, take the mean, take the root. Then think of what overflows.",
        "A generalised mean of numbers that are all divided by the same number is itself divided by that number. Divide by the "
        "largest, and multiply at the end.",
        "Flatten the two spatial axes, clamp from below with eps, divide by amax over the last axis. p needs a further axis so that it "
        "lines up with the channels: its shape must be c, 1.",
    ),
    call="gradient",
)
