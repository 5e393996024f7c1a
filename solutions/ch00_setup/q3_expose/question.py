"""Build a test input on which three bugs show at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Array, Plain
from poolgrader.questions.question import Case, Group, Mistake, Question

Generator = np.random.Generator
Plane = NDArray[Any]
MAX_VALUES = 400
Cut = Callable[[Plane, int, int, int, int, int], Plane]

GROUPS = (Group("the planted bug", 0.4), Group("its twin in the rows", 0.3), Group("axes exchanged", 0.3))


def _right(x: Plane, i: int, j: int, kh: int, kw: int, s: int) -> Plane:
    return x[i * s : i * s + kh, j * s : j * s + kw]


WRONG: tuple[tuple[str, Cut], ...] = (
    (
        "starts its columns at j and not at j times stride",
        lambda x, i, j, kh, kw, s: x[i * s : i * s + kh, j : j + kw],
    ),
    (
        "starts its rows at i and not at i times stride",
        lambda x, i, j, kh, kw, s: x[i : i + kh, j * s : j * s + kw],
    ),
    (
        "takes kernel_size as (columns, rows)",
        lambda x, i, j, kh, kw, s: x[i * s : i * s + kw, j * s : j * s + kh],
    ),
)


def slips_through(case: Case, value: Plain) -> str:
    """Return why the input does not expose the case's wrong window, or "" if it does."""
    if not isinstance(value, list | tuple) or len(value) != 5 or not isinstance(value[0], Array):
        return "A tuple of five was asked for: an array x, then i, j, kernel_size and stride."
    x, numbers = value[0].data, (*value[1:3], *_pair(value[3]), value[4])
    if x.ndim != 2 or not 0 < x.size <= MAX_VALUES:
        return f"x has the shape {x.shape}: it must have rows and columns, and at most {MAX_VALUES} numbers."
    if x.dtype.kind not in "biuf" or not np.all(np.isfinite(x)):
        return "x must hold finite numbers."
    if not all(type(number) is int and 0 <= number <= MAX_VALUES for number in numbers):
        return "i, j and stride must be whole numbers, and kernel_size a pair of them."
    i, j, kh, kw, s = numbers
    if min(kh, kw, s) < 1 or i * s + kh > x.shape[0] or j * s + kw > x.shape[1]:
        return (
            f"Window ({i}, {j}) of {kh} by {kw} with stride {s} does not lie in x, which has the shape "
            f"{x.shape}."
        )
    says, wrong = WRONG[case.hidden]
    same = np.array_equal(_right(x, i, j, kh, kw, s), wrong(x, i, j, kh, kw, s))
    return (
        f"A version that {says} gives the right window on your input. {_hidden_by(case, numbers)}"
        if same
        else ""
    )


def _hidden_by(case: Case, numbers: tuple[int, ...]) -> str:
    """Return which property of the input hides the bug; the text does not depend on the other numbers."""
    i, j, kh, kw, s = numbers
    if case.hidden == 2:
        return (
            "The window is square." if kh == kw else "The cells that it took instead hold the same numbers."
        )
    index = (j, i)[case.hidden]
    if s == 1 or index == 0:
        return "The stride is 1." if s == 1 else "The window stands at the border: its index is 0."
    return "The cells that it took instead hold the same numbers."


def _pair(value: Plain) -> tuple[Plain, ...]:
    return tuple(value) if isinstance(value, list | tuple) and len(value) == 2 else ("?", "?")


def _expose_cases(rng: Generator) -> list[Case]:
    return [
        Case(group.name, note=f"a version that {WRONG[number][0]}", hidden=number)
        for number, group in enumerate(GROUPS)
    ]


def _exposing() -> tuple[Plane, int, int, tuple[int, int], int]:
    return np.arange(64.0).reshape(8, 8), 1, 2, (2, 3), 2


_PLACE, _SIZE = "i, j = 1, 2", "kernel_size, stride = (2, 3), 2"

MISTAKES = (
    Mistake(
        "stride_one",
        "With stride 1, a start that is not multiplied by the stride is right all the same.",
        "With which strides does a start change if you forget to multiply by the stride?",
        ((_SIZE, "kernel_size, stride = (2, 3), 1"),),
    ),
    Mistake(
        "first_column",
        "Window (i, 0) starts at column 0 with the bug and without it.",
        "What is 0 times the stride?",
        ((_PLACE, "i, j = 1, 0"),),
    ),
    Mistake(
        "first_row",
        "Window (0, j) starts at row 0 with the bug and without it.",
        "What is 0 times the stride?",
        ((_PLACE, "i, j = 0, 2"),),
    ),
    Mistake(
        "first_window",
        "Window (0, 0) starts in the corner for every stride: both forgotten factors stay hidden.",
        "Which window is the first that starts elsewhere?",
        ((_PLACE, "i, j = 0, 0"),),
    ),
    Mistake(
        "square_window",
        "In a square window, height and width can be exchanged unseen.",
        "What must differ for an exchange to show?",
        ((_SIZE, "kernel_size, stride = (2, 2), 2"),),
    ),
    Mistake(
        "all_cells_alike",
        "All cells of x are alike, so a window from the wrong place looks like the right one.",
        "What must differ between two places?",
        (("x = np.arange(64.0).reshape(8, 8)", "x = np.ones((8, 8))"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="A test that exposes it",
    task="Write a test that exposes it",
    name="expose_bug",
    points=1,
    library="numpy",
    groups=GROUPS,
    draw=_expose_cases,
    reference=_exposing,
    mistakes=MISTAKES,
    hints=(
        (
            "A bug shows only where the right answer and the wrong one differ. Where do i and i times stride "
            "differ?"
        ),
        (
            "You need a stride above 1 and a window that is neither in the first row nor in the first "
            "column, and that is not square."
        ),
        (
            "Give every cell a value of its own, for instance by counting, and make x large enough that the "
            "window lies in it."
        ),
    ),
    accepts=slips_through,
    shrinks=(),
)
