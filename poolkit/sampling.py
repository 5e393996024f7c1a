"""Random poolings: windows at random places, and outputs drawn at random.

If the caller passes no random numbers, they come from torch's generator. Then the same ``torch.manual_seed``
gives the same result.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from poolkit.arguments import Ints, Padding, read_numbers
from poolkit.errors import PoolingError
from poolkit.inputs import check_input, window_over
from poolkit.sliding import accumulator, keep_layout, patches

# As in poolkit.functional: one line for each argument would make the file hard to read.
# fmt: off


def fractional_max_pool2d(input: Tensor, kernel_size: Ints, output_size: Ints | None = None,
                          output_ratio: float | tuple[float, ...] | None = None, return_indices: bool = False,
                          _random_samples: Tensor | None = None) -> Any:
    """Take the largest value of each window; the windows lie at random places.

    Either ``output_size`` or ``output_ratio`` has to be given.

    :param input: (batch,) channel, height, width.
    :param output_size: Number of windows along each axis.
    :param output_ratio: Number of windows divided by the length of the input, above 0 and at most 1.
    :param return_indices: Whether to return also the index of each winner in the flattened plane.
    :param _random_samples: Numbers from 0 to 1 that decide where the windows lie, of shape batch, channel, 2
        (the width's first); drawn from torch's generator if left out.
    :returns: (batch,) channel, output height, output width; with ``return_indices`` a pair of these.
    :raises PoolingError: For arguments that torch refuses.

    Source: Graham 2014, "Fractional Max-Pooling". To read in chapter 12, The pooling zoo.

    >>> x, u = torch.arange(25.0).view(1, 5, 5), torch.zeros(1, 1, 2)
    >>> fractional_max_pool2d(x, 2, output_size=2, _random_samples=u)
    tensor([[[ 6.,  9.],
             [21., 24.]]])
    """
    return _fractional(2, input, kernel_size, output_size, output_ratio, return_indices, _random_samples)


def fractional_max_pool3d(input: Tensor, kernel_size: Ints, output_size: Ints | None = None,
                          output_ratio: float | tuple[float, ...] | None = None, return_indices: bool = False,
                          _random_samples: Tensor | None = None) -> Any:
    """Pool (batch,) channel, depth, height, width as :func:`fractional_max_pool2d` does.

    The random samples have the shape batch, channel, 3, in the order depth, height, width.

    >>> fractional_max_pool3d(torch.arange(27.0).view(1, 3, 3, 3), 2, output_size=1)
    tensor([[[[26.]]]])
    """
    return _fractional(3, input, kernel_size, output_size, output_ratio, return_indices, _random_samples)


def stochastic_pool2d(input: Tensor, kernel_size: Ints, stride: Ints | None = None, padding: Padding = 0,
                      dilation: Ints = 1, ceil_mode: bool = False, training: bool = True,
                      samples: Tensor | None = None) -> Tensor:
    """Draw one value of each window, with a probability in proportion to the value.

    Values of 0 or less and padding are never drawn. A window without any value above 0 gives 0. When not
    training, the output is the expected value instead of a draw.

    :param input: (batch,) channel, height, width.
    :param training: Whether to draw.
    :param samples: Numbers from 0 to 1, without 1, in the shape of the output, that decide the draws; drawn
        from torch's generator if left out.
    :returns: (batch,) channel, output height, output width.
    :raises PoolingError: For windows that do not fit, or samples that are not shaped like the output.

    Source: Zeiler and Fergus 2013, "Stochastic Pooling for Regularization of Deep Convolutional Neural
    Networks". To read in chapter 12, The pooling zoo.

    >>> x = torch.tensor([[[1.0, 3.0]]])
    >>> samples = torch.zeros(1, 1, 1)
    >>> stochastic_pool2d(x, (1, 2), training=False), stochastic_pool2d(x, (1, 2), samples=samples)
    (tensor([[[2.5000]]]), tensor([[[1.]]]))
    """
    operation = "stochastic_pool2d"
    check_input(input, 2, operation)
    window = window_over(input, kernel_size, stride, padding, dilation, ceil_mode, operation=operation)
    values = patches(input, window)
    weights = values.to(accumulator(input.dtype)).clamp(min=0)
    total = weights.sum(-1, keepdim=True)
    if not training:
        y = (weights / total.masked_fill(total == 0, 1) * values).sum(-1).to(input.dtype)
        return keep_layout(y, input, 2)
    if samples is None:
        samples = torch.rand(values.shape[:-1], dtype=weights.dtype, device=input.device)
    if samples.shape != values.shape[:-1]:
        expected = f"the output's shape {tuple(values.shape[:-1])}"
        raise PoolingError(operation, "samples", expected, tuple(samples.shape), input.shape)
    # Draw the first tap at which the running sum exceeds sample * total: a tap of weight 0 is never drawn.
    beyond = weights.cumsum(-1) > samples.unsqueeze(-1) * total
    drawn = values.gather(-1, beyond.int().argmax(-1, keepdim=True)).squeeze(-1)
    return keep_layout(drawn * (total.squeeze(-1) > 0), input, 2)


# fmt: on


def _fractional(
    axes: int,
    input: Tensor,
    kernel: Ints,
    size: Any,
    ratio: Any,
    return_indices: bool,
    samples: Tensor | None,
) -> Any:
    operation = f"fractional_max_pool{axes}d"
    check_input(input, axes, operation)
    if size is None and ratio is None:
        raise PoolingError(operation, "output_size", "a size, or an output_ratio", None, input.shape)
    if size is None:
        ratios = [ratio] * axes if isinstance(ratio, (int, float)) else list(ratio)
        if len(ratios) != axes or not all(0 < share <= 1 for share in ratios):
            raise PoolingError(
                operation, "output_ratio", f"{axes} numbers above 0, at most 1", ratio, input.shape
            )
        size = [int(n * share) for n, share in zip(input.shape[-axes:], ratios, strict=True)]
    size = read_numbers(size, axes, "output_size", operation)
    window = read_numbers(kernel, axes, "kernel_size", operation)
    # In three dimensions torch allows one window fewer along each axis.
    room = [n - k + (axes == 2) for n, k in zip(input.shape[-axes:], window, strict=True)]
    if min(window) < 1 or any(not 0 <= outputs <= most for outputs, most in zip(size, room, strict=True)):
        raise PoolingError(
            operation, "output_size", f"at most {tuple(room)} windows of {window}", size, input.shape
        )
    shape = (1 if input.dim() == axes + 1 else input.shape[0], input.shape[-axes - 1], axes)
    if samples is None:
        samples = torch.rand(shape, dtype=input.dtype, device=input.device)
    fits = samples.dim() == 3 and samples.shape[0] >= shape[0] and samples.shape[1:] == shape[1:]
    if not fits or samples.dtype != input.dtype:
        expected = f"{input.dtype} of shape {shape}, or of a larger batch"
        got = f"{samples.dtype} of shape {tuple(samples.shape)}"
        raise PoolingError(operation, "_random_samples", expected, got, input.shape)
    native = F.fractional_max_pool2d_with_indices if axes == 2 else F.fractional_max_pool3d_with_indices
    y, indices = native(input, window, size, _random_samples=samples)
    y, indices = keep_layout(y, input, axes), keep_layout(indices, input, axes)
    return (y, indices) if return_indices else y
