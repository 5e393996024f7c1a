"""Sliding windows over torch tensors, for any number of spatial axes.

What torch's own operators do right, they do here; :func:`max_over_taps` and :func:`sum_over_taps` do the
rest. Both go over the taps of a window, and pool all outputs at once for each tap.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from poolkit.errors import PoolingError
from poolkit.windows import Window

NATIVE_MAX: dict[int, Callable[..., tuple[Tensor, Tensor]]] = {
    1: torch.max_pool1d_with_indices,
    2: F.max_pool2d_with_indices,
    3: F.max_pool3d_with_indices,
}
NATIVE_AVG: dict[int, Callable[..., Tensor]] = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}
AXES_IN_WORDS = {1: "length", 2: "height, width", 3: "depth, height, width"}


def window_over(input: Tensor, *arguments: Any, axes: int, operation: str) -> Window:
    """Check an input, with or without its batch axis, and build the window that slides over it.

    Args:
        input: (batch,) channel, then the spatial axes.
        *arguments: Kernel size, stride, padding, dilation and ceil_mode, as in :meth:`Window.of`.
        axes: How many spatial axes there are.
        operation: Who asks.

    Raises:
        PoolingError: For another rank, an empty axis behind the batch axis, or a window that does not fit.

    >>> window_over(torch.zeros(1, 4, 4), 2, axes=2, operation="max_pool2d").kernel
    (2, 2)
    """
    check_input(input, axes, operation)
    size = tuple(input.shape[-axes:])
    window = Window.of(*arguments, axes=axes, input_size=size, operation=operation)
    window.output_size(size)
    return window


def check_input(input: Tensor, axes: int, operation: str) -> None:
    """Refuse an input that is not (batch,) channel and spatial axes, or is empty behind the batch axis.

    >>> check_input(torch.zeros(4, 4), 2, "max_pool2d")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    poolkit.errors.PoolingError: max_pool2d: input: expected (batch,) channel, height, width, got 2 axes ...
    """
    expected = f"(batch,) channel, {AXES_IN_WORDS[axes]}"
    if input.dim() not in (axes + 1, axes + 2):
        raise PoolingError(operation, "input", expected, f"{input.dim()} axes", input.shape)
    channels, *size = input.shape[-axes - 1 :]
    if channels == 0 or 0 in size:
        got = f"{channels} channels of {tuple(size)}"
        raise PoolingError(operation, "input", "no empty axis but batch", got, input.shape)
    if input.dtype == torch.bool or input.is_complex():
        raise PoolingError(operation, "input", "floating point or integers", input.dtype, input.shape)


def max_over_taps(input: Tensor, window: Window) -> tuple[Tensor, Tensor]:
    """Take the largest value of each window, and its index in the flattened spatial axes.

    The first of equal values wins, the last NaN wins over everything, and a window that sees only padding
    gives the identity of the maximum and the index -1. Only the winner gets the gradient.

    Args:
        input: Any leading axes, then the spatial axes of the window.
        window: Where to look.

    Returns:
        Values and indices: the leading axes, then one cell for each window.

    >>> max_over_taps(torch.tensor([[1, 3, 2]]), Window.of(2, stride=1, axes=1))
    (tensor([[3, 3]]), tensor([[1, 1]]))
    """
    axes = window.axes
    size = input.shape[-axes:]
    lead, outputs = input.shape[:-axes], window.output_size(size)
    cells = torch.arange(size.numel(), device=input.device).view(size)
    with torch.no_grad():
        best = input.new_full(lead + outputs, lowest(input.dtype))
        winners = torch.full_like(best, -1, dtype=torch.int64)
        for at_output, at_input in window.slices(size):
            value, most, winner = input[..., *at_input], best[..., *at_output], winners[..., *at_output]
            wins = (value > most) | (value != value) | (winner < 0)
            most.copy_(torch.where(wins, value, most))
            winner.copy_(torch.where(wins, cells[at_input], winner))
    values = input.flatten(-axes).gather(-1, winners.flatten(-axes).clamp(min=0)).view(lead + outputs)
    if window.has_empty_window(size):
        values = torch.where(winners < 0, best, values)
    return values, winners


def sum_over_taps(input: Tensor, window: Window) -> Tensor:
    """Add up what each window sees; the padding adds nothing.

    Half precision is added up in single precision, and the result keeps that.

    Args:
        input: Any leading axes, then the spatial axes of the window.
        window: Where to look.

    Returns:
        The leading axes, then one cell for each window.

    >>> sum_over_taps(torch.tensor([[1, 3, 2]]), Window.of(2, stride=1, axes=1))
    tensor([[4, 5]])
    """
    outputs = window.output_size(input.shape[-window.axes :])
    sums = input.new_zeros(input.shape[: -window.axes] + outputs, dtype=accumulator(input.dtype))
    for at_output, at_input in window.slices(input.shape[-window.axes :]):
        sums[..., *at_output] += input[..., *at_input]
    return sums


def divisors(input: Tensor, window: Window, count_include_pad: bool) -> Tensor:
    """Count the cells that the mean of each window divides by (1 for a window of padding alone).

    >>> divisors(torch.zeros(1, 6), Window.of(3, padding=1, axes=1), count_include_pad=False)
    tensor([2., 3.])
    """
    size = input.shape[-window.axes :]
    counts = torch.ones((), dtype=accumulator(input.dtype), device=input.device)
    for axis in range(window.axes):
        along = window.divisors(axis, size, count_include_pad)
        counts = counts.unsqueeze(-1) * counts.new_tensor(along)
    return counts.clamp(min=1)


def lowest(dtype: torch.dtype) -> float | int:
    """Return the identity of the maximum: minus infinity, or the smallest integer of the dtype.

    >>> lowest(torch.float16), lowest(torch.uint8)
    (-inf, 0)
    """
    return -torch.inf if dtype.is_floating_point else torch.iinfo(dtype).min


def accumulator(dtype: torch.dtype) -> torch.dtype:
    """Return the dtype to add up in: at least single precision, and integers as int64.

    >>> accumulator(torch.bfloat16), accumulator(torch.float64), accumulator(torch.int8)
    (torch.float32, torch.float64, torch.int64)
    """
    if not dtype.is_floating_point:
        return torch.int64
    return torch.float64 if dtype == torch.float64 else torch.float32


def keep_layout(output: Tensor, input: Tensor) -> Tensor:
    """Give an output the memory layout of its input: channels_last stays channels_last.

    >>> x = torch.zeros(1, 2, 4, 4).to(memory_format=torch.channels_last)
    >>> keep_layout(torch.zeros(1, 2, 2, 2), x).is_contiguous(memory_format=torch.channels_last)
    True
    """
    layouts = {4: torch.channels_last, 5: torch.channels_last_3d}
    layout = layouts.get(input.dim())
    if layout is None or input.is_contiguous() or not input.is_contiguous(memory_format=layout):
        return output
    return output.contiguous(memory_format=layout)
