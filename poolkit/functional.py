"""Pooling in torch: the names and signatures of ``torch.nn.functional``, and what it lacks.

Everything here is differentiable, runs on the device of its input, takes the batch axis or leaves it,
and keeps the memory layout. Beyond torch's arguments, ``padding`` may be a (before, after) pair for each
axis or one of ``"valid"``, ``"same"``, ``"same_upper"`` and ``"same_lower"``, averages may be dilated,
and maxima take integers.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor

from poolkit.errors import PoolingError
from poolkit.sliding import (
    NATIVE_AVG,
    NATIVE_MAX,
    divisors,
    keep_layout,
    max_over_taps,
    sum_over_taps,
    window_over,
)
from poolkit.windows import Window


def max_pool2d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    dilation: Any = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Take the largest value of each window.

    Args:
        input: (batch,) channel, height, width.
        kernel_size: Cells in a window, along height and width.
        stride: Cells between neighbouring windows; the kernel's where it is left out.
        padding: Cells of minus infinity around the input.
        dilation: Cells between neighbouring taps.
        ceil_mode: Whether a last window that is only partly filled counts.
        return_indices: Whether to return the winners' indices as well.

    Returns:
        (Batch,) channel, output height, output width; with ``return_indices`` a pair, of which the
        second says for each output where in the flattened plane its winner is.

    Raises:
        PoolingError: Where torch raises.

    Source: Fukushima 1980; Riesenhuber and Poggio 1999. Built in chapter 3, Max pooling.

    >>> import torch
    >>> max_pool2d(torch.tensor([[[1, 3, 2], [4, 0, 5]]]), 2, stride=1)
    tensor([[[4, 5]]])
    """
    window = window_over(
        input, kernel_size, stride, padding, dilation, ceil_mode, axes=2, operation="max_pool2d"
    )
    values, indices = _max_pool(input, window)
    return (values, indices) if return_indices else values


def avg_pool2d(
    input: Tensor,
    kernel_size: Any,
    stride: Any = None,
    padding: Any = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
    dilation: Any = 1,
) -> Tensor:
    """Take the mean of each window.

    Args:
        input: (batch,) channel, height, width.
        kernel_size: Cells in a window, along height and width.
        stride: Cells between neighbouring windows; the kernel's where it is left out.
        padding: Cells of 0 around the input.
        ceil_mode: Whether a last window that is only partly filled counts.
        count_include_pad: Whether the padding counts as cells of the window.
        divisor_override: What to divide by instead of the number of cells.
        dilation: Cells between neighbouring taps (torch has none here).

    Returns:
        (Batch,) channel, output height, output width.

    Raises:
        PoolingError: Where torch raises.

    Source: LeCun et al. 1998. Built in chapter 4, Average pooling.

    >>> import torch
    >>> avg_pool2d(torch.tensor([[[1.0, 3.0, 2.0], [4.0, 0.0, 5.0]]]), 2, stride=1)
    tensor([[[2.0000, 2.5000]]])
    """
    window = window_over(
        input, kernel_size, stride, padding, dilation, ceil_mode, axes=2, operation="avg_pool2d"
    )
    return _avg_pool(input, window, count_include_pad, divisor_override)


def _max_pool(input: Tensor, window: Window) -> tuple[Tensor, Tensor]:
    if _torch_can_max(input, window):
        before = tuple(pair[0] for pair in window.padding)
        values, indices = NATIVE_MAX[window.axes](
            input, window.kernel, window.stride, before, window.dilation, window.ceil_mode
        )
    else:
        values, indices = max_over_taps(input, window)
    return keep_layout(values, input), keep_layout(indices, input)


def _torch_can_max(input: Tensor, window: Window) -> bool:
    """Torch's operator knows only even padding, and points outside the input for a window of padding."""
    return (
        _padded_as_torch(window)
        and (input.is_floating_point() or not input.is_cuda)
        and not window.has_empty_window(input.shape[-window.axes :])
    )


def _padded_as_torch(window: Window) -> bool:
    return all(
        before == after and 2 * before <= k
        for (before, after), k in zip(window.padding, window.kernel, strict=True)
    )


def _avg_pool(input: Tensor, window: Window, count_include_pad: bool, divisor_override: int | None) -> Tensor:
    if divisor_override == 0:
        raise PoolingError(window.operation, "divisor_override", "any number but 0", 0, input.shape)
    if _padded_as_torch(window) and set(window.dilation) == {1}:
        before = tuple(pair[0] for pair in window.padding)
        override = (divisor_override,) if window.axes > 1 else ()
        output = NATIVE_AVG[window.axes](
            input, window.kernel, window.stride, before, window.ceil_mode, count_include_pad, *override
        )
    else:
        counts: Any = divisor_override or divisors(input, window, count_include_pad)
        output = (sum_over_taps(input, window) / counts).to(input.dtype)
    return keep_layout(output, input)
