"""Maximum and mean over windows that slide over torch tensors, for any number of spatial axes.

Where torch's own operators give the right result, they are called. In all other cases :func:`max_over_taps`
and :func:`patches` compute it tap by tap. :mod:`poolkit.inputs` checks the tensors and builds the windows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from poolkit.errors import PoolingError
from poolkit.inputs import check_average
from poolkit.windows import Window

TORCH_MAX: dict[int, Callable[..., tuple[Tensor, Tensor]]] = {
    1: torch.max_pool1d_with_indices,
    2: F.max_pool2d_with_indices,
    3: F.max_pool3d_with_indices,
}
TORCH_AVG: dict[int, Callable[..., Tensor]] = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}
HALVES = (torch.float16, torch.bfloat16)


def torch_arguments(window: Window, size: Sequence[int], average: bool = False) -> tuple[Any, ...] | None:
    """Return a window as arguments of torch's operators, or None where they refuse it or give another result.

    torch's operators accept only equal padding on both sides, and for averages no dilation. For a window that
    sees only padding, the index of torch's maximum lies outside the input.

    >>> torch_arguments(Window.of(2, padding=1), (4, 4))
    ((2, 2), (2, 2), (1, 1), (1, 1), False)
    """
    pairs = zip(window.padding, window.kernel, strict=True)
    if not all(before == after and 2 * before <= k for (before, after), k in pairs):
        return None
    before = tuple(pair[0] for pair in window.padding)
    if average:
        return (
            None if set(window.dilation) != {1} else (window.kernel, window.stride, before, window.ceil_mode)
        )
    if window.has_empty_window(size):
        return None
    return window.kernel, window.stride, before, window.dilation, window.ceil_mode


def avg_pool_back(
    gradient: Tensor, shape: torch.Size, window: Window, padded: bool, divisor: int | None
) -> Tensor:
    """Compute the gradient of an average's input of the given shape by torch's operator.

    The window has one or two axes.
    """
    kernel, stride, before, ceil_mode = torch_arguments(window, shape[-window.axes :], True)  # type: ignore[misc]
    layout = torch.contiguous_format if gradient.is_contiguous() or len(shape) < 4 else torch.channels_last
    # The operator needs the input's shape and layout only; it reads no cell.
    input = torch.empty(shape, dtype=gradient.dtype, device=gradient.device, memory_format=layout)
    if window.axes == 2:
        back: Tensor = torch.ops.aten.avg_pool2d_backward(
            gradient, input, kernel, stride, before, ceil_mode, padded, divisor
        )
        return back
    high = (gradient.unsqueeze(-2), input.unsqueeze(-2), (1, *kernel), (1, *stride), (0, *before))
    row: Tensor = torch.ops.aten.avg_pool2d_backward(*high, ceil_mode, padded, divisor)
    return row.squeeze(-2)


def max_pool(input: Tensor, window: Window) -> tuple[Tensor, Tensor]:
    """Take each window's largest value and its index: by torch's operator if possible, else tap by tap."""
    given = torch_arguments(window, input.shape[-window.axes :])
    if given is not None and (input.is_floating_point() or not input.is_cuda):
        # For small integers in channels_last torch would store cell indices in the same small integer type.
        whole = input if input.is_floating_point() else input.contiguous()
        values, indices = TORCH_MAX[window.axes](whole, *given)
    else:
        values, indices = max_over_taps(input, window)
    return keep_layout(values, input, window.axes), keep_layout(indices, input, window.axes)


def avg_pool(input: Tensor, window: Window, count_include_pad: bool, divisor: int | None = None) -> Tensor:
    """Take the mean of each window: by torch's operator if possible, else over the patches."""
    check_average(window, input.shape, input.dtype, divisor)
    whole = not input.is_floating_point()
    given = torch_arguments(window, input.shape[-window.axes :], average=True)
    halves = window.axes == 3 and input.dtype in HALVES and not input.is_cuda
    if given is not None and not (whole and input.is_cuda) and not halves:
        if longer_in_3d(window, input.shape):
            expected = f"at least the kernel {window.kernel} along each axis, padding left out"
            raise PoolingError(window.operation, "input", expected, tuple(input.shape[-3:]), input.shape)
        override = (divisor,) if window.axes > 1 else ()
        # On a GPU torch's gradient is wrong in channels_last where windows overlap (seen in 2.11).
        x = input.contiguous() if input.is_cuda else input
        y = TORCH_AVG[window.axes](x, *given, count_include_pad, *override)
    else:
        count = divisors(input, window, count_include_pad) if divisor is None else divisor
        sums = patches(input, window).sum(-1, dtype=accumulator(input.dtype))
        y = sums.div(count, rounding_mode="trunc" if whole else None).to(input.dtype)
    return keep_layout(y, input, window.axes)


