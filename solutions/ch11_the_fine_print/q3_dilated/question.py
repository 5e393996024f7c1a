"""Dilated max pooling in torch, with a gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

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

    from poolgrader.jail.values import Array as Plain
    from poolgrader.jail.values import describe

    def case(
        group: str,
        shape: tuple[int, ...],
        setting: tuple[Pair, Pair | None, Pair, Pair],
        note: str,
        dtype: Any = torch.float64,
        scale: float = 1.0,
    ) -> Case:
        # Below zero where there is a border, so that zeros in it show in every draw; elsewhere signs do not matter.
        draw = positive if setting[2] == (0, 0) else negative
        x = torch.from_numpy(scale * draw(rng, *shape)).to(dtype)
        size = Window.of(*setting).output_size(shape[-2:])
        cotangent = describe(torch.from_numpy(distinct(rng, *shape[:2], *size)).to(dtype))
        assert isinstance(cotangent, Plain)
        return Case(group, arrays(x, *setting), note, cotangent=cotangent)

    one, none = (1, 1), (0, 0)
    return [
        case(DILATED, (1, 1, 5, 5), ((2, 2), one, none, (2, 2)), "2 by 2, stride 1, dilation 2"),
        case(DILATED, (2, 2, 7, 8), ((2, 3), (2, 1), none, (3, 2)), "kernel (2, 3), stride (2, 1), dilation (3, 2)"),
        case(PADDED, (1, 2, 6, 6), ((3, 3), one, one, (2, 2)), "3 by 3, padding 1, dilation 2"),
        case(PADDED, (1, 1, 5, 8), ((2, 4), one, (1, 2), (2, 1)), "kernel (2, 4), padding (1, 2), dilation (2, 1)"),
        case(PADDED, (1, 1, 6, 6), ((3, 3), one, one, (2, 2)), "every value is below -1e300", scale=1e300),
        case(PADDED, (1, 1, 6, 6), ((3, 3), one, one, (2, 2)), "float32, below -1e36", torch.float32, 1e36),
        case(DEFAULT, (1, 1, 9, 9), ((2, 2), None, none, (3, 3)), "no stride given, dilation 3"),
        case(DTYPE, (1, 1, 5, 5), ((2, 2), one, none, (2, 2)), "bfloat16", torch.bfloat16),
    ]


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
        "Rows got the padding of the columns, and columns that of the rows. torch's pad begins with the last axis.",
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
        "Without a stride, the windows moved by all the cells that they cover, gaps included. The default is the kernel.",
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
        "The values are right, but no gradient reaches the input.",
        "Which call takes a tensor out of the graph?",
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
    groups=(Group(DILATED, 0.4), Group(PADDED, 0.3), Group(DEFAULT, 0.15), Group(DTYPE, 0.15, facts=("dtype",))),
    draw=_cases,
    reference=_dilated,
    mistakes=MISTAKES,
    hints=(
        "A dilated window is a longer window of which some cells are left out.",
        "unfold with the whole length that a window covers, gaps included: dilation * (kernel - 1) + 1. Then keep only the taps.",
        "After two unfolds the last two axes hold one window. A slice with a step of dilation keeps its taps; amax over both axes "
        "gives the maximum. Pad with minus infinity before.",
    ),
    call="gradient",
    outline=OutlinedWindow(lambda case: Window.of(*case.args[1:5])),
)
