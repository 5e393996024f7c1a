"""Predict three rows of adaptive averages on paper."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit import reference
from poolkit.bins import Bins

NAMES = ("seven cells, three bins", "four cells, three bins", "two cells, four bins")


def _predict() -> tuple[list[float], ...]:
    rows = (([3, 0, 6, 9, 0, 3, 6], 3), ([8, 4, 2, 6], 3), ([5, 7], 4))
    averaged = (
        reference.avg_pool(np.array(row, float), Bins.adaptive((len(row),), (bins,))) for row, bins in rows
    )
    return tuple(row.tolist() for row in averaged)


def _cases(rng: np.random.Generator) -> list[Case]:
    return [Case(name, part=(index,), note=f"the row for {name}") for index, name in enumerate(NAMES)]


_PREDICTED = "[3, 5, 3], [6, 3, 4], [5, 5, 7, 7]"


def _instead(rows: str) -> tuple[tuple[str, str], ...]:
    return ((_PREDICTED, rows),)


MISTAKES = (
    Mistake(
        "rest_dropped",
        "All bins got the same length, and the cells that were left over at the end were dropped.",
        "Into which bin should the last cell of seven go?",
        _instead("[1.5, 7.5, 1.5], [8, 4, 2], [5, 7, 7, 7]"),
    ),
    Mistake(
        "cut_without_overlap",
        "The row was cut into pieces that do not overlap, the longer ones first.",
        "Where does the second bin of 7 cells in 3 start: what is 1 * 7 / 3, rounded down?",
        _instead("[3, 4.5, 4.5], [6, 2, 6], [5, 7, 7, 7]"),
    ),
    Mistake(
        "pieces_where_there_are_enough_cells",
        "The first two rows were cut into pieces that share nothing. Bins that do not divide the row "
        "overlap.",
        "Where does the second bin of 7 cells in 3 start: what is 1 * 7 / 3, rounded down?",
        _instead("[3, 4.5, 4.5], [6, 2, 6], [5, 5, 7, 7]"),
    ),
    Mistake(
        "interpolated",
        "The last row was interpolated. An output is the mean of whole cells.",
        "Which cells does the second of 4 bins over 2 cells hold: what is 2 * 2 / 4, rounded up?",
        _instead("[3, 5, 3], [6, 3, 4], [5, 6, 6, 7]"),
    ),
    Mistake(
        "end_rounded_down",
        "The ends of the bins were rounded down. Starts are rounded down, ends up.",
        "Where does the first bin of 7 cells in 3 end: what is 7 / 3, rounded up?",
        _instead("[1.5, 7.5, 3], [8, 4, 4], [5, 5, 7, 7]"),
    ),
    Mistake(
        "sum",
        "These are the sums of the bins.",
        "How many cells does each bin hold?",
        _instead("[9, 15, 9], [12, 6, 8], [5, 5, 7, 7]"),
    ),
    Mistake(
        "maximum",
        "These are the greatest numbers of the bins.",
        "How much does a number count that is not the greatest?",
        _instead("[6, 9, 6], [8, 4, 6], [5, 5, 7, 7]"),
    ),
    Mistake(
        "no_more_bins_than_cells",
        "The last row has two numbers, but four bins were asked for.",
        "May one cell belong to two bins?",
        _instead("[3, 5, 3], [6, 3, 4], [5, 7]"),
    ),
    Mistake(
        "bins_as_kernel",
        "The number of bins was taken for the length of the window.",
        "How many outputs does an adaptive pooling to 3 have?",
        _instead("[3, 4], [14 / 3], [6]"),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Predict",
    task="Predict three rows of adaptive averages",
    name="predict",
    points=2,
    library="numpy",
    groups=(Group(NAMES[0], 0.4), Group(NAMES[1], 0.3), Group(NAMES[2], 0.3)),
    draw=_cases,
    reference=_predict,
    mistakes=MISTAKES,
    hints=(
        (
            "You are told how many outputs there are. The bins follow from that; every cell must be in one "
            "of them."
        ),
        (
            "Bin o of m, over n cells, starts at o * n / m rounded down and ends before (o + 1) * n / m "
            "rounded up."
        ),
        "Seven cells in three bins: cells 0 to 2, 2 to 4, 4 to 6. Four in three: 0 and 1, 1 and 2, 2 and 3.",
    ),
    loose=True,
)
