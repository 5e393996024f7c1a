"""Tests of max pooling that catch hidden wrong implementations and let every right one pass."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Plain
from poolgrader.questions.mutants import Mutant, composed, plain, same
from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit import PoolingError, reference
from poolkit.windows import Window

from ...ch05_padding_and_stride.q2_maximum import question as maximum

Generator = np.random.Generator
Array = NDArray[Any]
Test = tuple[Array, Any, Any, Any, Array]  # x, kernel_size, stride, padding, expected
MOST_TESTS, MOST_NUMBERS, LONGEST = 4, 64, 12

RIGHT, BORDER, WHOLE, STRIDE, PLACES, SEVERAL = (
    "right poolings pass",
    "the border",
    "whole numbers",
    "the stride",
    "axes and sides",
    "several at once",
)
KNOWN = {
    BORDER: ("zero_padding", "magic_number"),
    WHOLE: ("dtype_lost", "infinity_in_whole_numbers", "through_floats"),
    STRIDE: ("default_stride_one", "stride_is_kernel", "stride_ignored", "start_not_times_stride"),
    PLACES: (
        "kernel_axes_swapped",
        "strides_swapped",
        "paddings_swapped",
        "sides_swapped",
        "first_side_twice",
        "rounded_up",
    ),
}
# Combinations of three mistakes, one of each of three kinds, that few tests catch. They are cases with every
# seed.
HARDEST = (
    ("rounded_up", "default_stride_one", "magic_number"),
    ("sides_swapped", "start_not_times_stride", "zero_padding"),
)


def _cases(rng: Generator) -> list[Case]:
    """Each known mistake alone, then pairs of one kind, then one mistake of each of three kinds.

    Of the combinations of three kinds, the cases take the hardest ones and two drawn ones.
    """
    question = maximum.QUESTION
    cases = [Case(RIGHT, note="a right pooling", hidden=Mutant(question))]
    for group, keys in KNOWN.items():
        mutants = [Mutant(question, (key,)) for key in keys]
        if group in (STRIDE, PLACES):
            mutants += [composed(question, (keys, keys), rng) for _ in range(2)]
        cases += [Case(group, note="a hidden pooling", hidden=mutant) for mutant in mutants]
    kinds = [KNOWN[PLACES], KNOWN[STRIDE], KNOWN[BORDER]]
    together = [Mutant(question, keys) for keys in HARDEST] + [
        composed(question, kinds, rng) for _ in range(2)
    ]
    return cases + [Case(SEVERAL, note="a hidden pooling", hidden=mutant) for mutant in together]


def _read(value: Plain) -> list[Test] | str:
    """The tests, or what is wrong with their form."""
    tests = plain(value)
    if not isinstance(tests, tuple) or not 1 <= len(tests) <= MOST_TESTS:
        return f"A list of 1 to {MOST_TESTS} tests was asked for."
    for test in tests:
        if not isinstance(test, tuple) or len(test) != 5:
            return "Each test is five things: x, kernel_size, stride, padding, expected."
        x, kernel, stride, padding, expected = test
        if (
            not isinstance(x, np.ndarray)
            or x.ndim != 2
            or not 0 < x.size <= MOST_NUMBERS
            or x.dtype.kind not in "fiu"
        ):
            return f"Each x is a numpy array: a plane of at most {MOST_NUMBERS} numbers."
        if not isinstance(expected, np.ndarray):
            return "The expected output must be a numpy array, of the dtype that a right pooling gives."
        pairs = [
            kernel,
            *([] if stride is None else [stride]),
            *(padding if isinstance(padding, tuple) else [None]),
        ]
        if len(pairs) != 3 + (stride is not None) or not all(_is_pair(pair) for pair in pairs):
            return (
                "kernel_size and stride are pairs of whole numbers (the stride may be None), and padding is "
                "two such pairs."
            )
    return list(tests)


def _is_pair(pair: Any) -> bool:
    return (
        isinstance(pair, tuple)
        and len(pair) == 2
        and all(type(one) is int and 0 <= one <= LONGEST for one in pair)
    )


def _accepts(case: Case, value: Plain) -> str:
    tests = _read(value)
    if isinstance(tests, str):
        return tests
    valid = []
    for test in tests:
        x, kernel, stride, padding, expected = test
        try:
            right = reference.max_pool(x, Window.of(kernel, stride, padding))
        except PoolingError:
            return "No pooling can do what one of your tests asks for: no window fits, or a stride is 0."
        if same(right, expected):
            valid.append(test)
        elif not case.hidden.keys:
            what = (
                "shape"
                if right.shape != expected.shape
                else "dtype"
                if right.dtype != expected.dtype
                else "numbers"
            )
            return (
                f"A right pooling fails one of your tests: it gives another {what}."
                if what != "numbers"
                else ("A right pooling fails one of your tests: it gives other numbers.")
            )
    if not case.hidden.keys or any(not same(case.hidden.run(test[:4]), test[4]) for test in valid):
        return ""
    if len(case.hidden.keys) > 1:
        return "A wrong pooling with several mistakes passes all of your tests."
    return f"A wrong pooling passes all of your tests. Its outputs are like this: {case.hidden.says}"


def _tests() -> list[Test]:
    """Tests whose expected outputs are those of the reference; no test is larger than necessary."""
    mixed = 8 * np.arange(35).reshape(5, 7) % 35
    asked: list[tuple[Array, Any, Any, Any]] = [
        (-1e12 * (1 + mixed), (2, 3), (3, 2), ((1, 0), (0, 2))),
        (-1e12 * (1 + mixed), (2, 3), None, ((0, 0), (1, 0))),
        ((-1 - mixed).astype(np.int8), (3, 2), (1, 2), ((0, 2), (1, 0))),
        (2**60 + mixed, (2, 3), (1, 1), ((1, 1), (1, 1))),
    ]
    return [(*test, reference.max_pool(test[0], Window.of(*test[1:]))) for test in asked]


_LOW = "low = -1e12 * (1.0 + mixed)"
_SMALL = "small = (-1 - mixed).astype(np.int8)"
_HUGE = "huge = 2**60 + mixed"
_FIRST = "(low, (2, 3), (3, 2), ((1, 0), (0, 2)))"
_SECOND = "(low, (2, 3), None, ((0, 0), (1, 0)))"
_THIRD = "(small, (3, 2), (1, 2), ((0, 2), (1, 0)))"
_FOURTH = "(huge, (2, 3), (1, 1), ((1, 1), (1, 1)))"

MISTAKES = (
    Mistake(
        "all_positive",
        "No number of your tests is negative, and a border of zeros is never noticed.",
        "Which inputs lose against 0?",
        ((_LOW, "low = 1.0 + mixed"), (_SMALL, "small = (1 + mixed).astype(np.int8)")),
    ),
    Mistake(
        "not_low_enough",
        "Your numbers are negative, and a border of -1e9 stays below all of them.",
        "How low must an input be so that -1e9 wins against it?",
        ((_LOW, "low = -1.0 - mixed"),),
    ),
    Mistake(
        "floats_alone",
        "None of your tests has whole numbers: a pooling that cannot hold them passes.",
        "Which dtypes may x have, and which of them have no minus infinity?",
        ((_SMALL, "small = -1.0 - mixed"), (_HUGE, "huge = 2.0**60 + mixed")),
    ),
    Mistake(
        "stride_always_given",
        "All of your tests give a stride, so the default is never tried.",
        "What happens if no stride is given?",
        ((_SECOND, _SECOND.replace("None", "(2, 3)")),),
    ),
    Mistake(
        "everything_square",
        "Kernel, stride and padding are the same for rows and columns in all of your tests.",
        "What must differ between rows and columns?",
        (
            (_FIRST, "(low, (3, 3), (2, 2), ((1, 0), (1, 0)))"),
            (_SECOND, "(low, (3, 3), None, ((0, 1), (0, 1)))"),
            (_THIRD, "(small, (2, 2), (1, 1), ((0, 2), (0, 2)))"),
            (_FOURTH, "(huge, (2, 2), (1, 1), ((1, 1), (1, 1)))"),
        ),
    ),
    Mistake(
        "sides_alike",
        "In all of your tests the padding before and behind an axis is the same.",
        "Which mistakes with four sides does a padding of 1 everywhere let pass?",
        (
            (_FIRST, _FIRST.replace("((1, 0), (0, 2))", "((1, 1), (2, 2))")),
            (_SECOND, _SECOND.replace("((0, 0), (1, 0))", "((0, 0), (1, 1))")),
            (_THIRD, _THIRD.replace("((0, 2), (1, 0))", "((2, 2), (1, 1))")),
        ),
    ),
    Mistake(
        "expects_zeros_in_the_border",
        "Your tests expect what a border of zeros gives. Right poolings fail them, and such tests count for "
        "nothing.",
        "What should stand in the border of a maximum?",
        (('lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min', "lowest = 0"),),
    ),
    Mistake(
        "expects_floats",
        "Your tests of whole numbers expect floats. A right pooling keeps the dtype.",
        "What dtype does the maximum of whole numbers have?",
        (("y = np.empty((rows, columns), dtype=x.dtype)", "y = np.empty((rows, columns))"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Tests that catch wrong poolings",
    task="Write tests that catch wrong poolings",
    name="pooling_tests",
    points=6,
    library="numpy",
    groups=(
        Group(RIGHT, 0.15),
        Group(BORDER, 0.2),
        Group(WHOLE, 0.15),
        Group(STRIDE, 0.15),
        Group(PLACES, 0.2),
        Group(SEVERAL, 0.15),
    ),
    draw=_cases,
    reference=_tests,
    mistakes=MISTAKES,
    hints=(
        (
            "Before you write a test, list what a max pooling can do wrong. One test can catch many "
            "mistakes, if nothing in it is equal by chance."
        ),
        (
            "Make unequal: rows and columns, kernel, stride, the four sides of the padding. Take distinct "
            "numbers, far below zero. One test without a stride. Some with whole numbers: small ones and "
            "ones that no float can hold."
        ),
        (
            "Four tests: floats at -1e12 with kernel (2, 3), stride (3, 2) and padding ((1, 0), (0, 2)); "
            "floats without a stride; negative int8 with padding; whole numbers near 2**60 with padding. "
            "Let your own pooling of exercise 5 compute what to expect."
        ),
    ),
    accepts=_accepts,
    shrinks=(),
)
