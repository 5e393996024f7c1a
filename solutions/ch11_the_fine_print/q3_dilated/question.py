"""Dilated max pooling in torch, with a gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from poolgrader.calls.values import describe
from poolgrader.questions.draws import distinct, negative, positive
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit.windows import Window

from ...outlines import OutlinedWindow

Pair = tuple[int, int]
DILATED, PADDED, DEFAULT, DTYPE = "dilation", "padding", "default stride", "dtype"


def _dilated(x: Any, kernel_size: Pair, stride: Pair | None, padding: Pair, dilation: Pair) -> Any:
    from poolkit import functional

    return functional.max_pool2d(x, kernel_size, stride, padding, dilation)


def _cases(rng: np.random.Generator) -> list[Case]:
    import torch

    def case(
        group: str,
        shape: tuple[int, ...],
        setting: tuple[Pair, Pair | None, Pair, Pair],
        note: str,
        dtype: Any = torch.float64,
        scale: float = 1.0,
    ) -> Case:
        # With padding the numbers are negative, so that a border of zeros shows for every seed; without
        # padding signs do not matter.
        draw = positive if setting[2] == (0, 0) else negative
        # No plane has ties within itself, not even in a coarse dtype.
        planes = [draw(rng, *shape[2:]) for _ in range(shape[0] * shape[1])]
        x = torch.from_numpy(scale * np.reshape(planes, shape)).to(dtype)
        size = Window.of(*setting).output_size(shape[-2:])
        cotangent = describe(torch.from_numpy(distinct(rng, *shape[:2], *size)).to(dtype))
        return Case(group, arrays(x, *setting), note, cotangent=cotangent)

    one, none = (1, 1), (0, 0)
    return [
        case(DILATED, (1, 1, 5, 5), ((2, 2), one, none, (2, 2)), "2 by 2, stride 1, dilation 2"),
        case(
            DILATED,
            (2, 2, 9, 8),
            ((2, 3), (4, 1), none, (3, 2)),
            "kernel (2, 3), stride (4, 1), dilation (3, 2)",
        ),
        case(PADDED, (1, 2, 6, 6), ((3, 3), one, one, (2, 2)), "3 by 3, padding 1, dilation 2"),
        case(
            PADDED,
            (1, 1, 5, 8),
            ((2, 4), one, (1, 2), (2, 1)),
            "kernel (2, 4), padding (1, 2), dilation (2, 1)",
        ),
        case(
            PADDED,
            (2, 2, 7, 6),
            ((4, 3), (1, 2), (2, 1), (1, 2)),
            "kernel (4, 3), padding (2, 1), dilation (1, 2)",
        ),
        case(PADDED, (1, 1, 6, 6), ((3, 3), one, one, (2, 2)), "every value is below -1e300", scale=1e300),
        case(PADDED, (1, 1, 6, 6), ((3, 3), one, one, (2, 2)), "float32, below -1e36", torch.float32, 1e36),
        case(
            DEFAULT,
            (2, 3, 12, 11),
            ((2, 3), None, none, (3, 2)),
            "no stride given, kernel (2, 3), dilation (3, 2)",
        ),
        case(DTYPE, (2, 3, 7, 8), ((2, 3), one, none, (3, 2)), "bfloat16", torch.bfloat16),
    ]


def _axis(rng: np.random.Generator, default: bool) -> tuple[int, ...]:
    """Cells, kernel, stride, padding, dilation along one axis, such that every window sees a cell."""
    while True:
        k, d = (int(number) for number in rng.integers(1, 5, 2))
        s = k if default else int(rng.integers(1, 6))
        p, extent = int(rng.integers(k // 2 + 1)), d * (k - 1) + 1
        n = int(rng.integers(max(1, extent - 2 * p), extent + 6))
        starts = range(-p, n + p - extent + 1, s)
        if all(any(0 <= tap < n for tap in range(start, start + extent, d)) for start in starts):
            return n, k, s, p, d


def _anywhere(rng: np.random.Generator) -> Case:
    """Inputs without ties, because the question does not say which of equal taps gets the gradient."""
    import torch

    default = rng.random() < 0.2
    (h, kh, sh, ph, dh), (w, kw, sw, pw, dw) = _axis(rng, default), _axis(rng, default)
    shape = (*(int(number) for number in rng.integers(1, 4, 2)), h, w)
    exact = [torch.float64, torch.float32, torch.float16, torch.bfloat16][: 4 if np.prod(shape) < 120 else 2]
    dtype = exact[rng.integers(len(exact))]
    scale = {torch.float64: 1e300, torch.float32: 1e36}.get(dtype, 1.0) if rng.random() < 0.5 else 1.0
    draw = (distinct, positive, negative)[rng.integers(3)]
    x = torch.from_numpy(scale * draw(rng, *shape)).to(dtype)
    setting = (kh, kw), None if default else (sh, sw), (ph, pw), (dh, dw)
    size = Window.of(*setting).output_size((h, w))
    cotangent = describe(torch.from_numpy(distinct(rng, *shape[:2], *size)).to(dtype))
    return Case(DILATED, arrays(x, *setting), cotangent=cotangent)


_UNFOLD = "padded.unfold(2, tall, sh).unfold(3, wide, sw)"
_PAD = "torch.nn.functional.pad(x, (pw, pw, ph, ph), value=-torch.inf)"

MISTAKES = (
    Mistake(
        "cells_between_seen",
        "The windows see the cells between their taps too.",
        "Which of the cells 0, 1, 2 does a window of 2 with dilation 2 see?",
        (("windows[..., ::dh, ::dw]", "windows"),),
    ),
    Mistake(
        "dilation_ignored",
        "The windows are those of dilation 1.",
        "How far apart are neighbouring taps?",
        (("(dh, dw) = stride, padding, dilation", "(dh, dw) = stride, padding, (1, 1)"),),
    ),
    Mistake(
        "extent_too_long",
        "Windows are missing at the end: each was taken to be longer than it is.",
        "From the first of 2 taps with dilation 2 to the last, how many cells is that?",
        (("tall, wide = dh * (kh - 1) + 1, dw * (kw - 1) + 1", "tall, wide = dh * kh, dw * kw"),),
    ),
    Mistake(
        "dilations_swapped",
        "Rows got the dilation of the columns, and columns that of the rows.",
        "Which entry of dilation belongs to the rows?",
        (("(dh, dw) = stride, padding, dilation", "(dw, dh) = stride, padding, dilation"),),
    ),
    Mistake(
        "paddings_swapped",
        "Rows got the padding of the columns, and columns that of the rows. torch's pad begins with the last "
        "axis.",
        "In which order does torch.nn.functional.pad take its sides?",
        (("(pw, pw, ph, ph)", "(ph, ph, pw, pw)"),),
    ),
    Mistake(
        "zeros_in_the_border",
        "Zeros stand in the border, and win where all real cells of a window are negative.",
        "Which number can never win a maximum?",
        (("value=-torch.inf", "value=0.0"),),
    ),
    Mistake(
        "default_stride_one",
        "Without a stride, the windows moved by 1. The default is the kernel.",
        "What does stride=None stand for?",
        (("stride = kernel_size", "stride = (1, 1)"),),
    ),
    Mistake(
        "default_stride_extent",
        "Without a stride, the windows moved by all the cells that they cover, gaps included. The default is "
        "the kernel.",
        "Does the dilation enter the default stride?",
        (
            (
                "stride = kernel_size",
                "stride = tuple(d * (k - 1) + 1 for k, d in zip(kernel_size, dilation))",
            ),
        ),
    ),
    Mistake(
        "gradient_cut",
        "The values are right, but no gradient reaches the input: somewhere torch can no longer follow the "
        "numbers back to x.",
        "Print `.requires_grad` of the tensor after each line. Which line turns it from True to False?",
        (("pad(x, (", "pad(x.detach(), ("),),
    ),
    Mistake(
        "dtype_lost",
        "The values are right, the dtype is float64 whatever came in.",
        "Which call changes the dtype?",
        (("pad(x, (", "pad(x.double(), ("),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Dilation, with a gradient",
    task="Pool with gaps in the window, in torch, with a gradient",
    name="dilated_max_pool2d",
    points=3,
    library="torch",
    groups=(
        Group(DILATED, 0.4),
        Group(PADDED, 0.3),
        Group(DEFAULT, 0.15),
        Group(DTYPE, 0.15, facts=("dtype",)),
    ),
    draw=_cases,
    anywhere=_anywhere,
    reference=_dilated,
    mistakes=MISTAKES,
    hints=(
        "A dilated window is a longer window of which some cells are left out.",
        (
            "unfold with the whole length that a window covers, gaps included: dilation * (kernel - 1) + 1. "
            "Then keep only the taps."
        ),
        (
            "After two unfolds the last two axes hold one window. A slice with a step of dilation keeps its "
            "taps; amax over both axes gives the maximum. Pad with minus infinity before."
        ),
    ),
    call="gradient",
    outline=OutlinedWindow(lambda case: Window.of(*case.args[1:5])),
)
