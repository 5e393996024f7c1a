"""Choose a kernel and a padding that give a wanted size; many answers are right."""

from __future__ import annotations

import numpy as np

from poolgrader.calls.values import Array, Plain
from poolgrader.questions.question import Case, Group, Mistake, Question

LARGEST = 10_000

GROUPS = (
    Group("room without padding", 0.4),
    Group("padding is needed", 0.3),
    Group("as many windows as cells", 0.1),
    Group("one window", 0.2),
)


def _design(n: int, o: int, s: int) -> tuple[int, int]:
    padding = max(0, -(-(o * s - n) // 2))
    return n + 2 * padding - (o - 1) * s, padding


def _design_cases(rng: np.random.Generator) -> list[Case]:
    free, needed, same, one = (group.name for group in GROUPS)

    def draw(low: int, high: int) -> int:
        return int(rng.integers(low, high))

    # The number of windows differs from the stride and from the number of cells left over: otherwise an
    # answer that mixes these numbers up could be right.
    o, many, few, length, cells = draw(6, 11), draw(6, 9), draw(3, 5), draw(20, 33), draw(6, 12)
    return [
        Case(free, (4 * o + 2, o, 4), "some cells more than the stride covers"),
        Case(free, (23, 4, 5), "23 cells, 4 windows, stride 5"),
        Case(needed, (5 * many - 3, many, 5), "the row is three cells too short for windows side by side"),
        Case(needed, (5 * few - 4, few, 5), "the row is four cells too short for windows side by side"),
        Case(needed, (7, 3, 3), "7 cells, 3 windows, stride 3"),
        Case(same, (cells, cells, 1), "as many windows as cells, stride 1"),
        Case(one, (length, 1, 2), "one window for the whole row"),
    ]


def _numbers(value: Plain) -> tuple[int, int] | None:
    """Return the kernel and the padding, or None if the answer is not two whole numbers."""
    if isinstance(value, Array) and value.data.shape == (2,) and value.data.dtype.kind in "iu":
        value = tuple(int(number) for number in value.data)
    if not isinstance(value, list | tuple) or len(value) != 2:
        return None
    read = [
        (
            int(item.data)
            if isinstance(item, Array) and item.data.shape == () and item.data.dtype.kind in "iu"
            else item
        )
        for item in value
    ]
    return (read[0], read[1]) if all(type(item) is int for item in read) else None


def _misses(case: Case, value: Plain) -> str:
    """Return which rule the answer breaks, or "" if it breaks none."""
    n, o, s = case.args
    numbers = _numbers(value)
    if numbers is None:
        return "Two whole numbers were asked for: the kernel, then the padding."
    k, p = numbers
    if not (1 <= k <= LARGEST and 0 <= p <= LARGEST):
        return (
            f"Kernel {k} and padding {p}: the kernel must be at least 1, the padding at least 0, both at "
            f"most {LARGEST}."
        )
    if 2 * p > k:
        return f"Kernel {k} and padding {p}: the padding is more than half of the kernel."
    room = n + 2 * p - k
    windows = room // s + 1 if room >= 0 else 0
    if windows != o:
        return f"Kernel {k} and padding {p} give {windows} windows, not {o}."
    seen = {cell for window in range(o) for cell in range(max(0, window * s - p), min(n, window * s - p + k))}
    unseen = sorted(set(range(n)) - seen)
    return f"Kernel {k} and padding {p}: no window sees cell {unseen[0]}." if unseen else ""


_RETURN = "return k, p"

MISTAKES = (
    Mistake(
        "no_padding",
        "It works where no padding is needed. Where padding is needed, some cells go unseen: the kernel came "
        "out smaller than the stride.",
        "What must hold between kernel and stride so that no cell lies between two windows?",
        (("p = max(0, -(-(o * s - n) // 2))", "p = 0"),),
    ),
    Mistake(
        "one_window_too_many",
        "There is one window more than was asked for: o windows take o - 1 steps.",
        "How many steps lie between the first of o windows and the last?",
        (("(o - 1) * s", "o * s"),),
    ),
    Mistake(
        "padding_once",
        "The padding was counted on one side only.",
        "How many cells does padding p add to the row?",
        (("n + 2 * p", "n + p"),),
    ),
    Mistake(
        "side_by_side",
        "Windows side by side: the number is right while the row is long enough, but the last cells go "
        "unseen.",
        "Which cells are left when the last window has taken its k?",
        ((_RETURN, "return s, 0"),),
    ),
    Mistake(
        "three_and_one",
        "Kernel 3 with padding 1 keeps the size at stride 1. It does not give every size.",
        "Which sizes can kernel 3 and padding 1 give with this stride?",
        ((_RETURN, "return 3, 1"),),
    ),
    Mistake(
        "answer_swapped",
        "The two numbers came back in the wrong order.",
        "Which comes first, the kernel or the padding?",
        ((_RETURN, "return p, k"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Design a layer",
    task="Design a layer for a wanted size; many answers are right",
    name="design",
    points=5,
    library="numpy",
    groups=GROUPS,
    draw=_design_cases,
    reference=_design,
    mistakes=MISTAKES,
    hints=(
        (
            "Solve the formula of the size for the kernel: which kernel makes the room exactly o - 1 "
            "steps long?"
        ),
        (
            "With padding p, the kernel n + 2p - (o - 1)s leaves no cell over. When is it smaller than the "
            "stride, and what happens then?"
        ),
        (
            "Take the smallest padding for which that kernel is at least s: 2p must be at least o * s - n, "
            "and not below 0."
        ),
    ),
    accepts=_misses,
    shrinks=(),
)
