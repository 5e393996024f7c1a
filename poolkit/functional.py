"""Pooling in torch: the names and signatures of ``torch.nn.functional``, and what it lacks.

Everything here is differentiable, runs on the device of its input, takes the batch axis or leaves it,
and keeps the memory layout. The sliding poolings share these arguments, each a number or one for each
axis:

- ``kernel_size``: cells in a window; ``stride``: cells from one window to the next (the kernel's if None).
- ``padding``: cells on both sides, at most half of the kernel; or a (before, after) pair for each axis; or
  ``"valid"``, ``"same"``, ``"same_upper"``, ``"same_lower"``, as in :meth:`poolkit.windows.Window.of`.
- ``dilation``: cells from one tap to the next. ``ceil_mode``: whether a partly filled last window counts.

Where it departs from torch 2.13, on purpose:

- **padding**: pairs and rules are taken; torch takes only even padding.
- **dilation**: averages and Lp take it.
- **integers**: ``max_pool1d`` takes them without indices, too, and small ones may be in channels_last.
- **halves**: ``avg_pool3d`` takes float16 and bfloat16 on the CPU.
- **layout**: channels_last is kept by all; torch loses it in ``avg_pool3d``, in the adaptive poolings in
  three dimensions, and in fractional pooling.
- **empty window**: a maximum over padding alone has the index -1; torch's lies outside the input.
- **no channels**: refused everywhere; torch lets them pass in adaptive averages.
- **lp**: raises magnitudes to the power; torch raises signed values, which is wrong for odd ``p``, and NaN
  for ``p`` with a fraction.
- **lp arguments**: a list may be given for the kernel of ``lp_pool1d``; integers are refused, which torch
  averages as integers.
- **unpooling**: of several values with one place, only the one that is written gets gradient; torch gives it
  to all.

On the CPU, results and gradients have the same bits in every run. On a GPU so have results, and the gradients
of ``avg_pool1d``, ``avg_pool2d``, ``gem_pool``, the global poolings, unpooling and attention; where others
overlap, gradients are added up in any order, and their last bits may differ. There torch 2.11 gives a wrong
gradient of overlapping averages in channels_last; poolkit takes the one of the other layout.
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

# One line would be too long for these signatures, and a line for each argument would bury the rest.


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

    The first of equal values wins, in row-major order, and gets the gradient alone. NaN wins over
    everything, and the last NaN over the others. A window that sees only padding gives minus infinity, or
    the smallest integer, and the index -1.

    :param input: (batch,) channel, height, width; floating point or integers.
    :param return_indices: Whether to return as well where in the flattened plane each winner is.
    :param impl: ``"auto"``, or the path to force: see :mod:`poolkit.dispatch`.
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

    What ``ceil_mode`` lets hang over the padded border is never counted. A window that sees only padding
    gives 0. int64 gives int64, rounded towards zero.

    :param input: (batch,) channel, height, width; floating point or int64.
    :param count_include_pad: Whether the padding counts as cells of the window.
    :param divisor_override: What to divide by instead of the number of cells.
    :param impl: ``"auto"``, or the path to force: see :mod:`poolkit.dispatch`.
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
