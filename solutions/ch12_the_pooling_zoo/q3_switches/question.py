"""Maxima, their switches, and the maxima put back in their places."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, distinct, far_below, negative
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit import reference
from poolkit.windows import Window

from ...outlines import OutlinedWindow
from ...planes import crossed

Array = NDArray[Any]
Pair = tuple[int, int]
MAXIMA, SWITCHES, TIES, BACK = "maxima", "switches", "ties", "back in place"


def _there_and_back(x: Array, kernel_size: Pair, stride: Pair) -> tuple[Array, Array, Array]:
    y, switches = reference.max_pool(x, Window.of(kernel_size, stride), return_indices=True)
    back = np.zeros_like(x)
    back.flat[switches.ravel()] = y.ravel()
    return y, switches, back


def _anywhere(rng: np.random.Generator) -> Case:
    h, w = (int(side) for side in rng.integers(1, 8, 2))
    k = int(rng.integers(1, h + 1)), int(rng.integers(1, w + 1))
    s = int(rng.integers(1, 5)), int(rng.integers(1, 5))
    return Case(MAXIMA, arrays(anything(rng, h, w), k, s))


def _greatest_last(x: Array, k: Pair, s: Pair) -> Array:
    """Swaps the greatest cell with the last cell of the last window, where a wrong axis or size shows."""
    last = tuple((n - size) // step * step + size - 1 for n, size, step in zip(x.shape, k, s, strict=True))
    best = np.unravel_index(x.argmax(), x.shape)
    x[best], x[last] = x[last], x[best]
    return x


def _cases(rng: np.random.Generator) -> list[Case]:
    def case(group: str, part: int, shape: Pair, k: Pair, s: Pair, note: str, ties: bool = False) -> Case:
        x = np.full(shape, float(rng.integers(2, 9))) if ties else distinct(rng, *shape)
        if "fractions" in note:
            x = x / x.size  # if they are cut to whole numbers, all become 0
        if "below 0" in note:
            x = (far_below if "far" in note else negative)(rng, *shape)
        return Case(group, arrays(x if ties else _greatest_last(x, k, s), k, s), note, part=(part,))

    def tied(note: str, rising: bool) -> Case:
        return Case(TIES, arrays(crossed(rng, 2, 3, rising), (2, 2), (2, 2)), note, part=(1,))

    settings: tuple[tuple[Pair, Pair, Pair, str], ...] = (
        ((4, 6), (2, 2), (2, 2), "2 by 2, side by side, all numbers below 0"),
        ((4, 4), (2, 2), (2, 2), "2 by 2, side by side, fractions"),
        ((4, 6), (2, 2), (2, 2), "2 by 2, side by side, all numbers far below 0"),
        ((7, 10), (2, 3), (2, 3), "kernel (2, 3), a rest at the end"),
        ((5, 6), (3, 3), (1, 1), "3 by 3, overlapping: windows share winners"),
        ((6, 7), (3, 2), (2, 1), "kernel (3, 2), stride (2, 1)"),
        ((12, 7), (2, 3), (5, 4), "kernel (2, 3), stride (5, 4): cells between the windows"),
    )
    drawn = [case(name, part, *one) for part, name in enumerate((MAXIMA, SWITCHES, BACK)) for one in settings]
    return [
        *drawn,
        case(TIES, 1, (3, 5), (2, 2), (1, 1), "all cells equal: the first wins", ties=True),
        case(TIES, 2, (4, 5), (2, 2), (2, 2), "all cells equal, back in place", ties=True),
        tied("equal winners in two rows and two columns, larger below", rising=True),
        tied("equal winners in two rows and two columns, larger above", rising=False),
    ]


_FLAT = "switches[i, j] = row * w + column"
_PUT = "back[row, column] = window[best]"

MISTAKES = (
    Mistake(
        "within_the_window",
        "The switches count inside each window. They should count in the whole plane.",
        "Which number has the cell in row 2 and column 3 of a plane that is 6 wide?",
        ((_FLAT, "switches[i, j] = best[0] * kw + best[1]"),),
    ),
    Mistake(
        "height_for_width",
        "The switches multiply the row by the number of rows. It takes the number of columns to pass one "
        "row.",
        "How many cells lie before row 1?",
        ((_FLAT, "switches[i, j] = row * x.shape[0] + column"),),
    ),
    Mistake(
        "columns_first",
        "The switches count down the columns. Row-major order counts along the rows.",
        "Which cell comes after the one at row 0, column 0?",
        ((_FLAT, "switches[i, j] = column * x.shape[0] + row"),),
    ),
    Mistake(
        "last_of_ties",
        "Of equal cells the last won. The first should.",
        "Which cell does argmax name when all are equal?",
        (
            (
                "np.unravel_index(window.argmax(), window.shape)",
                "np.unravel_index(window.size - 1 - window.ravel()[::-1].argmax(), window.shape)",
            ),
        ),
    ),
    Mistake(
        "added_up",
        "A cell that wins several windows holds its value several times over.",
        "What should a winner of two windows hold when it is back in place?",
        ((_PUT, "back[row, column] += window[best]"),),
    ),
    Mistake(
        "at_the_windows_corner",
        "Each maximum went back to the first cell of its window.",
        "Where in its window did the maximum stand?",
        ((_PUT, "back[i * sh, j * sw] = window[best]"),),
    ),
    Mistake(
        "spread_over_the_window",
        "Each maximum fills its window. It should stand in one cell, with zeros elsewhere.",
        "How many cells of each window held the maximum?",
        ((_PUT, "back[i * sh : i * sh + kh, j * sw : j * sw + kw] = window[best]"),),
    ),
    Mistake(
        "stride_is_kernel",
        "The windows always stand side by side: the stride that was given is not used.",
        "Which argument says how far a window moves?",
        (("sh, sw = stride", "sh, sw = kernel_size"),),
    ),
    Mistake(
        "nothing_negative",
        "Maxima below 0 became 0.",
        "What is the greatest of numbers that are all below 0?",
        (
            ("y[i, j] = window[best]", "y[i, j] = max(window[best], 0)"),
            (_PUT, "back[row, column] = max(window[best], 0)"),
        ),
    ),
)

QUESTION = Question(
    place=__file__,
    title="There and back",
    task="Pool with switches, and put the maxima back",
    name="pool_and_unpool",
    points=3,
    library="numpy",
    groups=(Group(MAXIMA, 0.15), Group(SWITCHES, 0.4), Group(TIES, 0.1), Group(BACK, 0.35)),
    draw=_cases,
    reference=_there_and_back,
    mistakes=MISTAKES,
    hints=(
        "A switch remembers where a maximum came from. Without it nobody could put the maximum back.",
        (
            "argmax counts inside the window. Add where the window starts, then count row by row through the "
            "whole plane."
        ),
        (
            "In a plane with w columns the cell at (row, column) has the number row * w + column. The third "
            "answer starts as zeros; write each maximum at its own row and column."
        ),
    ),
    anywhere=_anywhere,
    outline=OutlinedWindow(lambda case: Window.of(*case.args[1:3])),
)
