"""Pooling of regions and sets: spatial pyramids, boxes, and sets of weighted items."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from poolkit.arguments import Index, Ints, read_numbers
from poolkit.errors import PoolingError
from poolkit.functional import adaptive_avg_pool2d, adaptive_max_pool2d
from poolkit.inputs import check_input

Boxes = Tensor | Sequence[Tensor]


def spatial_pyramid_pool(input: Tensor, levels: Sequence[int] = (1, 2, 4), mode: str = "max") -> Tensor:
    """Pool to several grids of bins, and concatenate them into one vector.

    The vector has the same length for inputs of any height and width.

    :param input: (batch,) channel, height, width.
    :param levels: For each grid, its number of bins along height and along width.
    :param mode: ``"max"`` or ``"avg"``.
    :returns: (batch,) features: for each level in turn, the values of all bins of each channel.
    :raises PoolingError: For empty ``levels``, a level below 1, or an unknown mode.

    Source: He et al. 2014, "Spatial Pyramid Pooling in Deep Convolutional Networks for Visual Recognition".
    Built in chapter 13, Regions and sets.

    >>> spatial_pyramid_pool(torch.arange(4.0).view(1, 2, 2), levels=(1, 2))
    tensor([3., 0., 1., 2., 3.])
    """
    check_input(input, 2, "spatial_pyramid_pool")
    pools = {"max": adaptive_max_pool2d, "avg": adaptive_avg_pool2d}
    if not levels or min(levels) < 1:
        raise PoolingError("spatial_pyramid_pool", "levels", "numbers of bins, at least 1", levels)
    if mode not in pools:
        raise PoolingError("spatial_pyramid_pool", "mode", "max or avg", mode)
    return torch.cat([pools[mode](input, bins).flatten(-3) for bins in levels], dim=-1)


def roi_pool(input: Tensor, boxes: Boxes, output_size: Ints, spatial_scale: float = 1.0) -> Tensor:
    """Take the largest value of each bin of each box, with all borders rounded to whole cells.

    :param input: batch, channel, height, width.
    :param boxes: A tensor of shape box, 5: the batch index, then x and y of two opposite corners; the cells
        of both corners belong to the box. Or a list with one tensor of shape box, 4 for each image.
    :param output_size: Bins along height and width.
    :param spatial_scale: Cells of the input for each unit of the boxes.
    :returns: box, channel, output height, output width; a bin outside the input gives 0.
    :raises PoolingError: For boxes of another shape, or with a batch index outside the batch.

    Source: Girshick 2015, "Fast R-CNN". Built in chapter 13, Regions and sets.

    >>> roi_pool(torch.arange(16.0).view(1, 1, 4, 4), torch.tensor([[0.0, 0.0, 0.0, 2.0, 2.0]]), 1)
    tensor([[[[10.]]]])
    """
    images, corners, size = _read_boxes(input, boxes, output_size, "roi_pool")
    # Halves are rounded away from zero, as in the paper's code; torch.round would round them to even.
    corners = corners * spatial_scale
    corners = (corners.sign() * (corners.abs() + 0.5).floor()).long()
    outputs = [input.new_zeros((0, input.shape[1], *size))]
    for image, (left, top, right, bottom) in zip(images, corners.tolist(), strict=True):
        rows = _bins(top, bottom, size[0], input.shape[2])
        columns = _bins(left, right, size[1], input.shape[3])
        bins = [input[image, :, row, column].flatten(1) for row in rows for column in columns]
        # max, not amax, because max gives the whole gradient to one winner.
        largest = [cells.max(-1).values if cells.shape[1] else cells.sum(-1) for cells in bins]
        outputs.append(torch.stack(largest, -1).view(1, -1, *size))
    return torch.cat(outputs)


def roi_align(input: Tensor, boxes: Boxes, output_size: Ints, spatial_scale: float = 1.0,
              sampling_ratio: int = -1, aligned: bool = False) -> Tensor:  # fmt: skip
    """Take the mean of bilinear samples in each bin of each box; no border is rounded.

    Samples further than one cell outside the input count as 0. The boxes get no gradient.

    :param input: batch, channel, height, width.
    :param boxes: As for :func:`roi_pool`, but the corners are points, not cells.
    :param output_size: Bins along height and width.
    :param spatial_scale: Cells of the input for each unit of the boxes.
    :param sampling_ratio: Number of samples along each axis of a bin. If it is below 1: the length of a bin
        in cells, rounded up.
    :param aligned: Whether the centre of cell 0 has the coordinate 0.5, which is the correct choice. If
        False, it has the coordinate 0, and a box counts as at least one cell long along each axis.
    :returns: box, channel, output height, output width.
    :raises PoolingError: For boxes of another shape, or with a batch index outside the batch.

    Source: He et al. 2017, "Mask R-CNN". Built in chapter 13, Regions and sets.

    >>> ramp = torch.arange(4.0).expand(1, 1, 4, 4)
    >>> roi_align(ramp, torch.tensor([[0.0, 1.0, 1.0, 3.0, 3.0]]), 2, aligned=True)
    tensor([[[[1., 2.],
              [1., 2.]]]])
    """
    images, corners, size = _read_boxes(input, boxes, output_size, "roi_align")
    corners = corners * spatial_scale - (0.5 if aligned else 0.0)
    outputs = [input.new_zeros((0, input.shape[1], *size))]
    for image, (left, top, right, bottom) in zip(images, corners, strict=True):
        samples = input[image]
        for axis, start, end in ((1, top, bottom), (2, left, right)):
            length = end - start if aligned else (end - start).clamp(min=1)
            step = length / size[axis - 1]
            count = sampling_ratio if sampling_ratio > 0 else max(int(step.ceil()), 0)
            phases = (torch.arange(count, dtype=corners.dtype) + 0.5) / max(count, 1)
            bins = torch.arange(size[axis - 1])
            at = start + (bins[:, None] + phases).flatten() * step
            samples = _interpolate(samples, at.to(input.device), axis)
        if samples.numel() == 0:  # a box of length 0 has no samples if sampling_ratio is below 1
            outputs.append(input.new_zeros((1, input.shape[1], *size)))
            continue
        rows, columns = samples.shape[1] // size[0], samples.shape[2] // size[1]
        outputs.append(samples.view(1, -1, size[0], rows, size[1], columns).mean((3, 5)))
    return torch.cat(outputs)


def attention_pool(input: Tensor, scores: Tensor, mask: Tensor | None = None) -> Tensor:
    """Take the mean of a set's items, weighted by the softmax of their scores.

    :param input: batch, item, feature; or item, feature.
    :param scores: batch, item; or item. A larger score gives an item a larger weight.
    :param mask: Booleans in the shape of the scores: True for the items that count. If no item of a set
        counts, the result is 0.
    :returns: batch, feature; or feature.
    :raises PoolingError: For scores or a mask of another shape, or a mask that is not boolean.

    Source: Ilse, Tomczak and Welling 2018, "Attention-based Deep Multiple Instance Learning". Built in
    chapter 13, Regions and sets.

    >>> attention_pool(torch.tensor([[1.0], [3.0], [9.0]]), torch.zeros(3), torch.tensor([True, True, False]))
    tensor([2.])
    """
    expected = f"the shape {tuple(input.shape[:-1])}, one for each item"
    if input.dim() not in (2, 3) or not input.is_floating_point():
        got = f"{input.dtype} of {input.dim()} axes"
        raise PoolingError(
            "attention_pool", "input", "floating point (batch,) item, feature", got, input.shape
        )
    if scores.shape != input.shape[:-1]:
        raise PoolingError("attention_pool", "scores", expected, tuple(scores.shape), input.shape)
    if mask is not None:
        if mask.dtype != torch.bool or mask.shape != scores.shape:
            got = f"{mask.dtype} of shape {tuple(mask.shape)}"
            raise PoolingError("attention_pool", "mask", f"torch.bool of {expected}", got, input.shape)
        # Masked items may hold anything, even NaN, so they are set to 0. Their scores must be finite, because
        # otherwise the softmax of a set with only masked items would be NaN.
        input = input.masked_fill(~mask.unsqueeze(-1), 0)
        scores = scores.masked_fill(~mask, torch.finfo(scores.dtype).min)
    weights = scores.softmax(-1)
    return (weights.unsqueeze(-1) * input).sum(-2)


def _read_boxes(
    input: Tensor, boxes: Boxes, output_size: Ints, operation: str
) -> tuple[list[int], Tensor, Index]:
    """Read boxes in either form; return each box's image index, its corners (float32 or wider), the size."""
    check_input(input, 2, operation)
    size = read_numbers(output_size, 2, "output_size", operation)
    if min(size) < 1:
        raise PoolingError(operation, "output_size", "at least 1 along each axis", output_size, input.shape)
    if input.dim() != 4:
        raise PoolingError(operation, "input", "batch, channel, height, width", "3 axes", input.shape)
    if not isinstance(boxes, Tensor):
        counts = [len(own) for own in boxes]
        images = torch.arange(len(counts)).repeat_interleave(torch.tensor(counts, dtype=torch.int64))
        stacked = torch.cat([own.reshape(-1, own.shape[-1]) for own in boxes])
        boxes = torch.cat([images.to(stacked)[:, None], stacked], 1)
    if boxes.dim() != 2 or boxes.shape[1] != 5:
        raise PoolingError(
            operation, "boxes", "box, 5, or a tensor of box, 4 for each image", tuple(boxes.shape)
        )
    indices = [int(index) for index in boxes[:, 0].tolist()]
    if any(not 0 <= index < input.shape[0] for index in indices):
        raise PoolingError(
            operation, "boxes", f"image indices from 0 to {input.shape[0] - 1}", indices, input.shape
        )
    corners = boxes[:, 1:].detach().cpu().to(torch.promote_types(boxes.dtype, torch.float32))
    if not corners.isfinite().all():
        raise PoolingError(operation, "boxes", "finite corners", corners, input.shape)
    return indices, corners, size


def _bins(first: int, last: int, count: int, n: int) -> list[slice]:
    """Cut the cells from first to last into bins that may overlap, clipped to an axis of ``n`` cells."""
    length = max(last - first + 1, 1)
    cuts = [(first + o * length // count, first - (-(o + 1) * length // count)) for o in range(count)]
    return [slice(min(max(start, 0), n), min(max(end, 0), n)) for start, end in cuts]


def _interpolate(input: Tensor, at: Tensor, axis: int) -> Tensor:
    """Interpolate along an axis; up to one cell outside, points read the border cell, and further out 0."""
    n = input.shape[axis]
    inside = (at >= -1) & (at <= n)
    points = at.clamp(0, n - 1)
    low = points.floor().long()
    high = (low + 1).clamp(max=n - 1)
    shape = [1] * input.dim()
    shape[axis] = -1
    share = (points - low).to(input.dtype).view(shape)
    read = input.index_select(axis, low) * (1 - share) + input.index_select(axis, high) * share
    return torch.where(inside.view(shape), read, 0)