def longer_in_3d(window: Window, shape: torch.Size) -> bool:
    """Say whether a kernel of three axes is longer than the input along one of them.

    torch's average refuses that.
    """
    return window.axes == 3 and any(n < k for n, k in zip(shape[-3:], window.kernel, strict=True))


def max_over_taps(input: Tensor, window: Window) -> tuple[Tensor, Tensor]:
    """Take the largest value of each window, and its index in the flattened spatial axes.

    Of equal values the first one wins. NaN wins over every number, and of several NaN the last one wins. A
    window that sees only padding gives the identity of the maximum and the index -1. Only the winner gets the
    gradient.

    :param input: Any leading axes, then the spatial axes of the window.
    :param window: The windows to pool.
    :returns: Values and indices: the leading axes, then one cell for each window.

    >>> max_over_taps(torch.tensor([[1, 3, 2]]), Window.of(2, stride=1, axes=1))
    (tensor([[3, 3]]), tensor([[1, 1]]))
    """
    axes = window.axes
    size = input.shape[-axes:]
    lead, outputs = input.shape[:-axes], window.output_size(size)
    cells = torch.arange(size.numel(), device=input.device).view(size)
    with torch.no_grad():
        identity = -torch.inf if input.is_floating_point() else torch.iinfo(input.dtype).min
        best = input.new_full(lead + outputs, identity)
        winners = torch.full_like(best, -1, dtype=torch.int64)
        for at_output, at_input in window.slices(size):
            value, most, winner = input[..., *at_input], best[..., *at_output], winners[..., *at_output]
            wins = (value > most) | (value != value) | (winner < 0)
            most.copy_(torch.where(wins, value, most))
            winner.copy_(torch.where(wins, cells[at_input], winner))
    values = input.flatten(-axes).gather(-1, winners.flatten(-axes).clamp(min=0)).view(lead + outputs)
    return (torch.where(winners < 0, best, values) if window.has_empty_window(size) else values), winners


def patches(input: Tensor, window: Window) -> Tensor:
    """Return the values that each window sees; the padding holds zeros.

    :param input: Any leading axes, then the spatial axes of the window.
    :param window: The windows.
    :returns: The leading axes, one cell for each window, and as the last axis its taps in row-major order.

    >>> patches(torch.tensor([[1, 3, 2]]), Window.of(2, stride=1, axes=1))
    tensor([[[1, 3],
             [3, 2]]])
    """
    size, sides = input.shape[-window.axes :], list[int]()
    for axis, outputs in reversed(list(enumerate(window.output_size(size)))):
        # Pad exactly to the end of the last window. The window's padding at the end may be larger than this,
        # or with ceil_mode smaller.
        reach = window.positions(axis, outputs - 1)[-1] + 1
        sides += [window.padding[axis][0], max(reach - size[axis], 0)]
    taps = F.pad(input, sides)
    for axis in range(window.axes):
        taps = taps.unfold(input.dim() - window.axes + axis, window.extent[axis], window.stride[axis])
        taps = taps[..., :: window.dilation[axis]]
    return taps.flatten(-window.axes)


def divisors(input: Tensor, window: Window, count_include_pad: bool) -> Tensor:
    """Count the cells that the mean of each window divides by (1 for a window that sees only padding).

    >>> divisors(torch.zeros(1, 6), Window.of(3, padding=1, axes=1), count_include_pad=False)
    tensor([2., 3.])
    """
    counts = torch.ones((), dtype=accumulator(input.dtype), device=input.device)
    for axis in range(window.axes):
        along = window.divisors(axis, input.shape[-window.axes :], count_include_pad)
        counts = counts.unsqueeze(-1) * counts.new_tensor(along)
    return counts.clamp(min=1)


def accumulator(dtype: torch.dtype) -> torch.dtype:
    """Return the dtype of sums: at least single precision, and int64 for integers.

    >>> accumulator(torch.bfloat16), accumulator(torch.float64), accumulator(torch.int8)
    (torch.float32, torch.float64, torch.int64)
    """
    return torch.promote_types(dtype, torch.float32) if dtype.is_floating_point else torch.int64


def keep_layout(output: Tensor, input: Tensor, axes: int) -> Tensor:
    """Give a batch of outputs the memory layout of its input: channels_last stays channels_last.

    >>> x = torch.zeros(1, 2, 4, 4).to(memory_format=torch.channels_last)
    >>> keep_layout(torch.zeros(1, 2, 2, 2), x, 2).is_contiguous(memory_format=torch.channels_last)
    True
    """
    layout = {2: torch.channels_last, 3: torch.channels_last_3d}.get(axes)
    if layout is None or input.dim() != axes + 2 or input.is_contiguous():
        return output
    return output.contiguous(memory_format=layout) if input.is_contiguous(memory_format=layout) else output
