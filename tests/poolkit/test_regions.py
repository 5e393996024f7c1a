"""Poolings of regions agree with loops that follow the papers; attention pooling agrees with a softmax."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch

import poolkit
from poolkit import PoolingError

BOXES = np.array(
    [
        [0, 0.0, 0.0, 3.0, 3.0],
        [1, 0.6, 1.2, 4.3, 5.1],
        [1, -3.0, 0.5, 3.2, 2.5],
        [0, 4.5, 2.0, 12.0, 9.5],
        [0, 2.0, 2.0, 2.0, 2.0],
        [1, 3.0, 4.0, 1.0, 1.0],
        [0, 20.0, 20.0, 30.0, 30.0],
    ],
    dtype=np.float32,
)


def images() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(2, 3, 6, 7))


def nearest(value: float) -> int:
    return int(math.copysign(math.floor(abs(value) + 0.5), value))


def loop_roi_pool(x: np.ndarray, boxes: np.ndarray, size: tuple[int, int], scale: float) -> np.ndarray:
    y = np.zeros((len(boxes), x.shape[1], *size))
    for box, (image, *corners) in enumerate(boxes.tolist()):
        left, top, right, bottom = (nearest(float(np.float32(corner * scale))) for corner in corners)
        height, width = max(bottom - top + 1, 1), max(right - left + 1, 1)
        for row, column in itertools.product(range(size[0]), range(size[1])):
            rows = range(top + row * height // size[0], top + math.ceil((row + 1) * height / size[0]))
            columns = range(
                left + column * width // size[1], left + math.ceil((column + 1) * width / size[1])
            )
            inside = [
                x[int(image), :, i, j]
                for i, j in itertools.product(rows, columns)
                if 0 <= i < x.shape[2] and 0 <= j < x.shape[3]
            ]
            if inside:
                y[box, :, row, column] = np.max(inside, axis=0)
    return y


def bilinear(plane: np.ndarray, y: float, x: float) -> np.ndarray:
    """Interpolate between the four cells around a point; points over one cell outside the plane give 0."""
    height, width = plane.shape[1:]
    if not (-1 <= y <= height and -1 <= x <= width):
        return np.zeros(plane.shape[0])
    y, x = min(max(y, 0), height - 1), min(max(x, 0), width - 1)
    total = np.zeros(plane.shape[0])
    for i, j in itertools.product(range(height), range(width)):
        total += plane[:, i, j] * max(0, 1 - abs(y - i)) * max(0, 1 - abs(x - j))
    return total


def loop_roi_align(
    x: np.ndarray, boxes: np.ndarray, size: tuple[int, int], scale: float, ratio: int, aligned: bool
) -> np.ndarray:
    y = np.zeros((len(boxes), x.shape[1], *size))
    for box, (image, *corners) in enumerate(boxes.tolist()):
        left, top, right, bottom = (corner * scale - 0.5 * aligned for corner in corners)
        height, width = bottom - top, right - left
        if not aligned:
            height, width = max(height, 1), max(width, 1)
        steps = height / size[0], width / size[1]
        counts = [ratio if ratio > 0 else math.ceil(step) for step in steps]
        for row, column in itertools.product(range(size[0]), range(size[1])):
            samples = [
                bilinear(
                    x[int(image)],
                    top + (row + (i + 0.5) / counts[0]) * steps[0],
                    left + (column + (j + 0.5) / counts[1]) * steps[1],
                )
                for i, j in itertools.product(range(counts[0]), range(counts[1]))
            ]
            if samples:
                y[box, :, row, column] = np.mean(samples, axis=0)
    return y


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (4, 2)])
@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_roi_pool(size: tuple[int, int], scale: float) -> None:
    got = poolkit.roi_pool(torch.from_numpy(images()), torch.from_numpy(BOXES), size, scale)
    np.testing.assert_array_equal(got.numpy(), loop_roi_pool(images(), BOXES, size, scale))


@pytest.mark.parametrize("size", [(1, 1), (2, 3), (4, 2)])
@pytest.mark.parametrize("scale", [1.0, 0.5])
@pytest.mark.parametrize("ratio", [-1, 1, 2])
@pytest.mark.parametrize("aligned", [False, True])
def test_roi_align(size: tuple[int, int], scale: float, ratio: int, aligned: bool) -> None:
    got = poolkit.roi_align(torch.from_numpy(images()), torch.from_numpy(BOXES), size, scale, ratio, aligned)
    expected = loop_roi_align(images(), BOXES, size, scale, ratio, aligned)
    np.testing.assert_allclose(got.numpy(), expected, atol=1e-5)


def test_roi_align_of_a_ramp_is_the_middle_of_each_bin() -> None:
    ramp = torch.arange(9.0).expand(1, 1, 9, 9)
    box = torch.tensor([[0, 1.0, 1.0, 7.0, 7.0]])
    got = poolkit.roi_align(ramp, box, 3, aligned=True)
    torch.testing.assert_close(got, torch.tensor([1.5, 3.5, 5.5]).expand(1, 1, 3, 3))


def test_boxes_by_image() -> None:
    x, boxes = torch.from_numpy(images()), torch.from_numpy(BOXES)
    order = boxes[:, 0].argsort(stable=True)
    lists = [boxes[boxes[:, 0] == image, 1:] for image in range(2)]
    for pool in (poolkit.roi_pool, poolkit.roi_align):
        assert torch.equal(pool(x, lists, 2), pool(x, boxes[order], 2))


def test_an_infinity_changes_only_the_boxes_that_hold_it() -> None:
    x = torch.zeros(1, 1, 8, 8)
    x[..., 0, 0] = torch.inf
    box = torch.tensor([[0, 4.0, 4.0, 7.0, 7.0], [0, 20.0, 20.0, 25.0, 25.0]])
    assert torch.equal(poolkit.roi_align(x, box, 2), torch.zeros(2, 1, 2, 2))


def test_pyramid() -> None:
    x = torch.from_numpy(images())
    for mode, reduce in (("max", torch.amax), ("avg", torch.mean)):
        got = poolkit.spatial_pyramid_pool(x, (1, 2), mode)
        whole = reduce(x, (2, 3))
        # The two bins along 7 columns overlap in the middle column.
        parts = [
            reduce(x[:, :, rows, columns], (2, 3))
            for rows in (slice(0, 3), slice(3, 6))
            for columns in (slice(0, 4), slice(3, 7))
        ]
        torch.testing.assert_close(got, torch.cat([whole, torch.stack(parts, -1).flatten(1)], 1))


def test_attention() -> None:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(2, 5, 3, dtype=torch.float64, generator=generator)
    scores = torch.randn(2, 5, dtype=torch.float64, generator=generator)
    mask = torch.tensor([[True, True, False, True, False], [False] * 5])
    # The values of masked items must not matter.
    x[0, 2] = torch.nan
    got = poolkit.attention_pool(x, scores, mask)
    chosen = mask[0]
    weights = scores[0, chosen].exp() / scores[0, chosen].exp().sum()
    torch.testing.assert_close(got[0], (weights[:, None] * x[0, chosen]).sum(0))
    assert torch.equal(got[1], torch.zeros(3, dtype=torch.float64))
    order = torch.randperm(5, generator=generator)
    torch.testing.assert_close(poolkit.attention_pool(x[:, order], scores[:, order], mask[:, order]), got)
    torch.testing.assert_close(poolkit.attention_pool(x[1], torch.zeros(5).double()), x[1].mean(0))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda x: poolkit.roi_pool(x, torch.zeros(1, 4), 2),
            r"roi_pool: boxes: expected box, 5, .* got \(1, 4\)",
        ),
        (
            lambda x: poolkit.roi_align(x, torch.full((1, 5), 2.0), 2),
            r"roi_align: boxes: .* 0 to 1, got \[2\]",
        ),
        (
            lambda x: poolkit.roi_align(x, torch.tensor([[0, 0, 0, torch.nan, 1]]), 2),
            "roi_align: boxes: expected finite",
        ),
        (
            lambda x: poolkit.roi_pool(x[0], torch.zeros(1, 5), 2),
            "roi_pool: input: expected batch, .* got 3 axes",
        ),
        (lambda x: poolkit.roi_pool(x, torch.zeros(1, 5), 0), "roi_pool: output_size: expected at least 1"),
        (lambda x: poolkit.spatial_pyramid_pool(x, ()), "spatial_pyramid_pool: levels: .* at least 1"),
        (lambda x: poolkit.spatial_pyramid_pool(x, (1,), "sum"), "spatial_pyramid_pool: mode: .* got sum"),
        (
            lambda x: poolkit.attention_pool(x[0], torch.zeros(3, 6, 1)),
            r"attention_pool: scores: .*\(3, 6\).*got \(3, 6, 1\)",
        ),
        (
            lambda x: poolkit.attention_pool(x[0], torch.zeros(3, 6), torch.ones(3, 6)),
            "attention_pool: mask: .* torch.bool",
        ),
        (lambda x: poolkit.attention_pool(x, torch.zeros(2, 3, 6)), "attention_pool: input: .* 4 axes"),
    ],
)
def test_wrong_arguments_are_refused(call: object, message: str) -> None:
    with pytest.raises(PoolingError, match=f"^{message}"):
        call(torch.from_numpy(images()))  # type: ignore[operator]
