"""Small labelled images that need no download: digits on an empty canvas, and pieces of three textures."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from skimage import data
from sklearn.datasets import load_digits
from torch import Tensor

# Lengths in cells along each axis: of the canvas, and of a digit.
CANVAS, SIDE = 16, 8
CENTRE = (CANVAS - SIDE) // 2
TRAINED, VALIDATED, TESTED = 1000, 200, 597  # images
TEXTURES = ("brick", "grass", "gravel")
Array = NDArray[Any]


@dataclass(frozen=True)
class Sample:
    """Images (image, channel, row, column) and their labels."""

    images: Tensor
    labels: Tensor


@dataclass(frozen=True)
class Split:
    """Three samples: for training, for the choice of the learning rate, and for the reported results."""

    train: Sample
    validation: Sample
    test: Sample


@cache
def digits() -> tuple[Array, Array]:
    """All 1,797 digits of scikit-learn as an array (image, row, column), and their labels.

    The original values from 0 to 16 are divided by 4, so that the standard deviation of a canvas is about 1.
    """
    bunch = load_digits()
    return bunch.images / 4.0, bunch.target


def places(rng: np.random.Generator, count: int, moved: bool) -> Array:
    """Choose a row and a column of the canvas for the top left corner of each digit.

    If `moved` is False, each digit is in the centre. Otherwise its place is random, with a margin of at least
    one cell.
    """
    if not moved:
        return np.full((count, 2), CENTRE)
    return rng.integers(1, CANVAS - SIDE, (count, 2))


def on_canvas(images: Array, at: Array) -> Tensor:
    """Put digits (image, 8, 8) on empty canvases (image, 1, 16, 16), at the rows and columns in `at`."""
    canvas = np.zeros((len(images), 1, CANVAS, CANVAS), dtype=np.float32)
    for one, image, (row, column) in zip(canvas, images, at, strict=True):
        one[0, row : row + SIDE, column : column + SIDE] = image
    return torch.from_numpy(canvas)


@cache
def digits_split(seed: int, moved: bool) -> Split:
    """Split the digits into 1,000 for training, 200 for validation and 597 for the test.

    The test digits are always the same. The seed decides which of the other digits are for training, and
    where moved digits are on their canvas.

    >>> split = digits_split(0, moved=True)
    >>> [len(one.labels) for one in (split.train, split.validation, split.test)]
    [1000, 200, 597]
    """
    images, labels = digits()
    fixed = np.random.default_rng(2026).permutation(len(labels))
    rng = np.random.default_rng(seed)
    rest = rng.permutation(fixed[TESTED:])
    chosen = rest[:TRAINED], rest[TRAINED : TRAINED + VALIDATED], fixed[:TESTED]
    return Split(
        *(
            Sample(on_canvas(images[one], places(rng, len(one), moved)), torch.from_numpy(labels[one]))
            for one in chosen
        )
    )


@cache
def textures_split(seed: int) -> Split:
    """Cut random pieces of 16 by 16 pixels from three photographs of textures, and split them.

    Each piece is scaled to mean 0 and standard deviation 1. Training images come from the upper left of each
    photograph, validation images from the lower left, and test images from the right half.
    """
    rng = np.random.default_rng(seed)
    photographs = [getattr(data, name)() / 255.0 for name in TEXTURES]
    height, width = photographs[0].shape
    parts = (
        (TRAINED, (0, 3 * height // 4), (0, width // 2)),
        (VALIDATED, (3 * height // 4, height), (0, width // 2)),
        (TESTED, (0, height), (width // 2, width)),
    )
    samples = []
    for count, rows, columns in parts:
        labels = rng.integers(0, len(TEXTURES), count)
        top = rng.integers(rows[0], rows[1] - CANVAS, count)
        left = rng.integers(columns[0], columns[1] - CANVAS, count)
        pieces = np.stack(
            [
                photographs[k][i : i + CANVAS, j : j + CANVAS]
                for k, i, j in zip(labels, top, left, strict=True)
            ]
        )
        pieces = pieces - pieces.mean((1, 2), keepdims=True)
        pieces = pieces / (pieces.std((1, 2), keepdims=True) + 1e-6)
        samples.append(Sample(torch.from_numpy(pieces[:, None].astype(np.float32)), torch.from_numpy(labels)))
    return Split(*samples)
