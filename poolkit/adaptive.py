"""Poolings to a given output size: adaptive pooling, and global pooling to one value for each channel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from poolkit import compiled, dispatch, fast
from poolkit.arguments import Index, Ints, read_numbers
from poolkit.errors import PoolingError
from poolkit.inputs import check_input
from poolkit.norms import spatial_rows
from poolkit.sliding import avg_pool, keep_layout
from poolkit.windows import Window

OutputSize = Ints | None | Sequence[int | None]
SMALL = 1 << 16  # cells

TORCH_AVG: tuple[Callable[..., Tensor], ...] = (
    F.adaptive_avg_pool1d,
    F.adaptive_avg_pool2d,
    F.adaptive_avg_pool3d,
)
TORCH_MAX: tuple[Callable[..., tuple[Tensor, Tensor]], ...] = tuple(
    getattr(F, f"adaptive_max_pool{axes}d_with_indices") for axes in (1, 2, 3)
)


def adaptive_avg_pool1d(input: Tensor, output_size: OutputSize) -> Tensor:
    """Pool (batch,) channel, length: :func:`adaptive_avg_pool2d` along one axis.

    >>> adaptive_avg_pool1d(torch.arange(5.0).view(1, 5), 3)
    tensor([[0.5000, 2.0000, 3.5000]])
    """
    return _adaptive_avg(input, output_size, 1)


def adaptive_avg_pool2d(input: Tensor, output_size: OutputSize) -> Tensor:
    """Take the mean of each bin; the bins divide each axis evenly and may overlap.

    Bin ``o`` of ``m`` reaches from the floor of ``o n / m`` to the ceiling of ``(o + 1) n / m``.

    :param input: (batch,) channel, height, width.
    :param output_size: How many bins along each axis, a number or two; None keeps the length of an axis.
    :returns: (batch,) channel, bins along the height, bins along the width.
    :raises PoolingError: For arguments that torch refuses.

    Source: He et al. 2014, "Spatial Pyramid Pooling in Deep Convolutional Networks". Built in chapter 7,
    Global and adaptive pooling.

    >>> adaptive_avg_pool2d(torch.arange(6.0).view(1, 2, 3), (1, None))
    tensor([[[1.5000, 2.5000, 3.5000]]])
    """
    return _adaptive_avg(input, output_size, 2)


def adaptive_avg_pool3d(input: Tensor, output_size: OutputSize) -> Tensor:
    """Pool (batch,) channel, depth, height, width: :func:`adaptive_avg_pool2d` along three axes.

    >>> adaptive_avg_pool3d(torch.arange(8.0).view(1, 2, 2, 2), 1)
    tensor([[[[3.5000]]]])
    """
    return _adaptive_avg(input, output_size, 3)


def adaptive_max_pool1d(input: Tensor, output_size: OutputSize, return_indices: bool = False) -> Any:
    """Pool (batch,) channel, length: :func:`adaptive_max_pool2d` along one axis.

    >>> adaptive_max_pool1d(torch.arange(5.0).view(1, 5), 3)
    tensor([[1., 3., 4.]])
    """
    return _adaptive_max(input, output_size, 1, return_indices)


def adaptive_max_pool2d(input: Tensor, output_size: OutputSize, return_indices: bool = False) -> Any:
    """Take the largest value of each of the bins of :func:`adaptive_avg_pool2d`.

    :param input: (batch,) channel, height, width.
    :param output_size: How many bins along each axis, a number or two; None keeps the length of an axis.
    :param return_indices: Whether to return also the index of each winner in the flattened plane.
    :returns: (batch,) channel, bins along height and width; with ``return_indices`` a pair of these.
    :raises PoolingError: For arguments that torch refuses.

    Source: He et al. 2014, "Spatial Pyramid Pooling in Deep Convolutional Networks". Built in chapter 7,
    Global and adaptive pooling.

    >>> adaptive_max_pool2d(torch.arange(6.0).view(1, 2, 3), 1, return_indices=True)
    (tensor([[[5.]]]), tensor([[[5]]]))
    """
    return _adaptive_max(input, output_size, 2, return_indices)


def adaptive_max_pool3d(input: Tensor, output_size: OutputSize, return_indices: bool = False) -> Any:
    """Pool (batch,) channel, depth, height, width: :func:`adaptive_max_pool2d` along three axes.

    >>> adaptive_max_pool3d(torch.arange(8.0).view(1, 2, 2, 2), 1)
    tensor([[[[7.]]]])
    """
    return _adaptive_max(input, output_size, 3, return_indices)


def global_avg_pool(input: Tensor) -> Tensor:
    """Take the mean of each channel.

    :param input: batch, channel, any spatial axes.
    :returns: batch, channel, and 1 for each spatial axis.

    Source: Lin, Chen and Yan 2013, "Network In Network". Built in chapter 7, Global and adaptive pooling.

    >>> global_avg_pool(torch.arange(4.0).view(1, 1, 2, 2))
    tensor([[[[1.5000]]]])
    """
    spatial = _spatial_axes(input.shape, input.dtype, "global_avg_pool")
    if (
        input.is_cpu and input.dtype in fast.BITS and input.numel() >= SMALL
    ):  # the gradient of a sum is a view, so it costs nothing
        return input.sum(spatial, True) / input[0, 0].numel()
    if input.is_floating_point():  # torch's mean reads each cell once, which cannot be faster
        return input.mean(spatial, True)
    rows = input.flatten(2)
    window = Window.of(rows.shape[-1], axes=1, operation="global_avg_pool")
    return avg_pool(rows, window, True).view(input.shape[:2] + (1,) * (input.dim() - 2))


def global_max_pool(input: Tensor) -> Tensor:
    """Take the largest value of each channel; the first of equal ones gets the gradient.

    :param input: batch, channel, any spatial axes.
    :returns: batch, channel, and 1 for each spatial axis.

    Source: GlobalMaxPool of the ONNX specification. Built in chapter 7, Global and adaptive pooling.

    >>> global_max_pool(torch.arange(4.0).view(1, 1, 2, 2))
    tensor([[[[3.]]]])
    """
    spatial = _spatial_axes(input.shape, input.dtype, "global_max_pool")
    reduced = (
        input.is_floating_point() and input.is_cpu and not (input.requires_grad and torch.is_grad_enabled())
    )
    if reduced and not (input.numel() >= SMALL and input.is_contiguous() and compiled.available()):
        largest = input.amax(spatial, True)
        if largest.all():  # of +0 and -0 amax may take either
            return largest
    axes, size = len(spatial), tuple(input.shape[2:])
    if axes <= 3 and input.numel() < SMALL:  # flattening a small input would take as long as pooling it
        small: Tensor = dispatch.max_pool(f"max_pool{axes}d", input, (size, 1, 0, 1, False), False)
        return small
    rows = input.flatten(2)
    y: Tensor = dispatch.max_pool("max_pool1d", rows, (rows.shape[-1], 1, 0, 1, False), False)
    return y.view(input.shape[:2] + (1,) * (input.dim() - 2))


@lru_cache(maxsize=1024)
def _spatial_axes(shape: torch.Size, dtype: torch.dtype, operation: str) -> tuple[int, ...]:
    """Check an input, and number its spatial axes."""
    spatial_rows(torch.empty(shape, dtype=dtype, device="meta"), operation)
    return tuple(range(2, len(shape)))


def _adaptive_avg(input: Tensor, output_size: OutputSize, axes: int) -> Tensor:
    size = _read_size(input, output_size, axes, f"adaptive_avg_pool{axes}d")
    return keep_layout(TORCH_AVG[axes - 1](input, size), input, axes)


def _adaptive_max(input: Tensor, output_size: OutputSize, axes: int, return_indices: bool) -> Any:
    size = _read_size(input, output_size, axes, f"adaptive_max_pool{axes}d")
    y, indices = (keep_layout(part, input, axes) for part in TORCH_MAX[axes - 1](input, size))
    return (y, indices) if return_indices else y


def _read_size(input: Tensor, output_size: OutputSize, axes: int, operation: str) -> Index:
    """Read the output size; unlike elsewhere, a sequence of one number does not count for all axes."""
    check_input(input, axes, operation)
    entries = list(output_size) if isinstance(output_size, Sequence) else [output_size] * axes
    if len(entries) != axes or (axes == 1 and None in entries):
        raise PoolingError(operation, "output_size", f"{axes} numbers", output_size, input.shape)
    kept = [n if entry is None else entry for entry, n in zip(entries, input.shape[-axes:], strict=True)]
    size = read_numbers(kept, axes, "output_size", operation)
    if min(size) < 0:
        raise PoolingError(operation, "output_size", "at least 0 along each axis", output_size, input.shape)
    return size
