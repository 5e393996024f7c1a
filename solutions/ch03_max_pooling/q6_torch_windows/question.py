"""Max pool in torch, without loops, with a gradient."""

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


def _case(rng: Generator, group: str, x: Any, k: int, s: int, note: str) -> Case:
    """Return a case with an input, and with a gradient of its output in the same dtype."""
    import torch

    from poolgrader.calls.values import Array as Plain
    from poolgrader.calls.values import describe

    size = Window.of(k, s).output_size(x.shape[-2:])
    cotangent = describe(torch.from_numpy(distinct(rng, *x.shape[:2], *size)).to(x.dtype))
    assert isinstance(cotangent, Plain)
    return Case(group, arrays(x, k, s), note, cotangent=cotangent)


def _torch_cases(rng: Generator) -> list[Case]:
    import torch

    def case(
        group: str,
        shape: tuple[int, ...],
        k: int,
        s: int,
        note: str,
        dtype: Any = torch.float64,
        low: float = 0.0,
    ) -> Case:
        values = low * positive(rng, *shape) if low else distinct(rng, *shape)
        return _case(rng, group, torch.from_numpy(values).to(dtype), k, s, note)

    holed = distinct(rng, 1, 2, 5, 6)
    holed[0, 1, 2, 3] = np.nan
    both = "values and gradient"
    return [
        case(both, (2, 3, 6, 6), 2, 2, "windows side by side"),
        case(both, (1, 2, 8, 6), 3, 2, "overlapping windows"),
        case(both, (1, 2, 8, 7), 2, 3, "a stride larger than the kernel"),
        case(both, (1, 1, 5, 5), 3, 1, "one winner shared by several windows"),
        case(both, (1, 1, 5, 5), 3, 1, "every value is below -1e300", low=-1e300),
        Case(both, arrays(torch.from_numpy(holed), 2, 1), "one NaN; the values alone"),
        case("dtype", (1, 2, 5, 4), 2, 1, "float32", torch.float32),
        case("dtype", (1, 1, 5, 4), 2, 1, "float32, every value is below -1e36", torch.float32, -1e36),
        case("dtype", (1, 2, 6, 6), 2, 2, "bfloat16", torch.bfloat16),
    ]


def _anywhere(rng: Generator) -> Case:
    """Draw no ties, and no windows of one cell.

    The question does not say which of several equal values gets the gradient, nor whether the output of
    windows of one cell may be a view of `x`.
    """
    import torch

    k, s = int(rng.integers(2, 5)), int(rng.integers(1, 5))
    shape = [*rng.integers(1, 3, size=2), *(k + rng.integers(5, size=2))]
    count = int(np.prod(shape))
    values = rng.permutation(count).reshape(shape) - rng.integers(count + 1)
    dtype = (torch.float64, torch.float32, torch.float16, torch.bfloat16)[rng.integers(4)]
    x = torch.from_numpy(values * 2.0 ** rng.integers(-5, 6)).to(dtype)
    if rng.random() < 0.2:
        x[torch.from_numpy(rng.random(x.shape) < 0.1)] = np.nan
        return Case("dtype", arrays(x, k, s))
    return _case(rng, "dtype", x, k, s, "")


MISTAKES = (
    Mistake(
        "gradient_cut",
        "The values are right, but no gradient reaches the input: somewhere torch can no longer follow the "
        "numbers back to x.",
        "Print `.requires_grad` of the tensor after each line. Which line turns it from True to False?",
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
    anywhere=_anywhere,
    reference=_in_torch,
    mistakes=MISTAKES,
    hints=(
        "If all windows had axes of their own, one reduction would be enough.",
        (
            "x.unfold(axis, size, step) adds a last axis that holds the windows along one axis. You need it "
            "twice."
        ),
        (
            "After two unfolds the axes are n, c, output rows, output columns, kernel rows, kernel columns: "
            "reduce the last two."
        ),
    ),
    call="gradient",
    outline=OutlinedWindow(lambda case: Window.of(*case.args[1:])),
)
