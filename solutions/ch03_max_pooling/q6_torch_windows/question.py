"""In torch, without loops, with a gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import distinct, positive
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit.windows import Window

from ...outlines import OutlinedWindow

Generator = np.random.Generator
Array = NDArray[Any]


def _in_torch(x: Any, kernel_size: int, stride: int) -> Any:
    from poolkit import functional

    return functional.max_pool2d(x, kernel_size, stride)


def _torch_cases(rng: Generator) -> list[Case]:
    import torch

    from poolgrader.jail.values import Array as Plain
    from poolgrader.jail.values import describe

    def case(
        group: str, shape: tuple[int, ...], k: int, s: int, note: str, dtype: Any = torch.float64, low: float = 0.0
    ) -> Case:
        values = low * positive(rng, *shape) if low else distinct(rng, *shape)
        x = torch.from_numpy(values).to(dtype)
        size = Window.of(k, s).output_size(shape[-2:])
        cotangent = describe(torch.from_numpy(distinct(rng, *shape[:2], *size)).to(dtype))
        assert isinstance(cotangent, Plain)
        return Case(group, arrays(x, k, s), note, cotangent=cotangent)

    return [
        case("values and gradient", (2, 3, 6, 6), 2, 2, "windows side by side"),
        case("values and gradient", (1, 2, 7, 6), 3, 2, "overlapping windows"),
        case("values and gradient", (1, 1, 5, 5), 3, 1, "one winner shared by several windows"),
        case("values and gradient", (1, 1, 5, 5), 3, 1, "every value is below -1e300", low=-1e300),
        case("dtype", (1, 2, 5, 4), 2, 1, "float32", torch.float32),
        case("dtype", (1, 1, 5, 4), 2, 1, "float32, every value is below -1e36", torch.float32, -1e36),
        case("dtype", (1, 1, 4, 4), 2, 2, "bfloat16", torch.bfloat16),
    ]


MISTAKES = (
    Mistake(
        "gradient_cut",
        "The values are right, but no gradient reaches the input.",
        "Which call takes a tensor out of the graph?",
        (("windows = x.unfold", "windows = x.detach().unfold"),),
    ),
    Mistake(
        "stride_is_kernel",
        "The windows always stand side by side: the stride that was given is not used.",
        "Which argument of unfold is the step?",
        (
            (
                "x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)",
                "x.unfold(2, kernel_size, kernel_size).unfold(3, kernel_size, kernel_size)",
            ),
        ),
    ),
    Mistake(
        "stride_ignored",
        "There are as many outputs as with stride 1.",
        "Which argument of unfold is the step?",
        (
            (
                "x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)",
                "x.unfold(2, kernel_size, 1).unfold(3, kernel_size, 1)",
            ),
        ),
    ),
    Mistake(
        "across_channels",
        "Every channel holds the maximum over all channels.",
        "Which axes hold the windows after two unfolds?",
        (
            (
                "windows.amax(dim=(-2, -1))",
                "windows.amax(dim=(1, -2, -1), keepdim=True)[..., 0, 0].expand(-1, x.shape[1], -1, -1)",
            ),
        ),
    ),
    Mistake(
        "average",
        "These are the averages of the windows, and the gradient is spread over all of their cells.",
        "Which cells of a window does its maximum depend on?",
        (("windows.amax(", "windows.mean("),),
    ),
    Mistake(
        "dtype_lost",
        "The values are right, the dtype is float64 whatever came in.",
        "Which call changes the dtype?",
        (("windows = x.unfold", "windows = x.double().unfold"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="In torch, with a gradient",
    task="Pool in torch, without loops and without its pooling, so that gradients flow",
    name="max_pool2d_torch",
    points=2,
    library="torch",
    groups=(Group("values and gradient", 0.8), Group("dtype", 0.2, facts=("dtype",))),
    draw=_torch_cases,
    reference=_in_torch,
    mistakes=MISTAKES,
    hints=(
        "If all windows stood in axes of their own, one reduction would be enough.",
        "x.unfold(axis, size, step) adds a last axis that holds the windows along one axis. You need it twice.",
        "After two unfolds the axes are n, c, output rows, output columns, kernel rows, kernel columns: reduce the last two.",
    ),
    call="gradient",
    outline=OutlinedWindow(lambda case: Window.of(*case.args[1:])),
)
