"""Undo a max pooling: write each maximum back to the cell that it came from, and zeros elsewhere."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from poolkit.arguments import Ints, read_numbers
from poolkit.errors import PoolingError
from poolkit.inputs import check_input
from poolkit.sliding import keep_layout

# As in poolkit.functional: one line for each argument would make the file hard to read.
# fmt: off


def max_unpool1d(input: Tensor, indices: Tensor, kernel_size: Ints, stride: Ints | None = None,
                 padding: Ints = 0, output_size: Ints | None = None) -> Tensor:
    """Undo ``max_pool1d`` on (batch,) channel, length: :func:`max_unpool2d` along one axis.

    >>> max_unpool1d(torch.tensor([[4.0, 5.0]]), torch.tensor([[1, 2]]), 2)
    tensor([[0., 4., 5., 0.]])
    """
    return _max_unpool(1, input, indices, kernel_size, stride, padding, output_size)


def max_unpool2d(input: Tensor, indices: Tensor, kernel_size: Ints, stride: Ints | None = None,
                 padding: Ints = 0, output_size: Ints | None = None) -> Tensor:
    """Write each maximum to the cell that the indices of ``max_pool2d`` name, and zeros elsewhere.

    If several values have the same index, the last one in row-major order is written, and only it gets
    gradient.

    :param input: (batch,) channel, height, width.
    :param indices: int64, in the shape of the input: the index of each value in the flattened output plane.
    :param kernel_size: Kernel size of the max pooling to undo. Pass its ``stride`` and ``padding``, too.
    :param output_size: Height and width of the output (or a whole shape), for when several sizes fit the
        window.
    :returns: (batch,) channel, output height, output width.
    :raises PoolingError: For arguments that torch refuses, an index outside the output among them.

    Source: Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks". Built in chapter
    12, The pooling zoo.

    >>> max_unpool2d(torch.tensor([[[5.0]]]), torch.tensor([[[3]]]), 2)
    tensor([[[0., 0.],
             [0., 5.]]])
    """
    return _max_unpool(2, input, indices, kernel_size, stride, padding, output_size)


def max_unpool3d(input: Tensor, indices: Tensor, kernel_size: Ints, stride: Ints | None = None,
                 padding: Ints = 0, output_size: Ints | None = None) -> Tensor:
    """Undo ``max_pool3d`` on (batch,) channel, depth, height, width, as :func:`max_unpool2d` does.

    >>> max_unpool3d(torch.ones(1, 1, 1, 1), torch.tensor([[[[1]]]]), (1, 1, 2))
    tensor([[[[0., 1.]]]])
    """
    return _max_unpool(3, input, indices, kernel_size, stride, padding, output_size)


# fmt: on


def _max_unpool(axes: int, input: Tensor, indices: Tensor, *arguments: Any) -> Tensor:
    operation = f"max_unpool{axes}d"
    check_input(input, axes, operation)
    if indices.dtype != torch.int64:
        raise PoolingError(operation, "indices", "int64", indices.dtype, input.shape)
    if indices.shape != input.shape:
        raise PoolingError(operation, "indices", "the input's shape", tuple(indices.shape), input.shape)
    size = _unpooled_size(input, axes, operation, *arguments)
    cells = math.prod(size)
    places, values = indices.flatten(-axes), input.flatten(-axes)
    if ((places < 0) | (places >= cells)).any():
        raise PoolingError(operation, "indices", f"from 0 to {cells - 1}", indices, input.shape)
    # Each output cell gathers its value. So a value that another one overwrites is never read, and gets no
    # gradient.
    order = torch.arange(places.shape[-1], device=input.device).expand_as(places)
    last = places.new_full((*places.shape[:-1], cells), -1).scatter_reduce(-1, places, order, "amax")
    output = values.gather(-1, last.clamp(min=0)).masked_fill(last < 0, 0)
    return keep_layout(output.view(input.shape[:-axes] + size), input, axes)


def _unpooled_size(
    input: Tensor, axes: int, operation: str, kernel_size: Ints, stride: Any, padding: Ints, output_size: Any
) -> tuple[int, ...]:
    """Compute the output size ``(n - 1) s - 2 p + k``, or return ``output_size`` if it is near enough."""
    kernel = read_numbers(kernel_size, axes, "kernel_size", operation)
    strides = kernel if stride is None else read_numbers(stride, axes, "stride", operation)
    pads = read_numbers(padding, axes, "padding", operation)
    terms = zip(input.shape[-axes:], kernel, strides, pads, strict=True)
    size = tuple((n - 1) * s - 2 * p + k for n, k, s, p in terms)
    if output_size is not None:
        asked = [output_size] if isinstance(output_size, int) else list(output_size)
        asked = asked[2:] if len(asked) == axes + 2 else asked
        if len(asked) != axes or any(abs(a - n) >= s for a, n, s in zip(asked, size, strides, strict=True)):
            expected = f"{axes} lengths, each less than a stride {strides} from {size}"
            raise PoolingError(operation, "output_size", expected, output_size, input.shape)
        size = tuple(asked)
    if min(size) < 1:
        raise PoolingError(operation, "output_size", "at least 1 along each axis", size, input.shape)
    return size
