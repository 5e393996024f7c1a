"""14.6, the transfer question: a running result whose operation, dilation and border are arguments."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

Generator = np.random.Generator
Array = NDArray[Any]
OPERATIONS, DILATION, BORDERS, BOTH = "operations", "dilation", "borders", "all at once"


def _combine(operation: str, values: list[float]) -> float:
    if operation == "gcd":
        return float(math.gcd(*(int(value) for value in values)))
    return max(values) if operation == "max" else min(values) if operation == "min" else math.fsum(values)


def _running(x: Array, k: int, dilation: int, operation: str, border: str) -> Array:
    n = len(x)
    y = np.empty(n)
    for t in range(n):
        seen = []
        for tap in range(t, t + k * dilation, dilation):
            if tap < n:
                seen.append(float(x[tap]))
            elif border == "wrap":
                seen.append(float(x[tap % n]))
            elif border == "edge":
                seen.append(float(x[-1]))
        y[t] = _combine(operation, seen)
    return y


def _anywhere(rng: Generator) -> Case:
    n, k, dilation = (int(rng.integers(1, most)) for most in (9, 8, 7))
    operation = str(rng.choice(["max", "min", "sum", "gcd"]))
    if operation == "gcd":
        x = rng.integers(1, 60, n).astype(float)
    else:
        x = rng.integers(-9, 10, n) * float(rng.choice([1, 1000, 1e300]))
    return Case(BOTH, arrays(x, k, dilation, operation, str(rng.choice(["skip", "wrap", "edge"]))))


def _cases(rng: Generator) -> list[Case]:
    def case(
        group: str, n: int, k: int, dilation: int, operation: str, border: str, scale: float = 1.0
    ) -> Case:
        x = rng.permutation(np.arange(1, n + 1)) * 6.0 * scale
        if operation in ("max", "min") and border == "skip":
            x = x if operation == "min" else -x  # an answer that adds a border of zeros is wrong
        if operation == "sum":
            x = x - (6.0 * (n // 2) + 3.0)  # both signs, but no zero: leaving out a zero would not show
        note = (
            f"{operation} of {k}, dilation {dilation}, border "
            f"{border}{', far from zero' if scale > 1 else ''}"
        )
        return Case(group, arrays(x, k, dilation, operation, border), note)

    return [
        case(OPERATIONS, 9, 4, 1, "max", "skip"),
        case(OPERATIONS, 9, 5, 1, "min", "skip"),
        case(OPERATIONS, 9, 4, 1, "max", "skip", 1e300),
        case(OPERATIONS, 9, 5, 1, "min", "skip", 1e300),
        case(OPERATIONS, 10, 5, 1, "sum", "skip"),
        case(OPERATIONS, 10, 3, 1, "gcd", "skip"),
        case(DILATION, 11, 3, 2, "max", "skip"),
        case(DILATION, 12, 3, 3, "sum", "skip"),
        case(DILATION, 7, 4, 5, "sum", "skip"),
        case(BORDERS, 8, 3, 1, "sum", "wrap"),
        case(BORDERS, 8, 3, 1, "sum", "edge"),
        case(BORDERS, 9, 4, 1, "max", "wrap"),
        case(BORDERS, 5, 4, 3, "sum", "wrap"),
        case(BORDERS, 5, 4, 3, "sum", "edge"),
        case(BORDERS, 8, 3, 1, "gcd", "wrap"),
        case(BOTH, 10, 3, 2, "sum", "wrap"),
        case(BOTH, 10, 4, 2, "sum", "edge"),
        case(BOTH, 11, 3, 3, "min", "wrap"),
    ]


_WRAP = 'if border == "wrap":\n            seen = x[taps % n]'
_EDGE = 'elif border == "edge":\n            seen = x[np.minimum(taps, n - 1)]'
_TAPS = "taps = t + dilation * np.arange(k)"

MISTAKES = (
    Mistake(
        "dilation_ignored",
        "The taps stand side by side, whatever the dilation.",
        "Which cells does a window of 3 with dilation 2 see?",
        ((_TAPS, "taps = t + np.arange(k)"),),
    ),
    Mistake(
        "dilation_as_extent",
        "The dilation was taken for more taps, not for gaps between them.",
        "How many taps does a window of 3 have, with dilation 1 and with dilation 2?",
        ((_TAPS, "taps = t + np.arange(dilation * (k - 1) + 1)"),),
    ),
    Mistake(
        "border_of_zeros",
        "Beyond the row there were zeros, and they took part.",
        "What should happen to taps that the row does not have?",
        (("seen = x[taps[taps < n]]", "seen = np.append(x, 0.0)[np.minimum(taps, n)]"),),
    ),
    Mistake(
        "wrap_ignored",
        "The row was not closed to a ring where it should be.",
        "Which cell comes after the last one in a ring?",
        ((_WRAP, 'if border == "wrap":\n            seen = x[taps[taps < n]]'),),
    ),
    Mistake(
        "edge_ignored",
        "The last cell was not repeated beyond the edge.",
        "What stands beyond the last cell?",
        ((_EDGE, 'elif border == "edge":\n            seen = x[taps[taps < n]]'),),
    ),
    Mistake(
        "edge_once",
        "Beyond the edge the last cell was counted once, however many taps lie there.",
        "How many taps of a window of 3 lie beyond the row if it begins at the last cell?",
        ((_EDGE, 'elif border == "edge":\n            seen = x[np.unique(np.minimum(taps, n - 1))]'),),
    ),
    Mistake(
        "always_maximum",
        "The maximum was returned, whatever the operation.",
        "Which line of your code reads `operation`?",
        (("reduce[operation]", 'reduce["max"]'),),
    ),
    Mistake(
        "window_ends_here",
        "The windows end at their output. They begin there.",
        "Which cells does the window of output 0 see?",
        (
            (
                _TAPS,
                (
                    "taps = (t - dilation * np.arange(k)) % (10 * n) if t >= dilation * (k - 1) else t + "
                    "dilation * np.arange(k)"
                ),
            ),
        ),
    ),
    Mistake(
        "sum_by_overlapping_windows",
        "Some cells went into a sum twice: its last two windows overlap, which only a maximum allows.",
        "What does counting a cell twice do to a maximum, and what to a sum?",
        (
            (
                "n = len(x)",
                (
                    "n, counts = len(x), np.ones(1)\n    while len(counts) < k:\n"
                    "        gap = np.zeros(min(len(counts), k - len(counts)))\n"
                    "        counts = np.append(counts, gap) + np.append(gap, counts)"
                ),
            ),
            ('"sum": np.sum', '"sum": lambda seen: seen @ counts[: len(seen)]'),
        ),
    ),
    Mistake(
        "once_round_the_ring",
        "A tap that goes round the ring more than once was not found.",
        "Where does tap 12 lie on a ring of 5?",
        ((_WRAP, 'if border == "wrap":\n            seen = x[np.where(taps < n, taps, taps - n)]'),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="A running result by a rule",
    task="Build a running result whose rule you receive as arguments",
    name="running",
    points=3,
    library="numpy",
    groups=(Group(OPERATIONS, 0.35), Group(DILATION, 0.2), Group(BORDERS, 0.25), Group(BOTH, 0.2)),
    draw=_cases,
    reference=_running,
    mistakes=MISTAKES,
    hints=(
        (
            "For each output there are three questions: where are its taps, which of them does the row have, "
            "and what is done with their numbers? The three are independent of one another."
        ),
        (
            "The k taps are t, t + dilation, and so on. For a ring take them modulo n; for an edge replace "
            "those above n - 1 by n - 1; otherwise leave out those that the row does not have."
        ),
        (
            "A dictionary from the operation's name to a function keeps it short: np.max, np.min, np.sum, "
            "and np.gcd.reduce for whole numbers."
        ),
    ),
    anywhere=_anywhere,
)
