"""2.5, the transfer question: a window whose taps, border and last position are given as arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.question import Case, Group, Mistake, Question

Array = NDArray[Any]

# Each window has gaps, and is more than three cells wide: neither the number of its taps nor a dilation
# describes it.
IRREGULAR = ((0, 1, 3), (0, 2, 3), (0, 1, 4), (0, 3, 4), (0, 2, 5), (0, 1, 2, 5))
# So wide that, at stride 2, an answer that takes the number of taps for the width counts a window too many.
WIDE = IRREGULAR[2:]
NARROW = IRREGULAR[:4]

GROUPS = (
    Group("the given taps", 0.3),
    Group("stride", 0.2),
    Group("two borders", 0.25),
    Group("the last window", 0.25),
)


def _rule(n: int, offsets: Sequence[int], stride: int, before: int, after: int, keep: str) -> Array:
    """Compare the taps of all windows with all cells at once."""
    beyond = n if keep == "begun" else n + after - max(offsets)
    starts = np.arange(-before, beyond, stride)
    seen = starts[:, None] + np.asarray(offsets)
    return np.asarray((seen[:, :, None] == np.arange(n)).any(axis=1).astype(int))


def _rule_cases(rng: np.random.Generator) -> list[Case]:
    taps, stride, borders, last = (group.name for group in GROUPS)

    def offsets(pool: Sequence[tuple[int, ...]] = IRREGULAR) -> tuple[int, ...]:
        return pool[int(rng.integers(len(pool)))]

    def cells() -> int:
        return int(rng.integers(9, 13))

    def whole(pool: Sequence[tuple[int, ...]], step: int, left: int) -> tuple[Any, ...]:
        """Return arguments without a border, for which the last window leaves `left` cells over."""
        places = offsets(pool)
        return max(places) + 1 + step * int(rng.integers(4, 6)) + left, places, step, 0, 0, "whole"

    odd = 2 * int(rng.integers(4, 7)) + 1
    return [
        Case(taps, (cells(), offsets(), 1, 0, 0, "whole"), "stride 1, no border"),
        Case(taps, (cells(), offsets(), 1, 0, 0, "whole"), "stride 1, no border"),
        Case(stride, whole(WIDE, 2, 1), "stride 2, no border, one cell left over"),
        Case(stride, whole(IRREGULAR, 3, 0), "stride 3, no border"),
        Case(borders, (cells(), offsets(NARROW), 1, 1, 3, "whole"), "one cell before, three after"),
        Case(borders, (cells(), offsets(), 1, 2, 0, "whole"), "two cells before, none after"),
        Case(borders, (2, offsets(NARROW), 1, 3, 12, "whole"), "borders that are longer than the row"),
        Case(last, (cells(), offsets(), 1, 0, 0, "begun"), "begun windows count, no border"),
        Case(last, (odd, offsets(), 2, 0, 0, "begun"), "begun windows count, stride 2"),
        Case(last, (cells(), offsets(), 1, 1, 2, "begun"), "begun windows count, one cell before, two after"),
        Case(
            last,
            (2, offsets(), 1, 7, 1, "begun"),
            "begun windows count, a border that is longer than the row",
        ),
    ]


def _anywhere(rng: np.random.Generator) -> Case:
    """Draw at least one window: the question does not say what a table without rows looks like."""
    between = rng.permutation(np.arange(1, 6))[: rng.integers(4)].tolist()
    offsets = (0, *between, max(between, default=0) + int(rng.integers(1, 4)))[: rng.integers(1, 9)]
    if max(offsets) != offsets[-1]:
        offsets = tuple(sorted(offsets))
    before, after, stride = int(rng.integers(8)), int(rng.integers(8)), int(rng.integers(1, 5))
    n = max(1, max(offsets) + 1 - before - after) + int(rng.integers(8))
    return Case(GROUPS[0].name, (n, offsets, stride, before, after, str(rng.choice(["whole", "begun"]))))


_GOES_ON = 'start < n if keep == "begun" else start + max(offsets) < n + after'
_INSIDE = "if 0 <= start + offset < n:"

MISTAKES = (
    Mistake(
        "taps_side_by_side",
        "The taps stand side by side, as in an ordinary window. The offsets say otherwise.",
        "Which cells do the offsets 0 and 3 see from start 2?",
        (("for offset in offsets:", "for offset in range(len(offsets)):"),),
    ),
    Mistake(
        "extent_is_number_of_taps",
        "Too many windows: how far a window reaches was taken from its number of taps.",
        "How many cells does a window with the offsets 0 and 3 reach over?",
        (("start + max(offsets) < n", "start + len(offsets) - 1 < n"),),
    ),
    Mistake(
        "holes_filled",
        "Every cell from the first tap to the last is marked.",
        "Does a window with the offsets 0 and 3 see what lies between?",
        (("for offset in offsets:", "for offset in range(max(offsets) + 1):"),),
    ),
    Mistake(
        "stride_ignored",
        "Every start is taken, as with stride 1.",
        "Where does the second window start?",
        (("start += stride", "start += 1"),),
    ),
    Mistake(
        "before_ignored",
        "The first window starts at cell 0. The border before it pushes its start to the left.",
        "At which cell does the first window start if two cells lie before the row?",
        (("start = -before", "start = 0"),),
    ),
    Mistake(
        "after_ignored",
        "No window reaches into the border after the row.",
        "Which is the last cell that a whole window may reach?",
        (("< n + after", "< n"),),
    ),
    Mistake(
        "borders_swapped",
        "The border before the row and the border after it changed places.",
        "Which of the two moves the first window's start?",
        (("start = -before", "start = -after"), ("< n + after", "< n + before")),
    ),
    Mistake(
        "counted_from_the_end",
        "Cells at the right end are marked by taps that lie to the left of the row.",
        "What does row[-1] mean to Python?",
        ((_INSIDE, "if start + offset < n:"),),
    ),
    Mistake(
        "always_whole",
        "Windows that have begun but do not fit are missing, whatever `keep` says.",
        "Where does `keep` decide?",
        ((_GOES_ON, "start + max(offsets) < n + after"),),
    ),
    Mistake(
        "always_begun",
        "Windows that do not fit are kept, whatever `keep` says.",
        "Where does `keep` decide?",
        ((_GOES_ON, "start < n"),),
    ),
    Mistake(
        "begun_in_the_border",
        'With "begun", a window counts even if it starts in the border after the row.',
        "Must a begun window start in the row, or in the padded row?",
        (("start < n if", "start < n + max(after, 1) if"),),
    ),
    Mistake(
        "table_on_its_side",
        "The table lies on its side: cells in rows, windows in columns.",
        "What does one row of the table stand for?",
        (("return np.array(rows)", "return np.array(rows).T"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="A window that comes as arguments",
    task="Tabulate a window that comes as arguments: its taps, its borders, its last place",
    name="who_sees",
    points=5,
    library="numpy",
    groups=GROUPS,
    draw=_rule_cases,
    anywhere=_anywhere,
    reference=_rule,
    mistakes=MISTAKES,
    hints=(
        (
            "A window is a start and a list of places relative to it. Nothing says that the places are "
            "neighbours."
        ),
        (
            "The first start is -before, and each next start is stride cells further. First decide which "
            "start is the last one, then mark the cells."
        ),
        (
            'With "whole", the start plus the largest offset must stay below n + after. With "begun", the'
            " start alone must stay below n. Mark start + offset only where it lies in the row."
        ),
    ),
    loose=True,
)
