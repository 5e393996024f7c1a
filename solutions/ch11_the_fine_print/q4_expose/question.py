"""One test that catches six average poolings, each wrong in a corner case."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question

from .corners import WRONG_CORNERS, slips_through

GROUPS = (Group("the wrong number of windows", 0.75), Group("the wrong divisor", 0.25))


def _cases(rng: np.random.Generator) -> list[Case]:
    return [Case(wrong.group, note=f"a pooling that {wrong.says}", hidden=wrong) for wrong in WRONG_CORNERS]


_VALUES = "x = np.arange(1.0, 21.0).reshape(5, 4)"
_SETTING = "(2, 3), (2, 2), (1, 1)"

MISTAKES = (
    Mistake(
        "nothing_left_over",
        "The windows of your test fit exactly: rounding up changes nothing, and no window hangs over.",
        "When do rounding up and rounding down give the same count?",
        ((_VALUES, "x = np.arange(1.0, 26.0).reshape(5, 5)"), (_SETTING, "(3, 3), (2, 2), (1, 1)")),
    ),
    Mistake(
        "no_padding",
        "Your test has no padding, so it cannot matter whether the padding counts.",
        "Which cells of a window could be counted or not?",
        ((_SETTING, "(2, 3), (2, 2), (0, 0)"),),
    ),
    Mistake(
        "last_windows_all_dropped",
        "Along both axes the last window lies in the padding and is dropped: what is left are whole windows "
        "only.",
        "Along which axis could a last window hang over and still see a cell?",
        ((_VALUES, "x = np.arange(1.0, 26.0).reshape(5, 5)"), (_SETTING, "(2, 2), (2, 2), (1, 1)")),
    ),
    Mistake(
        "last_windows_all_kept",
        "Along both axes the last window still sees a cell, so none has to be dropped.",
        "With which sizes does the last window start behind the last cell?",
        ((_VALUES, "x = np.arange(1.0, 17.0).reshape(4, 4)"), (_SETTING, "(3, 3), (2, 2), (1, 1)")),
    ),
    Mistake(
        "all_zero",
        "All numbers of your test are 0, and 0 divided by anything is 0.",
        "Which planes show what a sum was divided by?",
        ((_VALUES, "x = np.zeros((5, 4))"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="A test for the corners",
    task="Write one test case that catches whoever got a corner wrong",
    name="corner_case",
    points=4,
    library="numpy",
    groups=GROUPS,
    draw=_cases,
    reference=lambda: (np.arange(1.0, 21.0).reshape(5, 4), (2, 3), (2, 2), (1, 1)),
    mistakes=MISTAKES,
    hints=(
        (
            "Along one axis the last window is either dropped or kept. You need both. How many axes does a "
            "plane have?"
        ),
        (
            "Along the rows, take sizes for which the last window starts behind the last cell. Along the "
            "columns, sizes for which it hangs over the padding and still sees a cell, but starts far "
            "enough to the right."
        ),
        (
            "Rows: kernel 2, stride 2, padding 1, an odd number of cells. Columns: kernel 3, stride 2, "
            "padding 1, an even number."
        ),
    ),
    accepts=slips_through,
    shrinks=(),
)
