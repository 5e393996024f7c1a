"""Small labelled images, made without a download: digits on a canvas, and pieces of three textures."""

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

CANVAS, SIDE = 16, 8  # cells along each axis of the canvas, and of a digit
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
    """Images for training, for the choice of the learning rate, and for the reported results."""

    train: Sample
    validation: Sample
    test: Sample


@cache
def digits() -> tuple[Array, Array]:
    """All 1,797 digits of scikit-learn, (image, row, column) with values from 0 to 4, and their labels.

    The values are divided by 4, so that a canvas has a standard deviation of about 1.
    """
    bunch = load_digits()
    return bunch.images / 4.0, bunch.target


def places(rng: np.random.Generator, count: int, moved: bool) -> Array:
    """Row and column of the top left corner of each digit.

    A digit is in the centre or, if moved, at a random place with a margin of at least one cell.
    """
    if not moved:
        return np.full((count, 2), CENTRE)
    return rng.integers(1, CANVAS - SIDE, (count, 2))


def on_canvas(images: Array, at: Array) -> Tensor:
    """Put digits (image, 8, 8) on empty canvases (image, 1, 16, 16); `at` has a row and a column for each."""
    canvas = np.zeros((len(images), 1, CANVAS, CANVAS), dtype=np.float32)
    for one, image, (row, column) in zip(canvas, images, at, strict=True):
        one[0, row : row + SIDE, column : column + SIDE] = image
    return torch.from_numpy(canvas)


@cache
def digits_split(seed: int, moved: bool) -> Split:
    """Split the digits: 597 are always the test images, and the seed deals out the other 1,200.

    The seed also draws the places of moved digits.

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
    """Pieces of 16 by 16 pixels of three photographs, each scaled to mean 0 and standard deviation 1.

    Training images come from the upper left of each photograph, validation images from the lower left, and
    test images from the right half.
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
