"""Write a test case that catches poolings with a wrong border, stride or order of axes."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question

from .bordering import WRONG_BORDERS, slips_through

GROUPS = (
    Group("zeros in the border", 0.1),
    Group("a large negative number in the border", 0.35),
    Group("windows in the wrong place", 0.55),
)


def _cases(rng: np.random.Generator) -> list[Case]:
    return [Case(wrong.group, note=f"a pooling that {wrong.says}", hidden=wrong) for wrong in WRONG_BORDERS]


_VALUES = "x = -1e300 * np.arange(1, 64).reshape(7, 9)"
_SETTING = "(3, 5), (2, 3), (1, 2)"

MISTAKES = (
    Mistake(
        "all_positive",
        "Every number of your input is positive, so a border of zeros never wins.",
        "Which inputs lose against 0?",
        ((_VALUES, "x = np.arange(1.0, 64.0).reshape(7, 9)"),),
    ),
    Mistake(
        "not_low_enough",
        "Your input is negative, but a border of -1e9 stays below all of it.",
        "How low must an input be so that -1e9 wins against it?",
        ((_VALUES, "x = -1.0 * np.arange(1, 64).reshape(7, 9)"),),
    ),
    Mistake(
        "all_alike",
        "All numbers of your input are the same: it does not show which cells a window saw.",
        "Where would two windows that see different cells give different answers?",
        ((_VALUES, "x = np.full((7, 9), -1e300)"),),
    ),
    Mistake(
        "no_padding",
        "Your test has no padding, so nothing is wrong with the border.",
        "When does the content of the border matter?",
        ((_SETTING, "(3, 5), (2, 3), (0, 0)"),),
    ),
    Mistake(
        "kernel_stride_and_padding_square",
        "Kernel, stride and padding are the same for rows and columns: nothing shows when they trade places.",
        "What must differ between rows and columns?",
        ((_SETTING, "(3, 3), (2, 2), (1, 1)"),),
    ),
    Mistake(
        "stride_equals_kernel",
        "Your stride is as large as the kernel, so a pooling that always takes the kernel passes.",
        "Which strides tell the default from what was asked for?",
        ((_SETTING, "(3, 5), (3, 5), (1, 2)"),),
    ),
    Mistake(
        "stride_one",
        "Your stride is 1, so a pooling that ignores it passes.",
        "Which strides would be noticed if they were ignored?",
        ((_SETTING, "(3, 5), (1, 1), (1, 2)"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="A test that catches wrong borders",
    task="Write one test case that no wrong border survives",
    name="border_case",
    points=6,
    library="numpy",
    groups=GROUPS,
    draw=_cases,
    reference=lambda: (-1e300 * np.arange(1, 64).reshape(7, 9), (3, 5), (2, 3), (1, 2)),
    mistakes=MISTAKES,
    hints=(
        (
            "A wrong pooling is caught where it differs from the right one. For each kind, ask which inputs "
            "make the two agree, and avoid them."
        ),
        (
            "Rows and columns must differ in everything: kernel, stride, padding. The stride must be neither "
            "1 nor the kernel. And think of how low an input can be."
        ),
        (
            "Use numbers that all differ and that are all far below -1e38, a kernel such as (3, 5), a stride "
            "such as (2, 3), a padding such as (1, 2)."
        ),
    ),
    accepts=slips_through,
    shrinks=(),
)
