"""Average in torch, with a gradient, with padding that counts or does not."""

from __future__ import annotations

from typing import Any

import numpy as np

from poolgrader.questions.draws import anything, distinct
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit.windows import Window

from ...outlines import OutlinedWindow
from ...planes import a_length, a_number


def _in_torch(x: Any, kernel_size: int, stride: int, padding: int, count_include_pad: bool) -> Any:
    from poolkit import functional

    return functional.avg_pool2d(x, kernel_size, stride, padding, count_include_pad=count_include_pad)


def _torch_cases(rng: np.random.Generator) -> list[Case]:
    import torch

    from poolgrader.calls.values import Array as Plain
    from poolgrader.calls.values import describe

    def case(
        group: str,
        shape: tuple[int, ...],
        k: int,
        s: int,
        p: int,
        count: bool,
        note: str,
        dtype: Any = torch.float64,
        holes: bool = False,
    ) -> Case:
        x = torch.from_numpy(distinct(rng, *shape)).to(dtype)
        if holes:
            x[..., ::2, ::2] = 0.0
        size = Window.of(k, s, p).output_size(shape[-2:])
        cotangent = describe(torch.from_numpy(distinct(rng, *shape[:2], *size)).to(dtype))
        assert isinstance(cotangent, Plain)
        return Case(group, arrays(x, k, s, p, count), note, cotangent=cotangent)

    counted, left_out = "padding counted", "padding not counted"
    return [
        case(counted, (2, 3, 6, 6), 2, 2, 0, True, "no padding"),
        case(counted, (1, 2, 8, 6), 3, 2, 1, True, "3 by 3, stride 2, padding 1"),
        case(left_out, (1, 2, 5, 5), 3, 1, 1, False, "3 by 3, padding 1, not counted"),
        case(left_out, (1, 1, 6, 5), 4, 2, 2, False, "4 by 4, padding 2, not counted"),
        case(left_out, (2, 1, 6, 8), 3, 2, 1, False, "3 by 3, stride 2, padding 1, not counted"),
        case(left_out, (1, 1, 4, 4), 3, 1, 1, False, "some cells hold 0, padding not counted", holes=True),
        case("dtype", (1, 1, 4, 4), 3, 1, 1, False, "float32, not counted", torch.float32),
        case("dtype", (1, 1, 4, 4), 3, 1, 1, False, "bfloat16, not counted", torch.bfloat16),
    ]


def _any_batch(rng: np.random.Generator) -> Case:
    """Draw any numbers and windows, padding up to half of the kernel, and any float dtype."""
    import torch

    from poolgrader.calls.values import Array as Plain
    from poolgrader.calls.values import describe

    k, s = a_number(rng, 1, 5), a_number(rng, 1, 6)
    p = a_number(rng, 0, k // 2)
    shape = (
        a_number(rng, 1, 3),
        a_number(rng, 1, 3),
        a_length(rng, k, s, 2 * p),
        a_length(rng, k, s, 2 * p),
    )
    dtype = (torch.float64, torch.float32, torch.float16, torch.bfloat16)[rng.integers(4)]
    values, sent = (
        anything(rng, *shape),
        anything(rng, *shape[:2], *Window.of(k, s, p).output_size(shape[2:])),
    )
    if dtype != torch.float64:
        values, sent = values.clip(-100, 100), sent.clip(-100, 100)
    cotangent = describe(torch.from_numpy(sent).to(dtype))
    assert isinstance(cotangent, Plain)
    given = (torch.from_numpy(values).to(dtype), k, s, p, bool(rng.random() < 0.5))
    return Case("dtype", arrays(*given), cotangent=cotangent)


_ONES = "ones = torch.ones_like(x)"
_COUNTED = "if count_include_pad:"

MISTAKES = (
    Mistake(
        "always_counted",
        "The padding always counts.",
        "Which windows hold fewer real cells than the kernel has?",
        ((_COUNTED, "if True:"),),
    ),
    Mistake(
        "never_counted",
        "The padding never counts.",
        "Where does count_include_pad decide?",
        ((_COUNTED, "if False:"),),
    ),
    Mistake(
        "count_inverted",
        "Padding counts where it should not, and does not where it should.",
        "What does count_include_pad=True say about the divisor?",
        ((_COUNTED, "if not count_include_pad:"),),
    ),
    Mistake(
        "zeros_not_counted",
        "Cells that hold 0 were taken for padding.",
        "What tells a padded cell from a real one that holds 0: its number, or its place?",
        ((_ONES, "ones = (x != 0).to(x)"),),
    ),
    Mistake(
        "gradient_cut",
        "The values are right, but no gradient reaches the input: somewhere torch can no longer follow the "
        "numbers back to x.",
        "Print `.requires_grad` of the tensor after each line. Which line turns it from True to False?",
        (("sums = window_sums(x)", "sums = window_sums(x.detach())"),),
    ),
    Mistake(
        "sum",
        "These are the sums of the windows.",
        "What turns a sum into an average?",
        (
            ("return sums / kernel_size**2", "return sums"),
            ("return sums / window_sums(ones)", "return sums"),
        ),
    ),
    Mistake(
        "stride_is_kernel",
        "The windows always stand side by side: the stride that was given is not used.",
        "Which argument of unfold is the step?",
        (
            (
                "unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)",
                "unfold(2, kernel_size, kernel_size).unfold(3, kernel_size, kernel_size)",
            ),
        ),
    ),
    Mistake(
        "dtype_lost",
        "The values are right, but bfloat16 came back as float32.",
        "What dtype do the ones have that you divide by?",
        ((_ONES, "ones = torch.ones(x.shape, device=x.device)"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="In torch, with a gradient",
    task="Average in torch, without its pooling, so that gradients flow",
    name="avg_pool2d_torch",
    points=2,
    library="torch",
    groups=(
        Group("padding counted", 0.4),
        Group("padding not counted", 0.4),
        Group("dtype", 0.2, facts=("dtype",)),
    ),
    draw=_torch_cases,
    anywhere=_any_batch,
    reference=_in_torch,
    mistakes=MISTAKES,
    hints=(
        (
            "If the padding holds zeros, the sum of a window is right. How could you count the real "
            "cells of a window with the same code?"
        ),
        (
            "torch.nn.functional.pad adds zeros around the last two axes: it takes left, right, top, bottom. "
            "Then unfold twice and sum."
        ),
        (
            "Sum the windows of x, and sum the windows of a tensor of ones with the shape and dtype of "
            "x, padded in the same way: that is the divisor."
        ),
    ),
    call="gradient",
    outline=OutlinedWindow(lambda case: Window.of(*case.args[1:4])),
)
