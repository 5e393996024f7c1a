"""Three planes: one that max pooling aliases, one that the blur makes constant, and one whose largest phase
does not move along when the plane is moved.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Array, Plain
from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit import reference
from poolkit.windows import Window

Plane = NDArray[Any]
MOST, BOUND = 16, 1e6
ALIASED, LOST, TIED = "max pooling changes everywhere", "the blur loses it", "the largest phase jumps"


def _three_planes() -> tuple[Plane, Plane, Plane]:
    return (
        np.tile([[0.0, 3.0, 0.0, 8.0]], (2, 1)),
        np.tile([[0.0, 1.0], [1.0, 0.0]], (2, 2)),
        np.array([[0.0, 6.0, 10.0, 8.0], [0.0, 0.0, 0.0, 0.0]]),
    )


def _cases(rng: np.random.Generator) -> list[Case]:
    wanted = ((ALIASED, _aliased), (LOST, _lost), (TIED, _tied))
    return [
        Case(name, part=(index,), note=f"plane {index + 1}, {name}", hidden=trouble)
        for index, (name, trouble) in enumerate(wanted)
    ]


def _accepts(case: Case, value: Plain) -> str:
    """What is wrong with one plane, or ""."""
    plane = _plane(value)
    if plane is None:
        return f"A plane of finite numbers was asked for, with 2 to {MOST} rows and columns, both even."
    trouble: str = case.hidden(plane)
    return trouble


def _plane(value: Plain) -> Plane | None:
    try:
        data = value.data if isinstance(value, Array) else np.asarray(value)
        if (
            data.ndim != 2
            or data.dtype.kind not in "fiu"
            or not all(2 <= n <= MOST and n % 2 == 0 for n in data.shape)
        ):
            return None
        plane = data.astype(np.float64)
    except (TypeError, ValueError):  # ragged lists, or lists of something else
        return None
    return plane if bool(np.all(np.abs(plane) <= BOUND)) else None


def _aliased(plane: Plane) -> str:
    before, after = (reference.max_pool(one, Window.of(2)) for one in (plane, np.roll(plane, 1, axis=1)))
    same = before == after
    if same.all():
        return "Max pooling gives the same before and after the move. Which numbers share a window?"
    return "Some outputs change, others stay. Every one must change." if same.any() else ""


def _lost(plane: Plane) -> str:
    if np.ptp(plane) <= 1e-9:
        return "The plane is constant already: there was nothing for the blur to lose."
    blurred = plane
    for axis in (0, 1):
        blurred = blurred / 2 + (np.roll(blurred, 1, axis) + np.roll(blurred, -1, axis)) / 4
    if np.ptp(blurred) <= 1e-9 * np.abs(plane).max():
        return ""
    if np.ptp(blurred, axis=0).max() <= 1e-9 or np.ptp(blurred, axis=1).max() <= 1e-9:
        return "The blur leaves stripes. They are too broad for this blur to remove."
    return (
        "The blurred plane is not constant. Which pattern has the same sum under the taps 1, 2, 1 wherever "
        "they are placed?"
    )


def _largest(plane: Plane) -> tuple[Plane, bool]:
    """The phase that the answer to 8.3 keeps, and whether another phase is equally large."""
    phases = [plane[i::2, j::2] for i in range(2) for j in range(2)]
    sizes = [float(np.sort(phase.ravel() ** 2).sum()) for phase in phases]
    return phases[sizes.index(max(sizes))], sizes.count(max(sizes)) > 1


def _tied(plane: Plane) -> str:
    (before, tie), (after, _) = (_largest(one) for one in (plane, np.roll(plane, 1, axis=1)))
    moves = itertools.product(*(range(n) for n in before.shape))
    if not any(np.array_equal(np.roll(before, move, (0, 1)), after) for move in moves):
        return ""
    if tie:
        return (
            "Two phases are equally large, but the phase that is kept after the move is still the one that "
            "was kept before it, only moved."
        )
    return "One phase is larger than all others. It is chosen again after the move, so the promise holds."


_ALIASED = "np.array([[0.0, 1.0, 0.0, 2.0], [0.0, 1.0, 0.0, 2.0]])"
_LOST = "np.array([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0]])"
_TIED = "np.array([[3.0, 5.0, 4.0, 0.0], [0.0, 0.0, 0.0, 0.0]])"

MISTAKES = (
    Mistake(
        "wide_stripes",
        "In the first plane a stripe covers a window, and after the move it still reaches into it: that "
        "window keeps its maximum.",
        "Which of its two columns should a window's maximum come from, so that the move takes it away?",
        ((_ALIASED, "np.tile([[1.0, 1.0, 0.0, 0.0]], (2, 1))"),),
    ),
    Mistake(
        "narrow_stripes",
        "The first plane alternates from column to column. Every window of two columns sees both numbers, "
        "wherever it stands.",
        "Which numbers share a window after the move?",
        ((_ALIASED, "np.array([[1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.0]])"),),
    ),
    Mistake(
        "constant",
        "The second plane is constant, so the blur loses nothing.",
        "Which pattern is as fast as pixels can alternate?",
        ((_LOST, "np.ones((2, 4))"),),
    ),
    Mistake(
        "too_slow",
        "The stripes of the second plane are two columns wide. The blur weakens them, but they are still "
        "there.",
        "What do the taps 1, 2, 1 give for 1 0 1, and what for 1 1 0?",
        ((_LOST, "np.array([[1.0, 1.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0]])"),),
    ),
    Mistake(
        "one_pixel",
        "The second plane holds a single bright pixel. The blur spreads it, and it is still there.",
        "Where do the taps 1, 2, 1 see the pixel, and where not?",
        (
            (
                _LOST,
                (
                    "np.array([[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, "
                    "0.0, 0.0]])"
                ),
            ),
        ),
    ),
    Mistake(
        "no_tie",
        "In the third plane one phase is the largest. A shift only gives it another number.",
        "When may the rule keep another phase than before?",
        ((_TIED, "np.array([[3.0, 6.0, 4.0, 0.0], [0.0, 0.0, 0.0, 0.0]])"),),
    ),
    Mistake(
        "alike",
        "In the third plane two phases are equally large because they hold the same numbers. Nobody sees "
        "which one was kept.",
        "What must differ in two phases whose sums of squares are equal?",
        ((_TIED, "np.array([[3.0, 4.0, 4.0, 3.0], [0.0, 0.0, 0.0, 0.0]])"),),
    ),
    Mistake(
        "odd_size",
        "The third plane has an odd number of columns, so its phases do not have one size.",
        "Which sizes can be divided by the stride?",
        ((_TIED, "np.array([[3.0, 5.0, 4.0], [0.0, 0.0, 0.0]])"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Three planes",
    task="Give three planes: one for each way to fail",
    name="three_planes",
    points=3,
    library="numpy",
    groups=(Group(ALIASED, 0.3), Group(LOST, 0.3), Group(TIED, 0.4)),
    draw=_cases,
    reference=_three_planes,
    mistakes=MISTAKES,
    hints=(
        (
            "Two rows are enough for all three. Draw a row of four cells on a ring, and the two windows, "
            "before and after the move."
        ),
        (
            "First: each window's maximum must leave the window, and an equal number must not come in. "
            "Second: the numbers change as fast as pixels can. Third: the promise only holds if one phase "
            "wins alone."
        ),
        (
            "First: let every second column hold 0, and the others alternate between two numbers. Third: "
            "make two phases equally large with different numbers, such as 3 and 4 in one and 5 and 0 in "
            "the other."
        ),
    ),
    accepts=_accepts,
    shrinks=(),
)
