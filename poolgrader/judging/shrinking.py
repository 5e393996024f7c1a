"""Search for a small failing input, which a learner can work through by hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np

from poolgrader.calls.values import Array
from poolgrader.questions.question import Case, Question

TRIES = 60
SECONDS = 0.3


def shrink(question: Question, case: Case, fails: Callable[[Case], bool]) -> Case:
    """Make the arrays of a failing case smaller, and their values small whole numbers, while it still fails.

    Args:
        question: says which arguments may be made smaller.
        case: a failing case.
        fails: returns whether a smaller case is valid for the reference, and the answer still fails on it in
            the same way.
    """
    deadline = time.monotonic() + SECONDS
    tries = TRIES
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(question, case):
            if tries == 0 or time.monotonic() > deadline:
                return case
            tries -= 1
            if fails(candidate):
                case, smaller = candidate, True
                break
    return case


def _smaller(question: Question, case: Case) -> Iterator[Case]:
    for position in question.shrinkable(case):
        value = case.args[position] if position < len(case.args) else None
        if not isinstance(value, Array) or case.cotangent is not None:
            continue  # a cotangent has the shape of the output: it would not fit if the input shrank
        for axis in range(value.data.ndim):
            length = value.data.shape[axis]
            for shorter in sorted({min(1, length - 1), length // 2, length - 1} - {0}):
                for start in (0, length - shorter):  # the first cells, or the last
                    kept = value.data.take(range(start, start + shorter), axis)
                    yield question.with_values(case, position, kept)
        plain = _plain_values(value)
        if plain is not None:
            yield question.with_values(case, position, plain)


def _plain_values(value: Array) -> np.ndarray | None:
    """Small whole numbers in the same order and with the same signs, or None if the values are so already."""
    data = value.data
    finite = np.isfinite(data)
    if data.dtype.kind != "f" or not finite.any():
        return None
    if bool(np.all((np.round(data) == data)[finite])) and np.abs(data[finite]).max() <= data.size:
        return None
    steps = np.unique(data[finite])
    ranks = np.searchsorted(steps, data[finite]) - np.searchsorted(steps, 0.0)
    ranks = np.where((ranks >= 0) & (data[finite] > 0), ranks + (0.0 not in steps), ranks)
    plain = data.copy()
    plain[finite] = ranks
    return plain
