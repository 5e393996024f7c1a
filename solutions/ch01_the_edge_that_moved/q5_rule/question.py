"""Find, without pooling, the places to which a pixel may move while the pooled row stays the same."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit import reference
from poolkit.windows import Window

Generator = np.random.Generator

GROUPS = (
    Group("windows side by side", 0.35),
    Group("windows that overlap", 0.35),
    Group("gaps and leftovers", 0.3),
)


def _harmless(position: int, kernel_size: int, stride: int, length: int) -> list[int]:
    """Try every place: make one row for each place of the pixel, and pool all rows."""
    pooled = reference.max_pool(np.eye(length), Window.of(kernel_size, stride, axes=1))
    same = np.all(pooled == pooled[position], axis=1)
    return [int(place) for place in np.flatnonzero(same) if place != position]


def _harmless_cases(rng: Generator) -> list[Case]:
    beside, overlapping, gaps = (group.name for group in GROUPS)
    later = 4 * int(rng.integers(2, 4))
    return [
        Case(beside, (2, 2, 2, 6), "the worked example"),
        Case(beside, (later + 1, 4, 4, 20), "kernel 4, stride 4, a pixel inside its window"),
        Case(beside, (later + 3, 4, 4, 20), "kernel 4, stride 4, a pixel at the end of its window"),
        Case(beside, (int(rng.integers(1, 4)), 4, 4, 20), "kernel 4, stride 4, a pixel in the first window"),
        Case(beside, (int(rng.integers(16, 18)), 3, 3, 20), "kernel 3, stride 3, two cells are left over"),
        Case(overlapping, (int(rng.integers(3, 8)), 3, 1, 12), "kernel 3, stride 1"),
        Case(
            overlapping,
            (3 * int(rng.integers(1, 4)) + 1, 5, 3, 17),
            "kernel 5, stride 3, a pixel that two windows see",
        ),
        Case(
            overlapping,
            (3 * int(rng.integers(1, 4)) + 2, 5, 3, 17),
            "kernel 5, stride 3, a pixel that one window sees",
        ),
        Case(
            overlapping,
            (int(rng.integers(1, 3)), 5, 3, 17),
            "kernel 5, stride 3, a pixel in the first window",
        ),
        Case(
            overlapping,
            (int(rng.integers(3, 6)), 5, 3, 17),
            "kernel 5, stride 3, a pixel in the second window",
        ),
        Case(overlapping, (12, 5, 3, 17), "kernel 5, stride 3, a pixel that the last two windows see"),
        Case(
            overlapping,
            (14 + 2 * int(rng.integers(2)), 5, 3, 18),
            "kernel 5, stride 3, the last cell is left over",
        ),
        Case(
            gaps,
            (4 * int(rng.integers(0, 3)) + 2, 2, 4, 13),
            "kernel 2, stride 4, a pixel that no window sees",
        ),
        Case(
            gaps, (4 * int(rng.integers(0, 3)), 2, 4, 16), "kernel 2, stride 4, a pixel that one window sees"
        ),
        Case(gaps, (int(rng.integers(12, 14)), 2, 4, 14), "kernel 2, stride 4, a pixel in the last window"),
        Case(
            gaps, (int(rng.integers(12, 14)), 4, 4, 14), "kernel 4, stride 4, a pixel behind the last window"
        ),
    ]


def _anywhere(rng: Generator) -> Case:
    kernel_size, stride = int(rng.integers(1, 7)), int(rng.integers(1, 7))
    length = kernel_size + int(rng.integers(15))
    return Case(GROUPS[0].name, (int(rng.integers(length)), kernel_size, stride, length))


_SEES = "start <= place < start + kernel_size"
_OTHERS = "if q != position and windows(q) == windows(position)"

MISTAKES = (
    Mistake(
        "side_by_side",
        "The windows were taken to stand side by side, one for each `kernel_size` cells, whatever the "
        "stride.",
        "Where does the second window start?",
        ((_SEES, "place // kernel_size == start // stride"),),
    ),
    Mistake(
        "one_window_each",
        "Each cell was given to one window, the one that starts last before it.",
        "With kernel 5 and stride 3, how many windows see cell 4?",
        ((_SEES, "start <= place < start + min(kernel_size, stride)"),),
    ),
    Mistake(
        "every_cell_seen",
        "Every cell was given to a window. Cells in a gap between windows, or after the last window, "
        "belong to none.",
        "Which window sees cell 2, if windows of 2 start at cells 0 and 4?",
        ((_SEES, "place // stride == start // stride"),),
    ),
    Mistake(
        "last_start_alone",
        "The list holds the cells of one window, the one that starts last before the pixel. Other windows "
        "see some of them too.",
        "With kernel 5 and stride 3, which windows see cell 4, and which see cell 6?",
        source="""
def harmless(position, kernel_size, stride, length):
    start = position // stride * stride
    return [place for place in range(start, min(start + kernel_size, length)) if place != position]
""",
    ),
    Mistake(
        "itself_too",
        "The place where the pixel stands is in the list. The list is of other places.",
        "Is staying a move?",
        ((_OTHERS, "if windows(q) == windows(position)"),),
    ),
    Mistake(
        "neighbours_only",
        "Only the two neighbouring places were looked at. The pixel may move as far as it likes.",
        "Where else in a window of 4 may the pixel stand?",
        ((_OTHERS, "if abs(q - position) == 1 and windows(q) == windows(position)"),),
    ),
    Mistake(
        "one_cell_too_long",
        "The windows are one cell longer than the kernel.",
        "A window of 2 starts at cell 0. Does it see cell 2?",
        ((_SEES, "start <= place <= start + kernel_size"),),
    ),
    Mistake(
        "any_shared_window",
        "A place counts if one window sees both. All windows that see the one must see the other too.",
        "If a second window loses the pixel, does the output stay as it is?",
        ((_OTHERS, "if q != position and set(windows(q)) & set(windows(position))"),),
    ),
    Mistake(
        "window_beyond_the_end",
        "A last window was counted that does not fit whole.",
        "How many windows of 4 fit into 14 cells, side by side?",
        (("length - kernel_size + 1", "length"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="A rule for what you measured",
    task="Replace the search by a rule that pools nothing",
    name="harmless",
    points=2,
    library="numpy",
    groups=GROUPS,
    draw=_harmless_cases,
    anywhere=_anywhere,
    reference=_harmless,
    mistakes=MISTAKES,
    hints=(
        "The output is 1 in those windows that see the pixel, and 0 in all others.",
        "Two places give the same output if the same windows see them: for every window, both or neither.",
        (
            "List the windows' starts with range(0, length - kernel_size + 1, stride). A window sees a "
            "place from its start up to, but not including, its start plus kernel_size. Compare these "
            "lists of windows, even if they are empty."
        ),
    ),
    loose=True,
    shrinks=(),
)
