"""Operations and bytes that a method needs; seconds are never graded."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit.windows import Window

METHODS = ("window", "passes", "indices", "floor")
OPERATIONS, BYTES = "comparisons", "bytes"
WINDOW, PASSES, INDICES, FLOOR = "every window alone", "two passes", "values and indices", "the floor"


def _cost(method: str, planes: int, h: int, w: int, k: int, itemsize: int) -> tuple[int, int]:
    """Counts with the output sizes that Window computes, not with a formula of its own."""
    rows = Window.of((1, k), stride=1).output_size((h, w))
    outputs = Window.of(k, stride=1).output_size((h, w))
    cells, between, last = h * w, rows[0] * rows[1], outputs[0] * outputs[1]
    compared = {
        "window": last * (k * k - 1),
        "passes": (between + last) * (k - 1),
        "indices": last * (k * k - 1),
        "floor": 0,
    }
    moved = {
        "window": (last * k * k + last) * itemsize,
        "passes": (cells + between + between + last) * itemsize,
        "indices": (cells + last) * itemsize + last * 8,
        "floor": (cells + last) * itemsize,
    }
    return planes * compared[method], planes * moved[method]


def _anywhere(rng: np.random.Generator) -> Case:
    h, w = (int(side) for side in rng.integers(1, 12, 2))
    k, planes = int(rng.integers(1, min(h, w) + 1)), int(rng.integers(1, 9))
    return Case(WINDOW, arrays(str(rng.choice(METHODS)), planes, h, w, k, int(rng.choice([1, 2, 4, 8]))))


def _cases(rng: np.random.Generator) -> list[Case]:
    def case(group: str, method: str, part: int) -> Case:
        # All of these numbers differ, and none can be computed from another: an answer that confuses two of
        # them is wrong.
        k = int(rng.choice([3, 5, 6, 7]))
        h = 2 * k + int(rng.integers(1, 4))
        w = h + int(rng.integers(2, 7))
        planes = w + int(rng.integers(1, 6))
        itemsize = int(rng.choice([2, 4]))
        note = f"{method}: {OPERATIONS if part == 0 else BYTES}"
        return Case(group, arrays(method, planes, h, w, k, itemsize), note, part=(part,))

    named = zip((WINDOW, PASSES, INDICES, FLOOR), METHODS, strict=True)
    return [case(group, method, part) for group, method in named for part in (0, 1, 0, 1)]


_OUTPUTS = "outputs = (h - k + 1) * (w - k + 1)"
_ROWS = "rows = h * (w - k + 1)"
_WINDOW = "outputs * (k * k - 1), (outputs * k * k + outputs) * itemsize"
_PASSES = "(rows + outputs) * (k - 1), (h * w + 2 * rows + outputs) * itemsize"
_INDICES = "outputs * (k * k - 1), (h * w + outputs) * itemsize + 8 * outputs"

MISTAKES = (
    Mistake(
        "as_many_outputs_as_cells",
        "Each cell of the input was given an output. Without padding there are fewer.",
        "How many windows of 3 fit into a row of 5?",
        ((_OUTPUTS, "outputs = h * w"), (_ROWS, "rows = h * w")),
    ),
    Mistake(
        "first_pass_on_few_rows",
        "The first pass was counted for as many rows as the last output has. It goes over all rows of the "
        "input.",
        "How many rows does the output of the first pass have?",
        ((_ROWS, "rows = outputs"),),
    ),
    Mistake(
        "between_not_moved",
        "What stands between the two passes was not counted. It is written once and read once.",
        "Where does the second pass find what the first one made?",
        ((_PASSES, _PASSES.replace("2 * rows + ", "")),),
    ),
    Mistake(
        "between_moved_once",
        "What stands between the two passes was counted once. It is written and read.",
        "How often is it touched?",
        ((_PASSES, _PASSES.replace("2 * rows", "rows")),),
    ),
    Mistake(
        "cells_compared",
        "Each window was given as many comparisons as it has cells. It takes one fewer.",
        "How many comparisons find the largest of 2 numbers?",
        (
            ("outputs * (k * k - 1), (outputs", "outputs * k * k, (outputs"),
            (_PASSES, _PASSES.replace("(k - 1)", "k")),
            (_INDICES, _INDICES.replace("(k * k - 1)", "k * k")),
        ),
    ),
    Mistake(
        "cells_for_bytes",
        "Numbers were counted, not bytes.",
        "How many bytes does one number take?",
        (
            (
                "return planes * compared, planes * moved",
                "return planes * compared, planes * moved // itemsize",
            ),
        ),
    ),
    Mistake(
        "indices_as_small_as_values",
        "An index was given as many bytes as a value. It takes 8.",
        "How many bytes does an index of torch take?",
        ((_INDICES, _INDICES.replace("8 * outputs", "itemsize * outputs")),),
    ),
    Mistake(
        "one_plane",
        "This is the cost of one plane.",
        "How many planes are there?",
        (("return planes * compared, planes * moved", "return compared, moved"),),
    ),
    Mistake(
        "floor_without_writing",
        "The floor reads the input, and forgets that the output must be written.",
        "What must every method do, however clever it is?",
        (("0, (h * w + outputs) * itemsize", "0, h * w * itemsize"),),
    ),
    Mistake(
        "columns_first",
        "The numbers between the passes are those of a first pass down the columns. The rows come first.",
        "Which of the two, height or width, does the first pass shorten?",
        ((_ROWS, "rows = w * (h - k + 1)"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Operations and bytes",
    task="Count operations and bytes",
    name="cost",
    points=3,
    library="numpy",
    groups=(Group(WINDOW, 0.25), Group(PASSES, 0.35), Group(INDICES, 0.25), Group(FLOOR, 0.15)),
    draw=_cases,
    reference=_cost,
    mistakes=MISTAKES,
    hints=(
        (
            "Write down three numbers first, for one plane: the cells of the input, the cells between the "
            "passes, the outputs."
        ),
        (
            "Along an axis of n cells there are n - k + 1 windows. The first pass shortens the width alone. "
            "Each method reads something and writes something: add up both."
        ),
        (
            "Two passes: read h w, write and read again h (w - k + 1), write (h - k + 1)(w - k + 1); k - 1 "
            "comparisons for each cell that is written. Values and indices: the bytes of the floor, and 8 "
            "bytes more for each output."
        ),
    ),
    loose=True,
    anywhere=_anywhere,
    shrinks=(),
)
