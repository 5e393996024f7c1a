"""Make a photograph smaller by averaging blocks of pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit import reference
from poolkit.windows import Window

from ...planes import a_number

Generator = np.random.Generator
Array = NDArray[Any]

MEANS, ROUNDING, BRIGHT, REST = "means", "rounding", "bright photographs", "sides that do not divide"


def _smaller(photo: Array, factor: int) -> Array:
    planes = np.moveaxis(photo, 2, 0).astype(np.float64)
    means = reference.avg_pool(planes, Window.of(factor))
    return np.asarray(np.floor(np.moveaxis(means, 0, 2) + 0.5), dtype=np.uint8)


def _blocks(rng: Generator, rows: int, columns: int, low: int, high: int, offsets: list[int]) -> Array:
    """Return a photograph of 2 by 2 blocks: each has its own level, plus the offsets in a random order."""
    levels = rng.permutation(np.arange(low, high))[: rows * columns * 3].reshape(rows, columns, 3)
    photo = np.repeat(np.repeat(levels, 2, axis=0), 2, axis=1)
    for i, j, colour in np.ndindex(rows, columns, 3):
        block = rng.permutation(offsets).reshape(2, 2)
        photo[2 * i : 2 * i + 2, 2 * j : 2 * j + 2, colour] += block
    return photo.astype(np.uint8)


def _ninths(rng: Generator) -> Array:
    """Return a photograph of 3 by 3 blocks whose means end in 0 to 8 ninths, each in two blocks."""
    photo = rng.integers(20, 60, size=(2, 3, 3, 3, 3))  # block row, row, block column, column, colour
    blocks = photo.swapaxes(1, 2).reshape(6, 9, 3)
    rests = rng.permutation(np.arange(18) % 9).reshape(6, 3)
    blocks[:, 0] += (rests - blocks.sum(axis=1)) % 9
    return blocks.reshape(2, 3, 3, 3, 3).swapaxes(1, 2).reshape(6, 9, 3).astype(np.uint8)


def _cases(rng: Generator) -> list[Case]:
    even = [-5, -1, 2, 4]  # adds up to 0: the mean is the level, and no cell has that value
    halves = [-5, -1, 3, 5]  # adds up to 2: the mean is one half above the level
    nearly = [-5, -1, 4, 5]  # adds up to 3: the mean is three quarters above the level
    thirds = np.stack([rng.permutation(np.arange(1, 20))[:9].reshape(3, 3) for _ in range(3)], axis=2)
    thirds[0, 0] += -thirds.sum(axis=(0, 1)) % 9
    whole = _blocks(rng, 2, 3, 10, 50, even)
    odd = np.pad(_blocks(rng, 2, 3, 10, 50, even), ((0, 1), (0, 1), (0, 0)), constant_values=7)
    return [
        Case(MEANS, arrays(whole, 2), "4 by 6, dark, every mean is whole"),
        Case(MEANS, arrays(thirds.astype(np.uint8), 3), "3 by 3, factor 3, every mean is whole"),
        Case(ROUNDING, arrays(_blocks(rng, 2, 3, 10, 50, halves), 2), "every mean ends in one half"),
        Case(ROUNDING, arrays(_blocks(rng, 2, 2, 10, 50, nearly), 2), "every mean ends in three quarters"),
        Case(ROUNDING, arrays(_ninths(rng), 3), "6 by 9, factor 3, means that end in every ninth"),
        Case(BRIGHT, arrays(_blocks(rng, 2, 3, 200, 248, even), 2), "bright, every mean is whole"),
        Case(REST, arrays(odd, 2), "5 by 7, factor 2"),
        Case(
            REST,
            arrays(np.pad(_ninths(rng), ((0, 2), (0, 1), (0, 0)), constant_values=7), 3),
            "8 by 10, factor 3",
        ),
    ]


def _any_photo(rng: Generator) -> Case:
    """Draw any bytes, and any factor for which at least one block fits."""
    factor = a_number(rng, 1, 6)
    h, w = (factor * a_number(rng, 1, 3) + a_number(rng, 0, factor - 1) for _ in range(2))
    return Case(MEANS, arrays(rng.integers(0, 256, size=(h, w, 3), dtype=np.uint8), factor))


_MEAN = "means = blocks.mean(axis=(1, 3))"
_ROUND = "return np.floor(means + 0.5).astype(np.uint8)"

MISTAKES = (
    Mistake(
        "picked",
        "Every output is one pixel of the photograph: the others were thrown away unseen.",
        "How many pixels should each output depend on?",
        ((_MEAN, "means = blocks[:, 0, :, 0].astype(float)"),),
    ),
    Mistake(
        "maximum",
        "Every output is the brightest pixel of its block.",
        "What does a camera's pixel do with the light that falls on it?",
        ((_MEAN, "means = blocks.max(axis=(1, 3)).astype(float)"),),
    ),
    Mistake(
        "divided_once",
        "The photograph is too bright: the sums were divided by factor, and not by the pixels of a block.",
        "How many pixels does a block of factor by factor hold?",
        ((_MEAN, "means = np.minimum(blocks.sum(axis=(1, 3)) / factor, 255)"),),
    ),
    Mistake(
        "sum_wrapped",
        "Bright photographs turn dark. The sum was kept in a byte, which starts again at 0 after 255.",
        "What is 200 + 100 in uint8?",
        ((_MEAN, "means = blocks.sum(axis=(1, 3), dtype=np.uint8) / factor**2"),),
    ),
    Mistake(
        "cut",
        "The means were cut to whole numbers, not rounded: turning them into bytes drops all that stands "
        "after the decimal point.",
        "If a mean is 2.75, what does your code make of it, and which whole number is nearest?",
        ((_ROUND, "return means.astype(np.uint8)"),),
    ),
    Mistake(
        "halves_to_even",
        "Some halves went down. That is what np.round does: it takes the even neighbour.",
        "Where should 12.5 go, and where does np.round send it?",
        ((_ROUND, "return np.round(means).astype(np.uint8)"),),
    ),
    Mistake(
        "not_bytes",
        "The values are means, but the dtype is not that of a photograph.",
        "What is the dtype of the photograph that came in?",
        ((_ROUND, "return np.floor(means + 0.5)"),),
    ),
    Mistake(
        "wide_whole_numbers",
        "The numbers are right, but each takes eight bytes: the dtype is not that of a photograph.",
        "Which dtype holds the numbers from 0 to 255 in one byte?",
        ((_ROUND, "return np.floor(means + 0.5).astype(np.int64)"),),
    ),
    Mistake(
        "colours_mixed",
        "All three colours of the output are the same: the mean was taken over them too.",
        "Which of the axes hold rows and columns?",
        ((_MEAN, "means = np.repeat(blocks.mean(axis=(1, 3, 4))[:, :, None], colours, axis=2)"),),
    ),
    Mistake(
        "blocks_interleaved",
        "The pixels of one output lie far apart in the photograph, not side by side.",
        "After reshape, which pixels of a row share an index along the axis of length factor?",
        (
            ("(height, factor, width, factor, colours)", "(factor, height, factor, width, colours)"),
            (_MEAN, "means = blocks.mean(axis=(0, 2))"),
        ),
    ),
    Mistake(
        "rest_kept",
        "A photograph whose sides factor does not divide raises an error.",
        "How many rows of the photograph belong to whole blocks?",
        (("kept = photo[: height * factor, : width * factor]", "kept = photo"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="A photograph made smaller",
    task="Make a photograph smaller",
    name="downsample",
    points=3,
    library="numpy",
    groups=(Group(MEANS, 0.3), Group(ROUNDING, 0.25), Group(BRIGHT, 0.2), Group(REST, 0.25)),
    draw=_cases,
    anywhere=_any_photo,
    reference=_smaller,
    mistakes=MISTAKES,
    hints=(
        (
            "This is average pooling with stride factor, for each colour alone. What is new is the last "
            "axis, and the bytes."
        ),
        (
            "Leave out the rows and columns that fill no block. Take the mean in floating point, and "
            "convert it to bytes at the end."
        ),
        (
            "Reshape to (height, factor, width, factor, colours), so that axes 1 and 3 run over the "
            "pixels of a block. To round halves up, add one half and take the floor."
        ),
    ),
    shrinks=(),
)
