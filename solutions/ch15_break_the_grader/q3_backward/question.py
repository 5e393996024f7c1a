"""Tests of the backward pass of max pooling."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Plain
from poolgrader.questions.mutants import Mutant, composed, plain, same
from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit import PoolingError, reference
from poolkit.windows import Window

from ...ch06_the_backward_pass.q2_maximum import question as maximum

Generator = np.random.Generator
Array = NDArray[Any]
Test = tuple[Array, Array, Any, int, int, Array]  # grad_output, x, kernel_size, stride, padding, expected
MOST_TESTS, MOST_NUMBERS = 3, 48

RIGHT, ROUTE, PLACE, AMOUNT, SEVERAL = (
    "right backward passes pass",
    "who gets it",
    "where it goes",
    "how much",
    "several at once",
)
KNOWN = {
    ROUTE: ("assigned", "tie_to_all", "tie_split", "tie_last", "every_cell"),
    PLACE: (
        "stride_forgotten",
        "window_forgotten",
        "padding_forgotten",
        "into_the_padding",
        "channels_mixed",
        "kernel_axes_swapped",
    ),
    AMOUNT: ("gradient_ignored", "times_the_value", "sign"),
}


def _cases(rng: Generator) -> list[Case]:
    question = maximum.QUESTION
    cases = [Case(RIGHT, note="a right backward pass", hidden=Mutant(question))]
    for group, keys in KNOWN.items():
        cases += [Case(group, note="a hidden backward pass", hidden=Mutant(question, (key,))) for key in keys]
    drawn = [composed(question, [KNOWN[PLACE], KNOWN[AMOUNT]], rng) for _ in range(2)]
    drawn += [composed(question, [KNOWN[PLACE], KNOWN[PLACE], ("assigned",)], rng) for _ in range(2)]
    return cases + [Case(SEVERAL, note="a hidden backward pass", hidden=mutant) for mutant in drawn]


def _read(value: Plain) -> list[Test] | str:
    tests = plain(value)
    if not isinstance(tests, tuple) or not 1 <= len(tests) <= MOST_TESTS:
        return f"A list of 1 to {MOST_TESTS} tests was asked for."
    for test in tests:
        if not isinstance(test, tuple) or len(test) != 6:
            return "Each test is six things: grad_output, x, kernel_size, stride, padding, expected."
        sent, x, kernel, stride, padding, expected = test
        if not all(
            isinstance(one, np.ndarray) and one.dtype == np.float64 and one.ndim == 4
            for one in (sent, x, expected)
        ):
            return "grad_output, x and expected are numpy arrays of floats with four axes."
        if not 0 < x.size <= MOST_NUMBERS or not all(np.all(np.isfinite(one)) for one in (sent, x, expected)):
            return f"Each x has at most {MOST_NUMBERS} numbers, and all numbers are finite."
        if (
            not isinstance(kernel, tuple)
            or len(kernel) != 2
            or not all(type(one) is int for one in (*kernel, stride, padding))
        ):
            return "kernel_size is a pair of whole numbers, stride and padding are one each."
        if (
            not 0 <= padding <= MOST_NUMBERS
            or not 1 <= stride <= MOST_NUMBERS
            or not 1 <= min(kernel) <= max(kernel) <= MOST_NUMBERS
        ):
            return f"Kernel and stride are from 1 to {MOST_NUMBERS}, the padding from 0."
    return list(tests)


def _accepts(case: Case, value: Plain) -> str:
    tests = _read(value)
    if isinstance(tests, str):
        return tests
    valid = []
    for test in tests:
        sent, x, kernel, stride, padding, expected = test
        try:
            window = Window.of(kernel, stride, padding)
            size = window.output_size(x.shape[2:])
            if sent.shape != (*x.shape[:2], *size):
                return "In one of your tests grad_output does not have the shape of the output."
            right = reference.max_pool_backward(sent, x, window)
        except PoolingError:
            return (
                "No pooling can do what one of your tests asks for: no window fits, or the padding is more "
                "than half of the kernel."
            )
        if same(right, expected):
            valid.append(test)
        elif not case.hidden.keys:
            return "A right backward pass fails one of your tests."
    if not case.hidden.keys or any(not same(case.hidden.run(test[:5]), test[5]) for test in valid):
        return ""
    if len(case.hidden.keys) > 1:
        return "A wrong backward pass with several mistakes passes all of your tests."
    return f"A wrong backward pass passes all of your tests. Its gradients are like this: {case.hidden.says}"


def _tests() -> list[Test]:
    peak = np.array([[[[5.0, 5.0, 1.0, 0.0], [2.0, 3.0, 9.0, 4.0], [0.0, -7.0, 2.0, 3.0]]]])
    layered = -1.0 - (7 * np.arange(48.0) % 48).reshape(1, 2, 4, 6)
    asked: list[tuple[Array, Array, Any, int, int]] = [
        (np.array([[[[1.0, -2.0, 3.0], [4.0, 5.0, 6.0]]]]), peak, (2, 2), 1, 0),
        (np.arange(1.0, 13.0).reshape(1, 2, 2, 3) - 4.5, layered, (3, 2), 3, 1),
    ]
    return [(*test, reference.max_pool_backward(test[0], test[1], Window.of(*test[2:]))) for test in asked]


_PEAK = "[[5.0, 5.0, 1.0, 0.0], [2.0, 3.0, 9.0, 4.0], [0.0, -7.0, 2.0, 3.0]]"
_SENT = "[[1.0, -2.0, 3.0], [4.0, 5.0, 6.0]]"
_LAYERED = "layered = -1.0 - (7 * np.arange(48.0) % 48).reshape(1, 2, 4, 6)"
_SECOND = "(layered_sent, layered, (3, 2), 3, 1)"

MISTAKES = (
    Mistake(
        "no_tie",
        "No window of your tests has two equal greatest values.",
        "On which windows do the rules for ties differ?",
        ((_PEAK, _PEAK.replace("[[5.0, 5.0", "[[5.0, 4.0")),),
    ),
    Mistake(
        "nothing_meets",
        "In your tests every window has a winner of its own, so no two gradients meet in one cell.",
        "Where must a large value stand so that several windows see it?",
        ((_PEAK, "[[5.0, 5.0, 1.0, 2.0], [2.0, 3.0, 0.0, 1.0], [4.0, -7.0, 6.0, 8.0]]"),),
    ),
    Mistake(
        "gradient_of_ones",
        "Every grad_output of your tests holds ones only.",
        "Which wrong backward passes look right as long as every output sends 1?",
        (
            (_SENT, "[[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]"),
            ("np.arange(1.0, 13.0).reshape(1, 2, 2, 3) - 4.5", "np.ones((1, 2, 2, 3))"),
        ),
    ),
    Mistake(
        "border_of_positives",
        "Where your tests have a border, all numbers are positive, and a border of zeros is never noticed.",
        "Which inputs lose against 0?",
        ((_LAYERED, _LAYERED.replace("-1.0 - (", "1.0 + (")),),
    ),
    Mistake(
        "one_channel",
        "Your tests have one channel only: channels that are mixed up do not show.",
        "How many channels does a test need to tell them apart?",
        (
            (_LAYERED, "layered = -1.0 - (7 * np.arange(24.0) % 24).reshape(1, 1, 4, 6)"),
            (
                "np.arange(1.0, 13.0).reshape(1, 2, 2, 3) - 4.5",
                "np.arange(1.0, 7.0).reshape(1, 1, 2, 3) - 4.5",
            ),
        ),
    ),
    Mistake(
        "no_padding",
        "None of your tests has a border.",
        "What can go wrong with a border in the backward pass?",
        ((_SECOND, "(layered_sent[:, :, :1, :2], layered, (3, 2), 3, 0)"),),
    ),
    Mistake(
        "ties_expected_to_split",
        "Your tests expect equal winners to share. Right backward passes fail them, and such tests count for "
        "nothing.",
        "Which of equal winners gets the gradient in exercise 6?",
        (
            (
                "u, v = np.unravel_index(window.argmax(), window.shape)",
                "u, v = np.unravel_index(window.size - 1 - window[::-1, ::-1].argmax(), window.shape)",
            ),
        ),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Tests that catch wrong gradients",
    task="Write tests that catch wrong gradients",
    name="gradient_tests",
    points=4,
    library="numpy",
    groups=(
        Group(RIGHT, 0.15),
        Group(ROUTE, 0.3),
        Group(PLACE, 0.25),
        Group(AMOUNT, 0.15),
        Group(SEVERAL, 0.15),
    ),
    draw=_cases,
    reference=_tests,
    mistakes=MISTAKES,
    hints=(
        (
            "Two tests with different jobs are easier than one that does it all: one for ties and for "
            "winners that windows share, one for the places that the gradients go to."
        ),
        (
            "First: a cell that wins several windows, two equal winners, gradients that differ. Second: two "
            "channels, a window that is no square, a stride, a border, and all numbers negative."
        ),
        (
            "Take your input of question 6.5 for the first. For the second, distinct negative numbers with "
            "the axes 1, 2, 4, 6, kernel (3, 2), stride 3, padding 1, and a grad_output that counts up from "
            "below zero. Your own backward pass of exercise 6 computes what to expect."
        ),
    ),
    accepts=_accepts,
    shrinks=(),
)
