"""Predict which tests catch which bugs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit import reference
from poolkit.windows import Window

Array = NDArray[Any]
NAMES = ("all -1", "a ramp of 4 by 6", "one window")
Pool = Callable[[Array, Any, Any, int], Array]


def _right(x: Array, kernel: Any, stride: Any, padding: int) -> Array:
    y: Array = reference.max_pool(x, Window.of(kernel, stride, padding))
    return y


BUGS: dict[str, Pool] = {
    "A": lambda x, kernel, stride, padding: _right(np.pad(x, padding), kernel, stride, 0),
    "B": lambda x, kernel, stride, padding: _right(x, kernel, stride or 1, padding),
    "C": lambda x, kernel, stride, padding: _right(x, kernel[::-1], stride, padding),
    "D": lambda x, kernel, stride, padding: _right(abs(x), kernel, stride, padding),
}
TESTS: tuple[tuple[Array, Any, Any, int], ...] = (
    (np.full((4, 4), -1.0), (3, 3), (1, 1), 1),
    (np.arange(1.0, 25.0).reshape(4, 6), (2, 3), None, 0),
    (np.array([[-5.0, 1.0], [2.0, 0.0]]), (2, 2), (2, 2), 0),
)


def _predict() -> tuple[str, ...]:
    return tuple(
        "".join(letter for letter, wrong in BUGS.items() if not np.array_equal(wrong(*test), _right(*test)))
        for test in TESTS
    )


def _cases(rng: np.random.Generator) -> list[Case]:
    return [Case(name, part=(index,), note=f"test {index + 1}") for index, name in enumerate(NAMES)]


_PREDICTED = '"AD", "BC", "D"'


def _instead(letters: str) -> tuple[tuple[str, str], ...]:
    return ((_PREDICTED, letters),)


MISTAKES = (
    Mistake(
        "signs_overlooked",
        "Bug D was overlooked: it drops the sign, and the test has negative numbers.",
        "What is the largest magnitude of numbers that are all -1?",
        _instead('"A", "BC", ""'),
    ),
    Mistake(
        "border_everywhere",
        "Bug A was thought to show in tests that have no border at all.",
        "How many cells of padding do the second and the third test have?",
        _instead('"AD", "ABC", "AD"'),
    ),
    Mistake(
        "default_overlooked",
        "Bug B was overlooked: the second test gives no stride, so the default decides.",
        "Which stride does the right pooling take if none is given?",
        _instead('"AD", "C", "D"'),
    ),
    Mistake(
        "square_windows_swapped",
        "Bug C was thought to show where the window is a square.",
        "What changes if the entries of (3, 3) trade places?",
        _instead('"ACD", "BC", "CD"'),
    ),
    Mistake(
        "sign_of_the_first",
        "Bug D was overlooked in the first test: without its sign every -1 is a 1.",
        "What is the largest magnitude of numbers that are all -1?",
        (('"AD"', '"A"'),),
    ),
    Mistake(
        "border_of_the_first",
        "Bug A was overlooked: the first test has a border, and numbers that a zero beats.",
        "What wins in the corner of a plane of -1 with zeros around it?",
        (('"AD"', '"D"'),),
    ),
    Mistake(
        "kernel_of_the_second",
        "Bug C was overlooked: the second test has a window that is no square.",
        "What changes if the entries of (2, 3) trade places?",
        (('"BC"', '"B"'),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Which test catches which bug",
    task="Say which test catches which bug",
    name="predict",
    points=2,
    library="numpy",
    groups=(Group(NAMES[0], 0.35), Group(NAMES[1], 0.4), Group(NAMES[2], 0.25)),
    draw=_cases,
    reference=_predict,
    mistakes=MISTAKES,
    hints=(
        (
            "A test catches a bug where the buggy output differs from the right one. Go through the bugs one "
            "by one, for each test."
        ),
        (
            "Ask of each test: does it have a border, does it give a stride, is its window a square, does it "
            "have negative numbers?"
        ),
        (
            "The first has a border and negative numbers. The second gives no stride and has a window that "
            "is no square. The third has a negative number of large magnitude."
        ),
    ),
)
