"""Poolings between the mean and the maximum: Lp and generalised mean."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from poolkit.arguments import Ints, Padding
from poolkit.errors import PoolingError
from poolkit.inputs import check_input, window_over
from poolkit.sliding import accumulator, divisors, keep_layout, max_pool, patches
from poolkit.windows import Window

# As in poolkit.functional: one line for each argument would make the file hard to read.
# fmt: off


def lp_pool1d(input: Tensor, norm_type: float, kernel_size: Ints, stride: Ints | None = None,
              ceil_mode: bool = False, padding: Padding = 0, dilation: Ints = 1) -> Tensor:
    """Lp pooling of (batch,) channel, length: :func:`lp_pool2d` along one axis.

    >>> lp_pool1d(torch.tensor([[3.0, -4.0, 0.0]]), 2, 2, stride=1)
    tensor([[5., 4.]])
    """
    window = window_over(input, kernel_size, stride, padding, dilation, ceil_mode, operation="lp_pool1d")
    return _lp_pool(input, norm_type, window)


def lp_pool2d(input: Tensor, norm_type: float, kernel_size: Ints, stride: Ints | None = None,
              ceil_mode: bool = False, padding: Padding = 0, dilation: Ints = 1) -> Tensor:
    """Take the Lp norm of each window, ``(sum of |x|^p)^(1/p)``; the padding holds zeros.

    With ``ceil_mode`` the last window may be partly filled; its sum is scaled up to that of a full window, as
    in torch. If all values of a window are 0, its gradient is 0.

    :param input: (batch,) channel, height, width.
    :param norm_type: The ``p`` of the norm, not 0: 1 gives the sum, infinity the largest magnitude.
    :returns: (batch,) channel, output height, output width.
    :raises PoolingError: For arguments that torch refuses, and for integers.

    Source: Sermanet, Chintala and LeCun 2012, "Convolutional Neural Networks Applied to House Numbers
    Digit Classification". Built in chapter 12, The pooling zoo.

    >>> lp_pool2d(torch.tensor([[[3.0, 0.0], [0.0, -4.0]]]), 2, 2)
    tensor([[[5.]]])
    """
    window = window_over(input, kernel_size, stride, padding, dilation, ceil_mode, operation="lp_pool2d")
    return _lp_pool(input, norm_type, window)


def lp_pool3d(input: Tensor, norm_type: float, kernel_size: Ints, stride: Ints | None = None,
              ceil_mode: bool = False, padding: Padding = 0, dilation: Ints = 1) -> Tensor:
    """Lp pooling of (batch,) channel, depth, height, width: :func:`lp_pool2d` along three axes.

    >>> lp_pool3d(torch.ones(1, 2, 2, 2), 3, 2)
    tensor([[[[2.]]]])
    """
    window = window_over(input, kernel_size, stride, padding, dilation, ceil_mode, operation="lp_pool3d")
    return _lp_pool(input, norm_type, window)


# fmt: on


def global_lp_pool(input: Tensor, norm_type: float = 2.0) -> Tensor:
    """Take the Lp norm of each channel.

    :param input: batch, channel, any spatial axes.
    :param norm_type: The ``p`` of the norm, not 0.
    :returns: batch, channel, and 1 for each spatial axis.

    Source: GlobalLpPool of the ONNX specification. Built in chapter 12, The pooling zoo.

    >>> global_lp_pool(torch.tensor([[[3.0, -4.0]]]))
    tensor([[[5.]]])
    """
    rows = spatial_rows(input, "global_lp_pool")
    window = Window.of(rows.shape[-1], axes=1, operation="global_lp_pool")
    return _lp_pool(rows, norm_type, window).view(input.shape[:2] + (1,) * (input.dim() - 2))


def gem_pool(input: Tensor, p: float | Tensor = 3.0, eps: float = 1e-6) -> Tensor:
    """Take the generalised mean of each channel: ``(mean of max(x, eps)^p)^(1/p)``.

    ``p = 1`` is the mean, and the maximum is the limit of large ``p``.

    :param input: batch, channel, any spatial axes.
    :param p: The exponent, not 0: a number; or a tensor of one number, or of one for each channel, which
        gets a gradient.
    :param eps: Smaller values are replaced by ``eps``, which is above 0.
    :returns: batch, channel, and 1 for each spatial axis.
    :raises PoolingError: For an ``eps`` of 0 or less, or a ``p`` of 0 or another shape.

    Source: Radenović, Tolias and Chum 2019, "Fine-tuning CNN Image Retrieval with No Human Annotation".
    Built in chapter 12, The pooling zoo.

    >>> gem_pool(torch.tensor([[[1.0, 2.0, 2.0]]]), p=2.0)
    tensor([[[1.7321]]])
    """
    rows = spatial_rows(input, "gem_pool")
    check_input(rows, 1, "gem_pool")
    if eps <= 0:
        raise PoolingError("gem_pool", "eps", "above 0", eps, input.shape)
    if isinstance(p, Tensor):
        if p.numel() not in (1, input.shape[1]):
            expected = f"a tensor of 1 or of {input.shape[1]} numbers, one for each channel"
            raise PoolingError("gem_pool", "p", expected, tuple(p.shape), input.shape)
        p = p.view(-1, 1)
    elif p == 0:
        raise PoolingError("gem_pool", "p", "any number but 0", p, input.shape)
    # Divide by the largest value first: else x^p would overflow in single precision (x = 20 from p = 30 on).
    x = rows.to(accumulator(rows.dtype)).clamp(min=eps)
    largest = x.detach().amax(-1, keepdim=True)
    largest = torch.where(largest.isfinite(), largest, 1)
    mean = (x / largest).pow(p).mean(-1, keepdim=True)
    y = (largest * mean.pow(1 / p)).to(input.dtype)
    return y.view(input.shape[:2] + (1,) * (input.dim() - 2))


def spatial_rows(input: Tensor, operation: str) -> Tensor:
    """Flatten any number of spatial axes, to batch, channel, cells.

    >>> spatial_rows(torch.zeros(2, 3, 4, 5), "gem_pool").shape
    torch.Size([2, 3, 20])
    """
    if input.dim() < 3:
        expected = "batch, channel, and at least one spatial axis"
        raise PoolingError(operation, "input", expected, f"{input.dim()} axes", input.shape)
    rows = input.flatten(2)
    check_input(rows, 1, operation, integers=True)
    return rows


def _lp_pool(input: Tensor, p: float, window: Window) -> Tensor:
    if p == 0 or p != p:
        raise PoolingError(window.operation, "norm_type", "any number but 0", p, input.shape)
    check_input(input, window.axes, window.operation)
    if p in (torch.inf, -torch.inf):
        return max_pool(input.abs(), window)[0].clamp(min=0) if p > 0 else -max_pool(-input.abs(), window)[0]
    sums = patches(_power(input.abs().to(accumulator(input.dtype)), p), window).sum(-1)
    scale = math.prod(window.kernel) / divisors(input, window, count_include_pad=True)
    return keep_layout(_power(sums * scale, 1 / p).to(input.dtype), input, window.axes)


def _power(x: Tensor, p: float) -> Tensor:
    """Raise magnitudes to a power, with the gradient 0 at 0, where torch's may be infinity or NaN."""
    zero = x == 0
    return torch.where(zero, 0.0 if p > 0 else torch.inf, x.masked_fill(zero, 1).pow(p))
