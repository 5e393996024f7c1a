"""Pooling of torch tensors: the pooling functions of ``torch.nn.functional``, and some that torch lacks.

Every function is differentiable, runs on the device of its input and keeps the memory layout of its input.
Where the batch axis is written as ``(batch,)`` it may be left out. The functions with sliding windows share
the following arguments. Each is one number for all axes, or a sequence of one number for each axis:

- ``kernel_size``: cells in a window; ``stride``: cells from one window to the next (the kernel size if None).
- ``padding``: cells on both sides, at most half of the kernel; or a (before, after) pair for each axis; or
  ``"valid"``, ``"same"``, ``"same_upper"``, ``"same_lower"``, as in :meth:`poolkit.windows.Window.of`.
- ``dilation``: cells from one tap to the next. ``ceil_mode``: whether a partly filled last window counts.

poolkit departs from torch 2.13 on purpose in these points:

- **padding**: poolkit also accepts (before, after) pairs and rules; torch accepts only equal padding on both
  sides.
- **dilation**: average and Lp pooling accept it, too.
- **integers**: ``max_pool1d`` accepts integers even if no indices are asked for. Small integers such as int8
  may be in channels_last.
- **halves**: ``avg_pool3d`` accepts float16 and bfloat16 on the CPU.
- **layout**: all functions keep channels_last; torch loses it in ``avg_pool3d``, in the adaptive poolings in
  three dimensions, and in fractional pooling.
- **empty window**: the maximum of a window that sees only padding has the index -1; in torch this index lies
  outside the input.
- **no channels**: every function refuses an input without channels; torch accepts it in adaptive averages.
- **lp**: poolkit raises magnitudes to the power ``p``. torch raises signed values, so its results are wrong
  for odd ``p``, and NaN for a ``p`` that is not a whole number.
- **lp arguments**: the kernel size of ``lp_pool1d`` may be a list. Integer inputs are refused; torch accepts
  them and computes their averages as integers.
- **unpooling**: if several values have the same index, only the one that is written gets gradient; torch
  gives gradient to all of them.

On the CPU, results and gradients have the same bits in every run. On a GPU the results have the same bits in
every run, too. So have the gradients of ``avg_pool1d``, ``avg_pool2d``, ``gem_pool``, the global poolings,
unpooling and attention. The other functions add up the gradients of overlapping windows in any order, so the
last bits may differ. On a GPU torch 2.11 gives a wrong gradient for averages of overlapping windows in
channels_last; there poolkit computes the gradient in the contiguous layout.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor

from poolkit import dispatch

# fmt: off
from poolkit.adaptive import (  # isort: skip
    adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d, adaptive_max_pool1d, adaptive_max_pool2d,
    adaptive_max_pool3d, global_avg_pool, global_max_pool,
)
from poolkit.arguments import Ints, Padding
from poolkit.norms import gem_pool, global_lp_pool, lp_pool1d, lp_pool2d, lp_pool3d
from poolkit.sampling import fractional_max_pool2d, fractional_max_pool3d, stochastic_pool2d
from poolkit.unpool import max_unpool1d, max_unpool2d, max_unpool3d

__all__ = [
    "adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_avg_pool3d", "adaptive_max_pool1d",
    "adaptive_max_pool2d", "adaptive_max_pool3d", "avg_pool1d", "avg_pool2d", "avg_pool3d",
    "fractional_max_pool2d", "fractional_max_pool3d", "gem_pool", "global_avg_pool", "global_lp_pool",
    "global_max_pool", "lp_pool1d", "lp_pool2d", "lp_pool3d", "max_pool1d", "max_pool2d", "max_pool3d",
    "max_unpool1d", "max_unpool2d", "max_unpool3d", "stochastic_pool2d",
]

# These signatures are too long for one line. One line for each argument would make the file hard to read.


def max_pool1d(input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Padding = 0,
               dilation: Ints = 1, ceil_mode: bool = False, return_indices: bool = False, *,
               impl: str = "auto") -> Any:
    """Max pooling of (batch,) channel, length: :func:`max_pool2d` along one axis.

    >>> max_pool1d(torch.tensor([[1, 3, 2, 5]]), 3, stride=1)
    tensor([[3, 5]])
    """
    window = (kernel_size, stride, padding, dilation, ceil_mode)
    return dispatch.max_pool("max_pool1d", input, window, return_indices, impl)


def max_pool2d(input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Padding = 0,
               dilation: Ints = 1, ceil_mode: bool = False, return_indices: bool = False, *,
               impl: str = "auto") -> Any:
    """Take the largest value of each window; the padding never wins.

    Of equal values the first one in row-major order wins, and only the winner gets the gradient. NaN wins
    over every number; of several NaN the last one wins. A window that sees only padding gives minus
    infinity (for integers, the smallest integer) and the index -1.

    :param input: (batch,) channel, height, width; floating point or integers.
    :param return_indices: Whether to return also the index of each winner in the flattened plane.
    :param impl: ``"auto"``, or the implementation to force: see :mod:`poolkit.dispatch`.
    :returns: (batch,) channel, output height, output width; with ``return_indices`` a pair of these.
    :raises PoolingError: For arguments that torch refuses.

    Source: Fukushima 1980, "Neocognitron"; Riesenhuber and Poggio 1999, "Hierarchical models of object
    recognition in cortex". Built in chapter 3, Max pooling.

    >>> max_pool2d(torch.tensor([[[1, 3, 2], [4, 0, 5]]]), 2, stride=1)
    tensor([[[4, 5]]])
    """
    window = (kernel_size, stride, padding, dilation, ceil_mode)
    return dispatch.max_pool("max_pool2d", input, window, return_indices, impl)


def max_pool3d(input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Padding = 0,
               dilation: Ints = 1, ceil_mode: bool = False, return_indices: bool = False, *,
               impl: str = "auto") -> Any:
    """Max pooling of (batch,) channel, depth, height, width: :func:`max_pool2d` along three axes.

    >>> max_pool3d(torch.arange(8).view(1, 2, 2, 2), 2)
    tensor([[[[7]]]])
    """
    window = (kernel_size, stride, padding, dilation, ceil_mode)
    return dispatch.max_pool("max_pool3d", input, window, return_indices, impl)


def avg_pool1d(input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Padding = 0,
               ceil_mode: bool = False, count_include_pad: bool = True, dilation: Ints = 1, *,
               impl: str = "auto") -> Tensor:
    """Average pooling of (batch,) channel, length: :func:`avg_pool2d` along one axis.

    >>> avg_pool1d(torch.tensor([[1.0, 3.0, 2.0]]), 2, padding=1, count_include_pad=False)
    tensor([[1.0000, 2.5000]])
    """
    window = (kernel_size, stride, padding, dilation, ceil_mode, count_include_pad, None)
    return dispatch.avg_pool("avg_pool1d", input, window, impl)


def avg_pool2d(input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Padding = 0,
               ceil_mode: bool = False, count_include_pad: bool = True, divisor_override: int | None = None,
               dilation: Ints = 1, *, impl: str = "auto") -> Tensor:
    """Take the mean of each window; the padding holds zeros.

    With ``ceil_mode`` a window may reach beyond the padding; its cells there are never counted. A window
    that sees only padding gives 0. The average of int64 is int64, rounded towards zero.

    :param input: (batch,) channel, height, width; floating point or int64.
    :param count_include_pad: Whether the padding counts as cells of the window.
    :param divisor_override: What to divide by instead of the number of cells.
    :param impl: ``"auto"``, or the implementation to force: see :mod:`poolkit.dispatch`.
    :returns: (batch,) channel, output height, output width.
    :raises PoolingError: For arguments that torch refuses.

    Source: LeCun et al. 1998, "Gradient-based learning applied to document recognition" (without its
    coefficient and bias). Built in chapter 4, Average pooling.

    >>> avg_pool2d(torch.tensor([[[1.0, 3.0, 2.0], [4.0, 0.0, 5.0]]]), 2, stride=1)
    tensor([[[2.0000, 2.5000]]])
    """
    window = (kernel_size, stride, padding, dilation, ceil_mode, count_include_pad, divisor_override)
    return dispatch.avg_pool("avg_pool2d", input, window, impl)


def avg_pool3d(input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Padding = 0,
               ceil_mode: bool = False, count_include_pad: bool = True, divisor_override: int | None = None,
               dilation: Ints = 1, *, impl: str = "auto") -> Tensor:
    """Average pooling of (batch,) channel, depth, height, width: :func:`avg_pool2d` along three axes.

    >>> avg_pool3d(torch.arange(8.0).view(1, 2, 2, 2), 2)
    tensor([[[[3.5000]]]])
    """
    window = (kernel_size, stride, padding, dilation, ceil_mode, count_include_pad, divisor_override)
    return dispatch.avg_pool("avg_pool3d", input, window, impl)


# fmt: on
