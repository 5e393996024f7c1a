"""Running maxima that meet in the middle (van Herk 1992; Gil and Werman 1993)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, distinct, far_below, negative, positive
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit import reference
from poolkit.windows import Window

Generator = np.random.Generator
Array = NDArray[Any]
START, END, WINDOWS, CUT = "from the start", "to the end", "windows", "a last block that is cut"


def _meet(x: Array, k: int) -> tuple[Array, Array, Array]:
    """Takes each maximum by its definition, over a slice of the row; poolkit pools the windows."""
    n = len(x)
    from_start = np.array([x[t // k * k : t + 1].max() for t in range(n)])
    to_end = np.array([x[t : t // k * k + k].max() for t in range(n)])
    return from_start, to_end, reference.max_pool(x, Window.of(k, stride=1, axes=1))


def _both_signs(rng: Generator, n: int, k: int) -> Array:
    """Distinct values of both signs, of which the first k are all below 0.

    An answer that starts its maxima from 0 is wrong there, for every seed.
    """
    values = np.sort(distinct(rng, n))
    return np.concatenate([rng.permutation(values[:k]), rng.permutation(values[k:])])


def _early(x: Array, k: int) -> Array:
    """Swaps the greatest of the first block and the cell after it with the third cell.

    The third cell is then the maximum to the end of the block for the cells before it.
    """
    greatest = x[: k + 1].argmax()
    x[2], x[greatest] = x[greatest], x[2]
    return x


def _anywhere(rng: Generator) -> Case:
    n = int(rng.integers(1, 8))
    return Case(WINDOWS, arrays(anything(rng, n), int(rng.integers(1, n + 1))))


def _cases(rng: Generator) -> list[Case]:
    def case(group: str, part: int, x: Array, k: int, note: str) -> Case:
        # The last cell is made the greater of the last two, so that an answer that forgets it is wrong.
        x = np.append(x[:-2], np.sort(x[-2:]))
        return Case(group, arrays(x, k), note, part=(part,))

    # Long rows: in short ones the greatest number may happen to be where a mistake does not show.
    return [
        case(START, 0, positive(rng, 32), 4, "32 cells in blocks of 4"),
        case(START, 0, _both_signs(rng, 40, 5), 5, "40 cells in blocks of 5, both signs"),
        case(START, 0, far_below(rng, 32), 4, "32 cells far below zero"),
        case(END, 1, _early(positive(rng, 32), 4), 4, "32 cells in blocks of 4"),
        case(END, 1, _both_signs(rng, 40, 5), 5, "40 cells in blocks of 5, both signs"),
        case(END, 1, far_below(rng, 32), 4, "32 cells far below zero"),
        case(WINDOWS, 2, _early(positive(rng, 44), 4), 4, "44 cells, windows of 4"),
        case(WINDOWS, 2, _both_signs(rng, 60, 6), 6, "60 cells, windows of 6, both signs"),
        case(WINDOWS, 2, far_below(rng, 44), 4, "44 cells far below zero, windows of 4"),
        case(WINDOWS, 2, positive(rng, 6), 1, "windows of one cell"),
        case(CUT, 0, negative(rng, 43), 4, "43 negative cells, from the start of blocks of 4"),
        case(CUT, 1, negative(rng, 43), 4, "43 negative cells, to the end of blocks of 4"),
        case(CUT, 1, far_below(rng, 43), 4, "43 cells far below zero, to the end of blocks of 4"),
        case(CUT, 2, negative(rng, 63), 5, "63 negative cells, windows of 5"),
    ]


_START = "from_start[t] = x[t] if t % k == 0 else max(from_start[t - 1], x[t])"
_END = "to_end[t] = x[t] if t % k == k - 1 or t == n - 1 else max(to_end[t + 1], x[t])"
_Y = "y = np.maximum(to_end[: n - k + 1], from_start[k - 1 :])"

MISTAKES = (
    Mistake(
        "never_starts_again",
        "The maxima from the start run through all blocks: a block does not begin anew.",
        "What should stand at the first cell of the second block?",
        ((_START, "from_start[t] = x[t] if t == 0 else max(from_start[t - 1], x[t])"),),
    ),
    Mistake(
        "runs_to_the_end_of_the_row",
        "The maxima to the end run through all blocks, to the end of the row.",
        "Where does the first block end?",
        ((_END, "to_end[t] = x[t] if t == n - 1 else max(to_end[t + 1], x[t])"),),
    ),
    Mistake(
        "blocks_one_shorter",
        "The blocks from the start have k - 1 cells.",
        "How many cells does a block have?",
        ((_START, "from_start[t] = x[t] if t % max(k - 1, 1) == 0 else max(from_start[t - 1], x[t])"),),
    ),
    Mistake(
        "ends_one_later",
        "The maxima to the end reach one cell too far, into the next block.",
        "At which t does the first block of 4 end?",
        ((_END, "to_end[t] = x[t] if t % k == 0 or t == n - 1 else max(to_end[t + 1], x[t])"),),
    ),
    Mistake(
        "only_from_the_start",
        "The windows show the maxima from the start of a block. The part before it is missing.",
        "Into which two blocks does a window fall?",
        ((_Y, "y = from_start[k - 1 :].copy()"),),
    ),
    Mistake(
        "only_to_the_end",
        "The windows show the maxima to the end of a block. The part behind it is missing.",
        "Into which two blocks does a window fall?",
        ((_Y, "y = to_end[: n - k + 1].copy()"),),
    ),
    Mistake(
        "turned_around",
        "Both parts begin at the window's first cell: its last cell was never looked at.",
        "At which cell is the second part looked up?",
        ((_Y, "y = np.maximum(to_end[: n - k + 1], from_start[: n - k + 1])"),),
    ),
    Mistake(
        "block_filled_with_zeros",
        "The last block was filled up with zeros, and they win where all cells are negative.",
        "Which value can never win a maximum?",
        (
            (
                _END,
                (
                    "to_end[t] = (max(x[t], 0.0) if n % k else x[t]) if t == n - 1 else x[t] if t % k == k - "
                    "1 else max(to_end[t + 1], x[t])"
                ),
            ),
        ),
    ),
    Mistake(
        "one_cell_too_far",
        "The second part was looked up at t + k, one cell behind the window.",
        "Which is the last of k cells from t on?",
        ((_Y, "y = np.array([max(to_end[t], from_start[min(t + k, n - 1)]) for t in range(n - k + 1)])"),),
    ),
    Mistake(
        "starts_from_zero",
        "The maxima started from 0, and it wins where all cells are negative.",
        "Which value can never win a maximum?",
        (
            (_START, "from_start[t] = max(x[t], 0.0 if t % k == 0 else from_start[t - 1])"),
            (_END, "to_end[t] = max(x[t], 0.0 if t % k == k - 1 or t == n - 1 else to_end[t + 1])"),
        ),
    ),
    Mistake(
        "blocks_from_the_end",
        "The blocks of `to_end` were counted from the end of the row. Both have the same blocks, from its "
        "start.",
        "Where do the blocks of 4 end in a row of 10?",
        ((_END, "to_end[t] = x[t] if (n - 1 - t) % k == 0 else max(to_end[t + 1], x[t])"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Meet in the middle",
    task="Build running maxima that meet in the middle",
    name="meet_in_the_middle",
    points=4,
    library="numpy",
    groups=(Group(START, 0.25), Group(END, 0.3), Group(WINDOWS, 0.3), Group(CUT, 0.15)),
    draw=_cases,
    reference=_meet,
    mistakes=MISTAKES,
    hints=(
        (
            "A window of k cells lies in two neighbouring blocks of k cells at most. Its first part ends "
            "with a block; its second part begins with one."
        ),
        (
            "from_start goes from left to right and starts again where t is a multiple of k. to_end goes "
            "from right to left and starts again at the last cell of each block, and at the last cell of the "
            "row."
        ),
        (
            "The window that starts at t ends at t + k - 1. Its first part is to_end[t], its second "
            "from_start[t + k - 1]."
        ),
    ),
    anywhere=_anywhere,
)
