"""Choose sizes for which adaptive bins have a wanted property."""

from __future__ import annotations

import itertools

import numpy as np

from poolgrader.calls.values import Array, Plain
from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit.bins import Bins

MOST = 64
SLIDING, UNEQUAL, STRETCHED = (
    "a sliding window in disguise",
    "bins of unequal length",
    "a row that is stretched",
)
Spans = tuple[tuple[int, int], ...]


def _choose() -> tuple[tuple[int, int], ...]:
    return (5, 4), (11, 4), (3, 9)


def _cases(rng: np.random.Generator) -> list[Case]:
    wanted = ((SLIDING, _sliding), (UNEQUAL, _unequal), (STRETCHED, _stretched))
    return [
        Case(name, part=(index,), note=f"pair {index + 1}, {name}", hidden=check)
        for index, (name, check) in enumerate(wanted)
    ]


def _accepts(case: Case, value: Plain) -> str:
    """Return what is wrong with one pair, or "" if nothing is."""
    if isinstance(value, Array):
        value = value.data.tolist()
    if isinstance(value, tuple | list):
        value = [one.data.item() if isinstance(one, Array) and one.data.size == 1 else one for one in value]
    if not isinstance(value, list) or len(value) != 2 or not all(type(one) is int for one in value):
        return "A pair of whole numbers was asked for: cells, bins."
    cells, bins = value
    if not (2 <= cells <= MOST and 2 <= bins <= MOST):
        return f"Cells and bins must be from 2 to {MOST}."
    trouble: str = case.hidden(cells, bins, Bins.adaptive((cells,), (bins,)).spans[0])
    return trouble


def _lengths(spans: Spans) -> list[int]:
    return [end - start for start, end in spans]


def _sliding(cells: int, bins: int, spans: Spans) -> str:
    if bins >= cells:
        return "There must be fewer bins than cells."
    if cells % bins == 0:
        return "The bins stand side by side and share no cell. They should overlap."
    steps = {after[0] - before[0] for before, after in itertools.pairwise(spans)}
    if len(set(_lengths(spans))) > 1 or len(steps) > 1:
        return "The bins overlap, but they are no sliding window: their lengths or their steps differ."
    return ""


def _unequal(cells: int, bins: int, spans: Spans) -> str:
    if bins < 4:
        return "At least four bins were asked for."
    if cells <= bins:
        return "There must be more cells than bins."
    if len(set(_lengths(spans))) == 1:
        return "All bins have the same length."
    return ""


def _stretched(cells: int, bins: int, spans: Spans) -> str:
    if bins <= cells:
        return "There must be more bins than cells."
    if max(_lengths(spans)) > 1:
        return "Some bin holds two cells, so that their mean appears in the output."
    return ""


_CHOSEN = "return (4, 3), (7, 4), (2, 6)"

MISTAKES = (
    Mistake(
        "divides",
        "In the first pair the bins divide the row: they share no cell.",
        "When do neighbouring bins share a cell?",
        ((_CHOSEN, "return (6, 3), (7, 4), (2, 6)"),),
    ),
    Mistake(
        "overlaps_unevenly",
        "In the first pair the bins overlap, but some are longer than others.",
        "Which lengths do the 3 bins over 5 cells have?",
        ((_CHOSEN, "return (5, 3), (7, 4), (2, 6)"),),
    ),
    Mistake(
        "all_alike",
        "In the second pair all bins have the same length.",
        "What must the number of bins not do to the number of cells?",
        ((_CHOSEN, "return (4, 3), (8, 4), (2, 6)"),),
    ),
    Mistake(
        "too_few_bins",
        "In the second pair there are fewer than four bins.",
        "How many bins were asked for?",
        ((_CHOSEN, "return (4, 3), (5, 3), (2, 6)"),),
    ),
    Mistake(
        "mixes_cells",
        "In the third pair one bin lies across the border of two cells.",
        "Where does the middle one of 5 bins over 2 cells start and end?",
        ((_CHOSEN, "return (4, 3), (7, 4), (2, 5)"),),
    ),
    Mistake(
        "turned_around",
        "The pairs are turned around: cells come first, then bins.",
        "Which number of the pair is that of the cells?",
        ((_CHOSEN, "return (3, 4), (4, 7), (6, 2)"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Sizes for wanted bins",
    task="Choose sizes for wanted bins",
    name="choose_sizes",
    points=3,
    library="numpy",
    groups=(Group(SLIDING, 0.4), Group(UNEQUAL, 0.3), Group(STRETCHED, 0.3)),
    draw=_cases,
    reference=_choose,
    mistakes=MISTAKES,
    hints=(
        "Write the bins of a few small pairs down, as starts and ends. Which pairs look regular?",
        (
            "Starts are floors of o * n / m, ends ceilings of (o + 1) * n / m. Compare n = m + 1 with n = 2 "
            "m - 1."
        ),
        (
            "With one cell more than bins, every bin has two cells and moves by one. With a whole number of "
            "bins for each cell, no bin crosses a border."
        ),
    ),
    accepts=_accepts,
    shrinks=(),
)
