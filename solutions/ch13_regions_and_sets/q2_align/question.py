"""ROIAlign of one plane, with the mean or the maximum of its samples."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, negative, positive
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

Generator = np.random.Generator
Array = NDArray[Any]
Box = tuple[float, float, float, float]
RAMP, BETWEEN, GREATEST, BORDER = "a ramp", "between cells", "the greatest sample", "beyond the border"


def _align(x: Array, box: Box, outputs: tuple[int, int], samples: int, operation: str) -> Array:
    """Interpolates along columns, then along rows; np.interp repeats the border.

    A test compares this reference with poolkit.
    """
    left, top, right, bottom = box
    rows, columns = outputs
    down = top + (np.arange(rows * samples) + 0.5) * (bottom - top) / (rows * samples) - 0.5
    across = left + (np.arange(columns * samples) + 0.5) * (right - left) / (columns * samples) - 0.5
    along_columns = np.stack([np.interp(down, np.arange(x.shape[0]), column) for column in x.T], axis=1)
    fine = np.stack([np.interp(across, np.arange(x.shape[1]), row) for row in along_columns])
    parts = fine.reshape(rows, samples, columns, samples)
    return np.asarray(parts.mean(axis=(1, 3)) if operation == "mean" else parts.max(axis=(1, 3)))


def _anywhere(rng: Generator) -> Case:
    """Boxes anywhere, even outside the plane; some have corners at whole numbers or halves."""
    h, w = (int(side) for side in rng.integers(1, 7, 2))
    corners, sizes = rng.uniform(-4, 9, 2), rng.uniform(0.1, 9, 2)
    if rng.random() < 0.3:
        corners, sizes = np.round(corners), np.ceil(sizes) / 2
    box = (*corners.tolist(), *(corners + sizes).tolist())
    outputs, samples = tuple(rng.integers(1, 4, 2).tolist()), int(rng.integers(1, 4))
    return Case(BORDER, arrays(anything(rng, h, w), box, outputs, samples, str(rng.choice(["mean", "max"]))))


def _cases(rng: Generator) -> list[Case]:
    def case(
        group: str, x: Array, box: Box, outputs: tuple[int, int], samples: int, operation: str, note: str
    ) -> Case:
        return Case(group, arrays(x, box, outputs, samples, operation), note)

    def ramp(h: int, w: int) -> Array:
        down, across = rng.permutation([2.0, 3, 5, 7])[:2]
        return np.asarray(down * np.arange(h)[:, None] + across * np.arange(w) + rng.integers(1, 9))

    def place(left: float, top: float, width: float, height: float) -> Box:
        """A box shifted by a random whole number of cells.

        The fractions are fixed: every corner is changed by rounding, and no sample is at a cell's centre.
        """
        left, top = left + int(rng.integers(0, 3)), top + int(rng.integers(0, 3))
        return left, top, round(left + width, 3), round(top + height, 3)

    # no number is near 0 among large ones, because rounding errors would be large beside it
    below = negative(rng, 9, 11) - 100
    return [
        case(
            RAMP, ramp(9, 11), place(1.4, 1.2, 3.9, 4.4), (2, 3), 2, "mean", "a ramp, bins of unequal sides"
        ),
        case(
            RAMP, ramp(9, 10), place(1.3, 1.4, 2.9, 3.3), (1, 2), 1, "mean", "a ramp, one sample in each bin"
        ),
        case(BETWEEN, positive(rng, 9, 11), place(1.4, 1.2, 3.9, 4.4), (2, 3), 2, "mean", "2 by 2 samples"),
        case(BETWEEN, positive(rng, 10, 9), place(1.3, 1.4, 2.6, 4.7), (3, 2), 3, "mean", "3 by 3 samples"),
        case(
            GREATEST, positive(rng, 9, 11), place(1.4, 1.2, 3.9, 4.4), (2, 3), 2, "max", "greatest of 2 by 2"
        ),
        case(
            GREATEST, positive(rng, 10, 9), place(1.3, 1.4, 2.6, 4.7), (3, 2), 3, "max", "greatest of 3 by 3"
        ),
        case(GREATEST, below, place(1.4, 1.2, 3.9, 4.4), (2, 3), 2, "max", "all below zero"),
        case(GREATEST, 1e300 * below, place(1.4, 1.2, 3.9, 4.4), (2, 3), 2, "max", "all far below zero"),
        case(BORDER, positive(rng, 5, 6), (-2.6, -1.7, 8.1, 7.4), (3, 4), 2, "mean", "larger than the plane"),
        case(
            BORDER,
            positive(rng, 5, 7),
            (4.6, 2.7, 10.3, 7.2),
            (2, 2),
            2,
            "mean",
            "a box over the last corner",
        ),
    ]


_BOX = "left, top, right, bottom = box"
_READ = "return (1 - b) * upper + b * lower"

MISTAKES = (
    Mistake(
        "half_a_cell_off",
        "All samples are read half a cell too far to the right and to the bottom.",
        "Where is the centre of the first cell?",
        (("row - 0.5", "row"), ("column - 0.5", "column")),
    ),
    Mistake(
        "corners_rounded",
        "The corners were rounded to whole cells first. That is what ROIAlign does away with.",
        "By how much does rounding move a corner at most?",
        ((_BOX, "left, top, right, bottom = (round(corner) for corner in box)"),),
    ),
    Mistake(
        "nearest_cell",
        "Each sample shows the nearest cell, not a mix of the four around it.",
        "What stands halfway between a cell of 2 and a cell of 4?",
        ((_READ, "return x[i1 if b > 0.5 else i0, j1 if a > 0.5 else j0]"),),
    ),
    Mistake(
        "samples_at_the_start",
        "The samples of a bin begin at its corner. They should stand in the middle of its parts.",
        "Where do two samples stand in a bin that reaches from 0 to 4?",
        (("(p + 0.5)", "p"), ("(q + 0.5)", "q")),
    ),
    Mistake(
        "one_sample",
        "Each bin was read at one point, its middle. On a ramp nobody sees that.",
        "How many samples does a bin have?",
        (("h, w = x.shape", "h, w = x.shape\n    samples = 1"),),
    ),
    Mistake(
        "axes_swapped",
        "Rows and columns of the corners changed places.",
        "In which order do the corners come: along the row first, or down the column?",
        ((_BOX, "top, left, bottom, right = box"),),
    ),
    Mistake(
        "bins_swapped",
        "The height was divided by the number of columns, and the width by the number of rows.",
        "Which entry of `outputs` counts rows?",
        (
            ("(bottom - top) / rows", "(bottom - top) / columns"),
            ("(right - left) / columns", "(right - left) / rows"),
        ),
    ),
    Mistake(
        "zero_outside",
        "Samples outside the plane count as 0. They should read the nearest point of the border.",
        "What does a sample read that lies above the first row?",
        ((_READ, _READ + " if 0 <= row <= h and 0 <= column <= w else 0.0"),),
    ),
    Mistake(
        "always_the_mean",
        "The mean came out where the greatest sample was asked for.",
        "Which line of your code reads `operation`?",
        (('np.mean(seen) if operation == "mean" else np.max(seen)', "np.mean(seen)"),),
    ),
    Mistake(
        "weights_of_the_mix_swapped",
        "The nearer cell got the smaller weight: the fractions of the mix were swapped.",
        "A point lies a quarter of the way from cell 1 to cell 2. Which of the two counts more?",
        (
            ("upper = (1 - a) * x[i0, j0] + a * x[i0, j1]", "upper = a * x[i0, j0] + (1 - a) * x[i0, j1]"),
            ("lower = (1 - a) * x[i1, j0] + a * x[i1, j1]", "lower = a * x[i1, j0] + (1 - a) * x[i1, j1]"),
            (_READ, "return b * upper + (1 - b) * lower"),
        ),
    ),
)

QUESTION = Question(
    place=__file__,
    title="ROIAlign",
    task="Build ROIAlign for one plane, with the mean or the greatest of its samples",
    name="roi_align_plane",
    points=4,
    library="numpy",
    groups=(Group(RAMP, 0.3), Group(BETWEEN, 0.25), Group(GREATEST, 0.25), Group(BORDER, 0.2)),
    draw=_cases,
    reference=_align,
    mistakes=MISTAKES,
    hints=(
        (
            "There are two questions: where are the samples, and what does a sample read? Nothing is "
            "rounded, except to find the four cells around a point."
        ),
        (
            "A bin is (bottom - top) / rows high. Cut it into equal parts, and put a sample in the middle of "
            "each. In terms of centres, a point at row 2.8 lies at 2.3: between the cells 2 and 3, three "
            "tenths of the way."
        ),
        (
            "Subtract one half, and clamp to 0 and to h - 1 (w - 1). Round down for the upper cell, and add "
            "1 for the lower, but do not go beyond the last cell. Mix along the row twice, then down the "
            "column once, with the fractions as weights."
        ),
    ),
    tolerance=1e-6,
    anywhere=_anywhere,
    shrinks=(),
)
