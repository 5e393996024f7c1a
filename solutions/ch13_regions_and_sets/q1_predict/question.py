"""Predict the length of a pyramid, the rounding of ROI pooling, and a weighted mean with a mask."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question

PYRAMID, REGION, ATTENTION = "the length of a pyramid", "ROI pooling", "attention with a mask"


def _predict() -> tuple[int, list[float], float]:
    """Computes all three in numpy, because a prediction should not need torch."""
    length = sum(4 * bins * bins for bins in (1, 2, 4))
    row = np.arange(9.0, -1, -1)
    first, last = round(1.6), round(5.4)  # both cells belong to the region
    region = row[first : last + 1].reshape(2, 2).max(axis=1)
    items, scores = np.array([3.0, 7.0]), np.array([0.0, np.log(3)])  # the third item is masked
    weights = np.exp(scores) / np.exp(scores).sum()
    return length, region.tolist(), round(float(weights @ items), 6)


def _cases(rng: np.random.Generator) -> list[Case]:
    return [Case(name, part=(index,), note=name) for index, name in enumerate((PYRAMID, REGION, ATTENTION))]


_LENGTH = "84,"
_REGION = "[7, 5]"
_POOLED = "], 6"

MISTAKES = (
    Mistake(
        "bins_along_one_axis",
        "Each level was counted along one axis. A level of 4 is a grid of 4 by 4.",
        "How many bins does a grid of 2 by 2 have?",
        ((_LENGTH, "28,"),),
    ),
    Mistake(
        "one_channel",
        "This is the length for one channel.",
        "How many channels are there?",
        ((_LENGTH, "21,"),),
    ),
    Mistake(
        "finest_level_alone",
        "Only the finest grid was counted. All levels are strung together.",
        "How many numbers does the level of one bin add?",
        ((_LENGTH, "64,"),),
    ),
    Mistake(
        "rounded_down",
        "Both corners were rounded down. They are rounded to the nearest cell.",
        "Which whole number is nearest to 1.6?",
        ((_REGION, "[8, 6]"),),
    ),
    Mistake(
        "end_left_out",
        "The last cell was left out. ROI pooling counts both corners in.",
        "How many cells does a box from 2 to 5 hold if both ends are in?",
        ((_REGION, "[7, 6]"),),
    ),
    Mistake(
        "last_cells",
        "These are the values at the ends of the bins. The row falls: its greatest value stands first.",
        "Which cell of a falling row wins?",
        ((_REGION, "[6, 4]"),),
    ),
    Mistake(
        "masked_takes_part",
        "The third item took part. The mask says that it is not there.",
        "What is the weight of an item that is not there?",
        ((_POOLED, "], 10"),),
    ),
    Mistake(
        "mask_as_zero",
        "The third item counts as 0, but it still has a weight.",
        "What do the weights of the first two items add up to?",
        ((_POOLED, "], 4.8"),),
    ),
    Mistake(
        "plain_mean",
        "This is the plain mean. The scores differ, and so do the weights.",
        "How much does the second item weigh beside the first?",
        ((_POOLED, "], 5"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Predict",
    task="Predict a length, two pooled numbers and a weighted mean",
    name="predict",
    points=2,
    library="numpy",
    groups=(Group(PYRAMID, 0.3), Group(REGION, 0.4), Group(ATTENTION, 0.3)),
    draw=_cases,
    reference=_predict,
    mistakes=MISTAKES,
    hints=(
        (
            "Take the three one by one. How many bins does each level have? Which cells remain after "
            "rounding? Which weights add up to 1?"
        ),
        (
            "The levels have 1, 4 and 16 bins, for each channel. The corners are rounded to the nearest "
            "cell, and both belong to the box. exp(0) is 1, and exp(log 3) is 3."
        ),
        (
            "The box holds the cells 2 to 5; each bin holds two of them, and the row falls. The weights of "
            "the two items are 1 and 3 of 4 parts."
        ),
    ),
    loose=True,
)
