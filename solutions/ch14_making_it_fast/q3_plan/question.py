"""A plan of doubling, for a maximum and for a sum; the check runs it on counts of cells."""

from __future__ import annotations

import itertools

import numpy as np

from poolgrader.calls.values import Array, Plain
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

MAXIMUM, SUM, ONE = "maximum", "sum", "a window of one cell"
MOST = 64  # steps of a plan that the check follows
Step = tuple[int, int, int]


def _plan(k: int, overlap: bool) -> list[Step]:
    """For a sum, reads the binary digits of k from the top: doubles the reach, adds a cell for a digit 1."""
    if overlap:
        reaches = [1]
        while reaches[-1] < k:
            reaches.append(min(2 * reaches[-1], k))
        return [(row, row, after - before) for row, (before, after) in enumerate(itertools.pairwise(reaches))]
    steps: list[Step] = []
    reach = 1
    for digit in f"{k:b}"[1:]:
        steps.append((len(steps), len(steps), reach))
        reach *= 2
        if digit == "1":
            steps.append((len(steps), 0, reach))
            reach += 1
    return steps


def _fewest(k: int, overlap: bool) -> int:
    return (k - 1).bit_length() if overlap else k.bit_length() - 1 + k.bit_count() - 1


def _cases(rng: np.random.Generator) -> list[Case]:
    def case(group: str, k: int, overlap: bool) -> Case:
        kind = "maximum" if overlap else "sum"
        return Case(group, arrays(k, overlap), f"windows of {k}, {kind}", hidden=(k, overlap))

    high = int(rng.integers(33, 62))
    return [
        case(MAXIMUM, 4, True),
        case(MAXIMUM, 7, True),
        case(MAXIMUM, int(rng.integers(17, 24)), True),
        case(MAXIMUM, high | 1, True),
        case(MAXIMUM, 16, True),
        case(SUM, 8, False),
        case(SUM, 6, False),
        case(SUM, 7, False),
        case(SUM, int(rng.choice([37, 41, 43, 45, 53, 59])), False),  # binary digits with a 1 after a 0
        case(ONE, 1, True),
        case(ONE, 1, False),
    ]


def _steps(value: Plain) -> list[Step] | None:
    if isinstance(value, Array):
        value = value.data.tolist()
    if not isinstance(value, list | tuple) or len(value) > MOST:
        return None
    steps = []
    for step in value:
        numbers = step.data.tolist() if isinstance(step, Array) else step
        if not isinstance(numbers, list | tuple) or len(numbers) != 3:
            return None
        whole = [one.data.item() if isinstance(one, Array) and one.data.size == 1 else one for one in numbers]
        if any(type(one) is not int or not 0 <= one <= MOST for one in whole):
            return None
        steps.append((whole[0], whole[1], whole[2]))
    return steps


def _accepts(case: Case, value: Plain) -> str:
    """Count how often each cell goes into an output of the plan. Return what is wrong, or ""."""
    k, overlap = case.hidden
    steps = _steps(value)
    if steps is None:
        return (
            f"A list of at most {MOST} steps was asked for, each three whole numbers from 0 to {MOST}: row, "
            "row, shift."
        )
    rows = [np.eye(1, 1, dtype=np.int64)[0]]  # how often the first output of a row counts each cell
    for first, second, shift in steps:
        if max(first, second) >= len(rows):
            return (
                "A step uses a row that is not made yet. Row 0 is the input, and each step makes the next "
                "row."
            )
        if len(rows[second]) + shift > 4 * MOST:
            return "The windows of the plan reach much too far."
        made = np.zeros(max(len(rows[first]), len(rows[second]) + shift), dtype=np.int64)
        made[: len(rows[first])] += rows[first]
        made[shift : shift + len(rows[second])] += rows[second]
        rows.append(np.minimum(made, 2))
    counts = rows[-1]
    if np.any(counts == 0):
        return "The windows of the last row have gaps: they miss cells between their first and their last."
    if len(counts) != k:
        return f"The windows of the last row are too {'long' if len(counts) > k else 'short'}."
    if not overlap and np.any(counts > 1):
        return "Some cell goes into the same sum more than once."
    if len(steps) > _fewest(k, overlap):
        return "The plan is right, but takes more steps than it needs."
    return ""


_LAST = "missing = k - rows[-1]"

MISTAKES = (
    Mistake(
        "one_cell_a_step",
        "Each step adds one cell. The windows of the row that was just made are longer than that.",
        "What do you get from two windows of 2 cells side by side?",
        (
            ("while 2 * rows[-1] <= k:", "while rows[-1] < k:"),
            (
                "steps.append((last, last, rows[-1]))\n        rows.append(2 * rows[-1])",
                "steps.append((last, 0, rows[-1]))\n        rows.append(rows[-1] + 1)",
            ),
        ),
    ),
    Mistake(
        "doubled_too_far",
        "The last step doubled once more, and the windows are too long.",
        "By how much may the last step reach further?",
        (("while 2 * rows[-1] <= k:", "while rows[-1] < k:"),),
    ),
    Mistake(
        "rest_forgotten",
        "The windows are as long as the greatest power of two that fits, and no longer.",
        "How far do the windows reach after the last doubling, and what is missing?",
        ((_LAST, "break"),),
    ),
    Mistake(
        "sum_overlaps",
        "The sum was planned like the maximum: its last two windows overlap, and some cells count twice.",
        "What does counting a cell twice do to a maximum, and what to a sum?",
        (("if overlap:", "if True:"),),
    ),
    Mistake(
        "maximum_as_a_sum",
        "The maximum was planned like the sum, without overlap. That takes steps that it does not need.",
        "May two windows overlap whose larger value you take?",
        (("if overlap:", "if False:"),),
    ),
    Mistake(
        "shift_by_one",
        "The first shift is right and the later ones are not: a row was shifted by one cell instead of by "
        "its reach.",
        "Where does the window begin that lies right behind a window of 2 cells?",
        (("steps.append((last, last, rows[-1]))", "steps.append((last, last, 1))"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="A plan of doubling",
    task="Write the plan of a running maximum, and of a running sum",
    name="doubling_plan",
    points=4,
    library="numpy",
    groups=(Group(MAXIMUM, 0.45), Group(SUM, 0.45), Group(ONE, 0.1)),
    draw=_cases,
    reference=_plan,
    mistakes=MISTAKES,
    hints=(
        "A window of 2m cells is two windows of m cells side by side. One step doubles the reach.",
        (
            "What is left at the end? For a maximum, add one more window that ends where the whole window "
            "ends: it may overlap. For a sum, find among the rows that you already have one whose windows "
            "fill the cells that are left, or a part of them."
        ),
        (
            "Keep a list of the reach of each row. While twice the last fits into k: step (last, last, reach "
            "of last). Then, for a maximum: (last, last, k - reach). For a sum: again and again take the "
            "longest row that fits into the cells that are left, shifted by the reach so far."
        ),
    ),
    accepts=_accepts,
    shrinks=(),
)
