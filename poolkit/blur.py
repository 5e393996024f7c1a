"""Anti-aliased pooling: blur before subsampling, or choose which phase to keep."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from poolkit.arguments import Ints, Padding, read_numbers
from poolkit.errors import PoolingError
from poolkit.inputs import check_input, window_over
from poolkit.sliding import keep_layout, max_pool
from poolkit.windows import Window

PADDING_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def blur_pool2d(
    input: Tensor, filter_size: int = 3, stride: Ints = 2, padding_mode: str = "reflect"
) -> Tensor:
    """Blur with a binomial filter, then keep each ``stride``-th cell.

    :param input: (batch,) channel, height, width.
    :param filter_size: Taps of the filter along each axis: row ``filter_size - 1`` of Pascal's triangle, so
        that 3 is (1, 2, 1) / 4.
    :param stride: Cells from one output to the next.
    :param padding_mode: How the input is continued beyond the border: ``"reflect"``, ``"replicate"``,
        ``"circular"`` or ``"zeros"``.
    :returns: (batch,) channel, height / stride and width / stride, rounded up.
    :raises PoolingError: For a filter that reaches too far beyond the border, or an unknown padding mode.

    Source: Zhang 2019, "Making Convolutional Networks Shift-Invariant Again". Built in chapter 8, Shift and
    aliasing.

    >>> blur_pool2d(torch.tensor([[[0.0, 4.0, 0.0, 4.0]] * 2]), padding_mode="circular")
    tensor([[[2., 2.]]])
    """
    return _blur(input, filter_size, stride, padding_mode, "blur_pool2d")


def max_blur_pool2d(input: Tensor, kernel_size: Ints = 2, stride: Ints = 2, filter_size: int = 3,
                    padding_mode: str = "reflect", padding: Padding = 0) -> Tensor:  # fmt: skip
    """Max pool at stride 1, then :func:`blur_pool2d`: max pooling without its aliasing.

    :param input: (batch,) channel, height, width.
    :param kernel_size: Cells in a window of the maximum.
    :param stride: Cells from one output to the next.
    :param filter_size: Taps of the blur along each axis.
    :param padding_mode: How the blur's input is continued beyond the border, as in :func:`blur_pool2d`.
    :param padding: Cells of minus infinity around the input, for the maximum.
    :returns: (batch,) channel, output height, output width.

    Source: Zhang 2019, "Making Convolutional Networks Shift-Invariant Again". Built in chapter 8, Shift and
    aliasing.

    >>> max_blur_pool2d(torch.tensor([[[0.0, 0.0, 4.0, 0.0, 0.0]] * 3]))
    tensor([[[2., 3.]]])
    """
    operation = "max_blur_pool2d"
    check_input(input, 2, operation)
    largest, _ = max_pool(input, window_over(input, kernel_size, 1, padding, operation=operation))
    return _blur(largest, filter_size, stride, padding_mode, operation)


def polyphase_pool2d(
    input: Tensor, stride: int = 2, norm_type: float = 2.0, return_phase: bool = False
) -> Any:
    """Keep each ``stride``-th cell, of the phase with the largest norm: adaptive polyphase sampling.

    There are ``stride`` times ``stride`` phases, that is, offsets at which the kept cells may begin. Each
    sample of the batch keeps the phase with the largest Lp norm over all channels, or the first of equal
    ones. Then a circular shift of the input only shifts the output circularly, as long as no two phases tie.

    :param input: (batch,) channel, height, width; the stride divides height and width.
    :param stride: Cells from one output to the next.
    :param norm_type: The ``p`` of the norm, above 0.
    :param return_phase: Whether to return also the number of the kept phase, counted in row-major order.
    :returns: (batch,) channel, height / stride, width / stride; with ``return_phase`` a pair, of which the
        second is one number for each sample.
    :raises PoolingError: If the stride does not divide height and width, or ``norm_type`` is not above 0.

    Source: Chaman and Dokmanić 2021, "Truly shift-invariant convolutional neural networks". Built in chapter
    8, Shift and aliasing.

    >>> polyphase_pool2d(torch.tensor([[[0.0, 1.0, 0.0, 2.0], [0.0] * 4]]), return_phase=True)
    (tensor([[[1., 2.]]]), tensor(1))
    """
    operation = "polyphase_pool2d"
    check_input(input, 2, operation)
    s = Window.of(stride, axes=1, operation=operation).kernel[0]
    *lead, height, width = input.shape
    if height % s or width % s:
        raise PoolingError(operation, "stride", "a divisor of height and width", stride, input.shape)
    if not norm_type > 0:
        raise PoolingError(operation, "norm_type", "a number above 0", norm_type, input.shape)
    # Make the phases the axis after batch: (batch,) channel, h, s, w, s to (batch,) phase, channel, h, w.
    cut = input.reshape(*lead, height // s, s, width // s, s)
    phases = cut.movedim((-3, -1), (-5, -4)).flatten(-5, -4)
    # Sort first: then a shifted phase adds up the same numbers in the same order, so its norm has the same
    # bits.
    norms = phases.detach().abs().double().flatten(-3).sort().values.norm(norm_type, dim=-1)
    phase = norms.argmax(-1)
    chosen = phase[..., None, None, None, None].expand(*phase.shape, 1, *phases.shape[-3:])
    y = keep_layout(phases.gather(-4, chosen).squeeze(-4), input, 2)
    return (y, phase) if return_phase else y


def _blur(input: Tensor, filter_size: int, stride: Ints, padding_mode: str, operation: str) -> Tensor:
    check_input(input, 2, operation)
    strides = Window.of(1, stride, operation=operation).stride
    (size,) = read_numbers(filter_size, 1, "filter_size", operation)
    if size < 1:
        raise PoolingError(operation, "filter_size", "at least 1", filter_size, input.shape)
    if padding_mode not in PADDING_MODES:
        raise PoolingError(
            operation, "padding_mode", f"one of {', '.join(PADDING_MODES)}", padding_mode, input.shape
        )
    before, after = (size - 1) // 2, size // 2
    reach = {"reflect": min(input.shape[-2:]) - 1, "circular": min(input.shape[-2:])}
    if after > reach.get(padding_mode, after):
        expected = f"a reach of at most {reach[padding_mode]} cells for {padding_mode} padding"
        raise PoolingError(operation, "filter_size", expected, filter_size, input.shape)
    taps = input.new_tensor([math.comb(size - 1, tap) / 2 ** (size - 1) for tap in range(size)])
    channels = input.shape[-3]
    kernel = torch.outer(taps, taps).expand(channels, 1, size, size)
    planes = input if input.dim() == 4 else input.unsqueeze(0)
    padded = F.pad(planes, (before, after, before, after), PADDING_MODES[padding_mode])
    y = F.conv2d(padded, kernel, stride=strides, groups=channels)
    return keep_layout(y if input.dim() == 4 else y.squeeze(0), input, 2)
