"""15.4, the transfer question: an input that catches wrong poolings, for a rule that comes as arguments."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Plain
from poolgrader.questions.mutants import plain
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

Generator = np.random.Generator
Array = NDArray[Any]
MOST = 200
OPERATION, BORDER, PLACES, CELLS = "the operation", "the border", "axes and strides", "cells left out"
REDUCE: dict[str, Callable[[Array], Any]] = {"max": np.max, "min": np.min, "mean": np.mean, "spread": np.ptp}


@dataclass(frozen=True)
class Rule:
    """A pooling of planes; the plane gets a border of one cell on each side, filled with `fill`."""

    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    operation: str
    fill: float

    def pool(self, x: Array) -> Array:
        """Pool a plane by the definition, window after window."""
        padded = np.pad(x.astype(np.float64), 1, constant_values=self.fill)
        (kh, kw), (sh, sw) = self.kernel_size, self.stride
        rows, columns = (padded.shape[0] - kh) // sh + 1, (padded.shape[1] - kw) // sw + 1
        y = np.empty((max(rows, 0), max(columns, 0)))
        for i, j in np.ndindex(y.shape):
            y[i, j] = REDUCE[self.operation](padded[i * sh : i * sh + kh, j * sw : j * sw + kw])
        return y


Wrong = Callable[[Rule, Array], Array]


def _other(rule: Rule, x: Array) -> Array:
    return replace(
        rule, operation={"max": "min", "min": "max", "mean": "max", "spread": "mean"}[rule.operation]
    ).pool(x)


def _without(rows: slice, columns: slice) -> Wrong:
    """A wrong pooling that reads `fill` in all cells outside the slices."""

    def pool(rule: Rule, x: Array) -> Array:
        seen = np.full(x.shape, rule.fill)
        seen[rows, columns] = x[rows, columns]
        return rule.pool(seen)

    return pool


WRONG: tuple[tuple[str, str, Wrong], ...] = (
    (OPERATION, "does something else with the cells of a window", _other),
    (
        OPERATION,
        "takes the first cell of each window",
        lambda rule, x: Rule((1, 1), rule.stride, "max", rule.fill).pool(x),
    ),
    (
        BORDER,
        "fills the border with another number",
        lambda rule, x: replace(rule, fill=rule.fill + 1.0).pool(x),
    ),
    (BORDER, "repeats the outermost cells as its border", lambda rule, x: _edged(rule, x)),
    (
        PLACES,
        "swaps the entries of the kernel",
        lambda rule, x: replace(rule, kernel_size=rule.kernel_size[::-1]).pool(x),
    ),
    (
        PLACES,
        "swaps the entries of the stride",
        lambda rule, x: replace(rule, stride=rule.stride[::-1]).pool(x),
    ),
    (PLACES, "reads the plane turned around", lambda rule, x: rule.pool(x.T)),
    (CELLS, "does not read the last two rows", _without(slice(None, -2), slice(None))),
    (CELLS, "does not read the first two columns", _without(slice(None), slice(2, None))),
)


def _edged(rule: Rule, x: Array) -> Array:
    wide = np.pad(x.astype(np.float64), 1, mode="edge")
    (kh, kw), (sh, sw) = rule.kernel_size, rule.stride
    rows, columns = (wide.shape[0] - kh) // sh + 1, (wide.shape[1] - kw) // sw + 1
    y = np.empty((max(rows, 0), max(columns, 0)))
    for i, j in np.ndindex(y.shape):
        y[i, j] = REDUCE[rule.operation](wide[i * sh : i * sh + kh, j * sw : j * sw + kw])
    return y


def _cases(rng: Generator) -> list[Case]:
    """The border's fill value is random; kernels and strides are the same for every seed.

    So if a plane misses a wrong pooling with one seed, it misses it with every seed.
    """
    kernels, strides = [(2, 3), (3, 2)], [(1, 2), (2, 1)]
    cases = []
    for (at, operation), (turn, sign) in itertools.product(enumerate(REDUCE), enumerate((1, -1))):
        kernel, stride = kernels[(at + turn) % 2], strides[turn]
        rule = Rule(kernel, stride, operation, sign * float(rng.integers(200, 600)))
        for group, says, wrong in WRONG:
            note = f"{operation}: a pooling that {says}"
            cases.append(
                Case(group, arrays(kernel, stride, operation, rule.fill), note, hidden=(rule, says, wrong))
            )
    return cases


def _accepts(case: Case, value: Plain) -> str:
    x = plain(value)
    if not isinstance(x, np.ndarray) or x.ndim != 2 or x.dtype.kind not in "fiu":
        return "One plane was asked for: a numpy array with two axes."
    if not 16 <= x.size <= MOST or min(x.shape) < 4 or not np.all(np.isfinite(x)):
        return (
            f"The plane must have at least 4 rows and 4 columns, at most {MOST} numbers, and all of them "
            "finite."
        )
    rule, says, wrong = case.hidden
    right, made = rule.pool(x), wrong(rule, x)
    if right.shape != made.shape or not np.allclose(right, made, 1e-9, 1e-12):
        return ""
    return f"For {rule.operation}, a pooling that {says} gives the same as the right one on your plane."


def _catching(kernel_size: Any, stride: Any, operation: str, fill: float) -> Array:
    mixed = 1.0 + (37 * np.arange(96) % 97).reshape(8, 12)
    mixed[:, :6] *= -1
    return fill + mixed


_MIXED = "mixed = 1.0 + (37 * np.arange(96) % 97).reshape(8, 12)"
_HALF = "mixed[:, :6] *= -1"

MISTAKES = (
    Mistake(
        "same_for_every_rule",
        "Your plane does not depend on the number in the border: where that is far below all of yours, it "
        "wins no maximum.",
        "For which planes does a border of 300 win a maximum, and for which never?",
        (("return fill + mixed", "return mixed"),),
    ),
    Mistake(
        "all_above",
        "All of your numbers lie above the border's, which then never wins a maximum.",
        "What must some windows at the border hold so that the border wins?",
        ((_HALF, "mixed *= 1"),),
        unnamed_because="it lets the same poolings slip through as too_few_rows_below",
    ),
    Mistake(
        "all_below",
        "All of your numbers lie below the border's, which then never wins a minimum, and wins every maximum "
        "that it takes part in.",
        "What must some windows at the border hold so that a cell wins?",
        ((_HALF, "mixed *= -1"),),
    ),
    Mistake(
        "mirror_image",
        "Your plane is a mirror image of itself: rows and columns trade places unnoticed.",
        "When is a plane the same as its transpose?",
        (
            (_MIXED, "mixed = 1.0 + (37 * np.arange(144) % 149).reshape(12, 12)"),
            (_HALF, "mixed[:, :6] *= -1\n    mixed += mixed.T"),
        ),
    ),
    Mistake(
        "too_few_rows_below",
        "Only one column of your plane lies below the border's number, so the border hardly ever wins a "
        "maximum.",
        "How many cells of the plane does a window see that reaches into the border?",
        ((_HALF, "mixed[:, 6] *= -1"),),
        unnamed_because="it lets the same poolings slip through as all_above",
    ),
)

QUESTION = Question(
    place=__file__,
    title="An input for any rule",
    task="Find an input that catches bugs of a pooling whose rule you receive as arguments",
    name="catching_input",
    points=3,
    library="numpy",
    groups=(Group(OPERATION, 0.2), Group(BORDER, 0.4), Group(PLACES, 0.2), Group(CELLS, 0.2)),
    draw=_cases,
    reference=_catching,
    mistakes=MISTAKES,
    hints=(
        (
            "The border must matter, and every cell must matter. The first depends on the rule, the second "
            "on your numbers being distinct."
        ),
        (
            "A border wins a maximum if it is greater than the cells beside it, and a minimum if it is less. "
            "For both operations it should win at some places and lose at others."
        ),
        "Distinct numbers in no order: the left half of the plane below fill, the right half above it.",
    ),
    accepts=_accepts,
    shrinks=(),
)
