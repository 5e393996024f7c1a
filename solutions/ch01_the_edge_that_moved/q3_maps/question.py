"""Build a map whose pooled map stays the same after a move, and one whose pooled map changes everywhere."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Array, Plain
from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit.reference import max_pool
from poolkit.windows import Window

Generator = np.random.Generator
Plane = NDArray[Any]
MAX_VALUES = 4096
RIGHT_AND_DOWN, LEFT_AND_UP = ((0, 1), (1, 0), (1, 1)), ((0, -1), (-1, 0), (-1, -1))


def _moved(x: Plane, step: tuple[int, int]) -> Plane:
    """Return the map moved by a step of one pixel; zeros come in at the border."""
    h, w = x.shape
    padded = np.pad(x, 1)
    return padded[1 - step[0] : 1 - step[0] + h, 1 - step[1] : 1 - step[1] + w]


def _read(value: Plain, k: int) -> Plane | str:
    """Return the map, or a sentence that says what is wrong with its form."""
    if not isinstance(value, Array) or value.data.ndim != 2:
        return "A map was asked for: an array with rows and columns."
    x = value.data
    if not 0 < x.size <= MAX_VALUES or x.shape[0] % k or x.shape[1] % k:
        return (
            f"The map has the shape {x.shape}: both sides must be multiples of {k}, with at most "
            f"{MAX_VALUES} numbers."
        )
    if x.dtype.kind not in "biuf" or not np.all(np.isfinite(x)):
        return "The map must hold finite numbers."
    return x.astype(float)


def fails_to_show(case: Case, value: Plain) -> str:
    """Return what is wrong with a map whose pooled map should stay the same (part 0) or change everywhere
    (part 1), or "" if nothing is wrong.
    """
    k, step = case.args
    x = _read(value, k)
    if isinstance(x, str):
        return x
    here, moved = (max_pool(plane, Window.of(k)) for plane in (x, _moved(x, step)))
    kept = int(np.sum(here == moved))
    if case.part == (0,):
        if here.min() == here.max():
            return (
                "All outputs of your map are the same number. A map like that says nothing about where "
                "things are."
            )
        return (
            ""
            if kept == here.size
            else f"Outputs that change with this move: {here.size - kept} of {here.size}."
        )
    return "" if kept == 0 else f"Outputs that stay as they are with this move: {kept} of {here.size}."


def _map_cases(rng: Generator) -> list[Case]:
    """Return every window of 2 to 4 cells a side with every step; nothing is drawn at random."""
    names = iter(group.name for group in GROUPS)
    return [
        Case(name, (k, step), f"the {word} map of windows of {k}, for a move by {step}", part=(part,))
        for part, word in ((0, "tolerated"), (1, "broken"))
        for steps, name in ((RIGHT_AND_DOWN, next(names)), (LEFT_AND_UP, next(names)))
        for step in steps
        for k in (2, 3, 4)
    ]


def _two_maps(kernel_size: int, step: tuple[int, int]) -> tuple[Plane, Plane]:
    tolerated, broken = np.zeros((2 * kernel_size,) * 2), np.zeros((2 * kernel_size,) * 2)
    first = tuple(0 if d >= 0 else kernel_size - 1 for d in step)
    last = tuple(kernel_size - 1 if d >= 0 else 0 for d in step)
    tolerated[first] = 1.0
    broken[last[0] :: kernel_size, last[1] :: kernel_size] = [[1.0, 2.0], [3.0, 4.0]]
    return tolerated, broken


GROUPS = (
    Group("tolerated: right and down", 0.25),
    Group("tolerated: left and up", 0.25),
    Group("broken: right and down", 0.25),
    Group("broken: left and up", 0.25),
)

_STAYS = "stays = [0 if d >= 0 else k - 1 for d in step]"
_LEAVES = "leaves = [k - 1 if d >= 0 else 0 for d in step]"

MISTAKES = (
    Mistake(
        "nothing_in_it",
        "The tolerated map is empty, so every pooling tolerates every move of it. Nothing is shown by that.",
        "Where must a pixel stand so that there is something to tolerate?",
        (("tolerated[stays[0], stays[1]] = 1", "tolerated[stays[0], stays[1]] = 0"),),
    ),
    Mistake(
        "one_corner_for_all",
        "The maps fit moves to the right and down alone: the pixels stand at the same place whatever the "
        "step.",
        "In which corner of its window must a pixel stand so that it stays inside when it moves left?",
        ((_STAYS, "stays = [0, 0]"), (_LEAVES, "leaves = [k - 1, k - 1]")),
    ),
    Mistake(
        "stays_and_leaves_exchanged",
        "The pixel of the tolerated map leaves its window, and those of the broken map stay in theirs.",
        "A pixel in the last column of its window moves right. Which window sees it then?",
        (
            (_STAYS, "stays = [k - 1 if d >= 0 else 0 for d in step]"),
            (_LEAVES, "leaves = [0 if d >= 0 else k - 1 for d in step]"),
        ),
    ),
    Mistake(
        "axes_exchanged",
        "The step is read as (columns, rows).",
        "Which entry of step moves the map down?",
        ((_STAYS, "step = step[::-1]\n    " + _STAYS),),
    ),
    Mistake(
        "all_pixels_alike",
        "In the broken map all pixels are alike: where one leaves a window, its neighbour comes in and "
        "nothing is seen.",
        "What must differ between two neighbouring pixels, so that an exchange shows?",
        (("= [[1, 2], [3, 4]]", "= [[1, 1], [1, 1]]"),),
    ),
    Mistake(
        "one_pixel_alone",
        "The broken map has one pixel, so most outputs are 0 before and after.",
        "How many windows must see something else after the move?",
        (("broken[leaves[0] :: k, leaves[1] :: k] = [[1, 2], [3, 4]]", "broken[leaves[0], leaves[1]] = 1"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="One map tolerated, one map broken",
    task="Build one map that a pooling tolerates and one that it does not",
    name="two_maps",
    points=3,
    library="numpy",
    groups=GROUPS,
    draw=_map_cases,
    reference=_two_maps,
    mistakes=MISTAKES,
    hints=(
        "Everything depends on where in its window a pixel stands before it moves.",
        (
            "A pixel in a window's first column can move right and stay inside. For a move to the left it is "
            "the last column; the same holds for rows. For the broken map you want the opposite, in every "
            "window at once."
        ),
        (
            "Two windows along each axis are enough. For the broken map put one pixel into each window, "
            "at the side where it leaves, and make all of them different: otherwise a neighbour with the "
            "same value takes the place of the pixel that left."
        ),
    ),
    accepts=fails_to_show,
    shrinks=(),
)
