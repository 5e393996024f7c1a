"""Generalised mean pooling in torch, with gradients to the input and to p."""

from __future__ import annotations

from typing import Any

import numpy as np

from poolgrader.questions.draws import anything, distinct, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

VALUES, CLAMPED, LARGE, BELOW = "values and gradients", "numbers below eps", "large p", "p below 0"


def _gem(x: Any, p: Any, eps: float) -> Any:
    from poolkit.functional import gem_pool

    return gem_pool(x, p, eps).flatten(1)


def _case(
    rng: np.random.Generator, group: str, x: Any, p: list[float], eps: float, note: str, dtype: Any
) -> Case:
    import torch

    from poolgrader.calls.values import Array as Plain
    from poolgrader.calls.values import describe

    inputs, powers = torch.from_numpy(x).to(dtype), torch.tensor(p, dtype=dtype)
    cotangent = describe(torch.from_numpy(distinct(rng, *x.shape[:2])).to(dtype))
    assert isinstance(cotangent, Plain)
    return Case(group, arrays(inputs, powers, eps), note, cotangent=cotangent)


def _anywhere(rng: np.random.Generator) -> Case:
    import torch

    n, c, h, w = (int(size) for size in rng.integers(1, (3, 4, 5, 5)))
    x = anything(rng, n, c, h, w) * rng.choice([-1, 1])
    largest = np.abs(x).max()
    powers = [0.3, 1.0, 2.3, 7.0, 200.0, 260.3] + ([-0.7, -3.0] if largest < 1000 else [])
    dtype = torch.float32 if largest < 1e6 and rng.integers(2) else torch.float64
    return _case(rng, VALUES, x, rng.choice(powers, c).tolist(), float(rng.choice([1e-6, 0.125])), "", dtype)


def _cases(rng: np.random.Generator) -> list[Case]:
    import torch

    def case(group: str, x: Any, p: list[float], eps: float, note: str, dtype: Any = torch.float64) -> Case:
        plane = x[0, -1]
        greatest = np.unravel_index(plane.argmax(), plane.shape)
        # An answer that divides by the first cell instead of the largest must be wrong: swap the two.
        plane[greatest], plane[0, 0] = (plane[0, 0], plane[greatest])
        return _case(rng, group, x, p, eps, note, dtype)

    def broken(low: int, high: int) -> float:
        """A number that no floating dtype represents exactly."""
        return int(rng.integers(low, high)) + float(rng.choice([0.1, 0.3, 0.7, 0.9]))

    def above(*shape: int) -> Any:
        return -tenths(rng, *shape)

    close = 19 * np.stack([above(3, 4), above(3, 4)])[None]  # in each channel 1.1 to 12.1, times 19
    for channel in close[0]:
        # the second greatest is raised so far that it still counts beside the greatest
        channel[channel == np.sort(channel, axis=None)[-2]] = 0.99 * channel.max()
    towers = np.stack([above(4, 5), 1e-6 * above(4, 5)])[None]
    for channel in towers[0]:
        channel[channel == channel.max()] *= 1e6

    return [
        case(VALUES, above(1, 1, 2, 2), [2.0], 1e-6, "one channel, p = 2"),
        case(
            VALUES,
            above(2, 3, 3, 4),
            [1.0, broken(2, 6), broken(7, 10)],
            1e-6,
            "three channels, each with a p of its own",
        ),
        case(VALUES, above(2, 2, 2, 3), [3.0, 1.5], 1e-6, "float32", torch.float32),
        case(
            CLAMPED,
            1.1 * distinct(rng, 1, 2, 3, 4),
            [3.3, broken(2, 3)],
            0.125,
            "numbers below 0, eps 0.125",
        ),
        case(LARGE, close, [200.3, 260.3], 1e-6, "p of 200 and more: a power overflows"),
        case(
            LARGE, towers, [260.3, 300.1], 1e-9, "p of 200 and more, one cell is far greater than the others"
        ),
        case(BELOW, above(1, 2, 2, 3), [-1.1, -broken(2, 3)], 1e-6, "p below 0"),
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
        "Print `.requires_grad` of the tensor after each line. Which line turns it from True to False?",
        (("powers = p[:, None]", "powers = p.detach()[:, None]"),),
    ),
    Mistake(
        "input_learns_nothing",
        "The values are right, but no gradient reaches the input: somewhere torch can no longer follow the "
        "numbers back to x.",
        "Print `.requires_grad` of the tensor after each line. Which line turns it from True to False?",
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
        (
            "A generalised mean of numbers that are all divided by the same number is itself divided by that "
            "number. Divide by the largest, and multiply at the end."
        ),
        (
            "Flatten the two spatial axes, clamp from below with eps, divide by amax over the last axis. p "
            "needs a further axis so that it lines up with the channels: its shape must be c, 1."
        ),
    ),
    call="gradient",
    anywhere=_anywhere,
)
