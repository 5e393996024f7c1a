"""Max pool in torch so that the gradient goes to the first of equal values."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, far_below, positive
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit.windows import Window

from ...planes import a_length, a_number, a_pair, crossed
from ..q1_average.question import whole

Generator = np.random.Generator
Array = NDArray[Any]


def _in_torch(x: Any, kernel_size: int, stride: int) -> Any:
    from poolkit import functional

    return functional.max_pool2d(x, kernel_size, stride)


def _cases(rng: Generator) -> list[Case]:
    import torch

    from poolgrader.calls.values import Array as Plain
    from poolgrader.calls.values import describe

    def case(group: str, values: Array, k: int, s: int, note: str) -> Case:
        size = Window.of(k, s).output_size(values.shape[-2:])
        cotangent = describe(torch.from_numpy(whole(rng, *values.shape[:2], *size).astype(values.dtype)))
        assert isinstance(cotangent, Plain)
        return Case(group, arrays(torch.from_numpy(values), k, s), note, cotangent=cotangent)

    ramp = np.repeat(np.arange(1.0, 4.0), 2)[None, None, None] * np.ones((1, 1, 6, 1))
    distinct, ties = "no ties", "ties"
    return [
        case(distinct, positive(rng, 2, 3, 4, 6), 2, 2, "windows side by side"),
        case(distinct, positive(rng, 1, 2, 10, 12), 3, 2, "overlapping windows"),
        case(distinct, positive(rng, 1, 1, 3, 4).astype(np.float32), 2, 1, "stride 1, float32"),
        case(distinct, far_below(rng, 1, 1, 6, 6), 2, 2, "every value is below -1e299"),
        case(ties, np.full((1, 1, 2, 2), 3.0), 2, 2, "one window of equal values"),
        case(ties, np.zeros((1, 2, 4, 4)), 2, 2, "all zeros, as after a ReLU that let nothing through"),
        case(ties, ramp, 3, 3, "columns of equal values"),
        case(ties, crossed(rng, 2, 3)[None, None], 2, 2, "equal winners in two rows and two columns"),
    ]


def _any_batch(rng: Generator) -> Case:
    """Draw any numbers, with ties or without, any float dtype, and any window of more than one cell.

    With windows of one cell, the output may be a view of x.
    """
    import torch

    from poolgrader.calls.values import Array as Plain
    from poolgrader.calls.values import describe

    k, s = a_number(rng, 2, 4), a_number(rng, 1, 5)
    shape = (*a_pair(rng, 1, 3), a_length(rng, k, s), a_length(rng, k, s))
    dtype = (torch.float64, torch.float32, torch.float16, torch.bfloat16)[rng.integers(4)]
    values = anything(rng, *shape) if dtype == torch.float64 else anything(rng, *shape).clip(-6e4, 6e4)
    sent = rng.integers(-9, 10, size=(*shape[:2], *Window.of(k, s).output_size(shape[2:])))
    cotangent = describe(torch.from_numpy(sent).to(dtype))
    assert isinstance(cotangent, Plain)
    return Case("ties", arrays(torch.from_numpy(values).to(dtype), k, s), cotangent=cotangent)


_GATHER = "return windows.gather(-1, winners).squeeze(-1)"

MISTAKES = (
    Mistake(
        "split_by_amax",
        "Equal winners shared the gradient evenly. That is what amax does.",
        "Which reduction hands back an index, and so has to decide for one cell?",
        ((_GATHER, "return windows.amax(-1)"),),
    ),
    Mistake(
        "split_by_maximum",
        "Equal winners got unequal shares. That is what a chain of torch.maximum gives: each link halves "
        "what it passes on.",
        "What does one torch.maximum do with the gradient of a tie, and what does the next one do with its "
        "half?",
        (
            (
                _GATHER,
                (
                    "y = windows[..., 0]\n    for tap in range(1, windows.shape[-1]):\n"
                    "        y = torch.maximum(y, windows[..., tap])\n    return y"
                ),
            ),
        ),
    ),
    Mistake(
        "tie_last",
        "Of equal winners the last one got the gradient.",
        "From which end does your search begin?",
        (
            (
                "winners = windows.argmax(dim=-1, keepdim=True)",
                "winners = windows.shape[-1] - 1 - windows.flip(-1).argmax(dim=-1, keepdim=True)",
            ),
        ),
    ),
    Mistake(
        "tie_to_all",
        "Each of several equal winners got the whole gradient.",
        "How much gradient leaves one output, and how much may arrive?",
        (
            (
                _GATHER,
                (
                    "best = windows.detach().amax(-1, keepdim=True)\n"
                    "    tied = (windows == best).to(x)\n"
                    "    return best.squeeze(-1) + ((windows - windows.detach()) * tied).sum(-1)"
                ),
            ),
        ),
    ),
    Mistake(
        "average_backward",
        "The values are right, but every cell of a window gets an equal share of the gradient.",
        "Which single cell of the window does its maximum depend on?",
        (
            (
                _GATHER,
                "return windows.detach().amax(-1) + windows.mean(-1) - windows.detach().mean(-1)",
            ),
        ),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Ties in torch",
    task="Let autograd do it, under the rule for ties that you choose",
    name="max_pool2d_first",
    points=2,
    library="torch",
    groups=(Group("no ties", 0.4), Group("ties", 0.6)),
    draw=_cases,
    anywhere=_any_batch,
    reference=_in_torch,
    mistakes=MISTAKES,
    hints=(
        "Your forward pass decides the backward pass: autograd follows the operations you used.",
        (
            "An operation that reads one chosen cell sends its gradient to that cell. Choose the cell first, "
            "then read it."
        ),
        (
            "Put the windows into one last axis, take argmax over it (torch documents that the first of "
            "equal values is returned), and read the chosen tap with gather."
        ),
    ),
    call="gradient",
    shrinks=(),
)
