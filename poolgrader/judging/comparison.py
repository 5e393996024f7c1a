"""Compare what an answer did with what was expected, in every aspect, and describe the first difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Array, Observation, Opaque, Plain
from poolgrader.questions.question import Case, Question, largest_magnitude

# Relative and absolute tolerance by dtype: some 8 units in the last place, and more than that for sums.
TOLERANCES = {"float64": 1e-9, "float32": 2e-5, "float16": 4e-3, "bfloat16": 3e-2}
FEW_NUMBERS = 8  # a message shows at most so many numbers
# The facts: what an answer shows besides its numbers. The numbers are judged separately, and each wrong fact
# costs points of its own.
FACTS = ("dtype", "layout", "mutated", "aliases")


@dataclass(frozen=True, eq=False)
class Difference:
    """The first aspect in which an answer differs.

    Args:
        aspect: "lost", "failure", "forbidden", "library", "type", "shape", "dtype", "values", "gradient",
            "mutated", "aliases", "layout", "device", "repeatable" or "judged".
        expected, got: descriptions of both for the learner.
        where: indices of the cells that differ, in row-major order, for values and gradients.
    """

    aspect: str
    expected: str
    got: str
    where: tuple[tuple[int, ...], ...] = ()


def difference(question: Question, case: Case, expected: Observation, got: Observation) -> Difference | None:
    """The first difference between two observations of a case by the rules of its question, or None.

    Args:
        question: says whether containers and dtypes count, and how exact numbers must be.
        case: what the answer was called with; its largest number decides how large rounding errors may be.
        expected: what the reference (or a known mistake) shows.
        got: what the answer shows.
    """
    return compare(
        expected,
        got,
        loose=question.loose,
        tolerance=question.tolerance,
        layout=question.layout,
        largest=case.largest,
    )


def compare(
    expected: Observation,
    got: Observation,
    loose: bool = False,
    tolerance: float | None = None,
    layout: bool = False,
    largest: float = 1.0,
) -> Difference | None:
    """The first difference between two observations, or None. Numbers are compared first, then the facts.

    Args:
        expected: what the reference (or a known mistake) shows.
        got: what the answer shows.
        loose: lists and tuples of numbers count as arrays, and the dtype is not compared.
        tolerance: relative and absolute tolerance. If None, TOLERANCES gives the relative one by dtype, and
            the absolute one is that times the largest number.
        layout: the memory layout is compared too.
        largest: the largest finite magnitude in the answer's arguments.
    """
    if got.lost:
        return None if expected.lost else Difference("lost", "an answer", got.lost)
    if got.forbidden:
        return Difference("forbidden", "an answer of your own", got.forbidden)
    if expected.failure or got.failure:
        return _compare_failures(expected, got)
    numbers = Numbers(loose, tolerance, largest, _roundest(got.value))
    return (
        _compare_values(expected.value, got.value, numbers, "values")
        or _compare_gradients(expected, got, numbers)
        or next(iter(fact_differences(expected, got, loose, layout)), None)
        or _compare_calls(got)
    )


def without_facts(expected: Observation, got: Observation) -> Observation:
    """The observation with all FACTS replaced by the expected ones, so that only the numbers can differ."""
    if expected.failure or got.failure or got.lost:
        return got
    value = _with_dtypes_of(expected.value, got.value)
    return replace(got, value=value, mutated=expected.mutated, aliases=expected.aliases)


def _with_dtypes_of(expected: Plain, got: Plain) -> Plain:
    if isinstance(expected, Array) and isinstance(got, Array):
        return replace(got, dtype=expected.dtype, layout=expected.layout)
    if isinstance(expected, list | tuple) and type(got) is type(expected) and len(got) == len(expected):
        return type(got)(_with_dtypes_of(one, other) for one, other in zip(expected, got, strict=True))
    return got


@dataclass(frozen=True)
class Numbers:
    """How numbers are compared; see `compare`."""

    loose: bool
    tolerance: float | None
    largest: float
    roundest: float  # the relative tolerance of the coarsest dtype that came back: its gradient is no better


def fact_differences(
    expected: Observation, got: Observation, loose: bool = False, layout: bool = False
) -> list[Difference]:
    """The facts that differ between two observations: at most one difference for each aspect in FACTS."""
    if expected.failure or got.failure or got.lost or got.forbidden:
        return []
    found = [
        None if loose else _compare_dtypes(expected.value, got.value),
        _compare_layouts(expected.value, got.value) if layout else None,
        *_compare_memory(expected, got),
    ]
    return [one for one in found if one]


def _compare_failures(expected: Observation, got: Observation) -> Difference | None:
    if expected.failure and got.failure:
        if expected.failure.type_name == got.failure.type_name:
            return None
        return Difference("failure", f"a {expected.failure.type_name}", f"a {got.failure.type_name}")
    if expected.failure:
        return Difference("failure", f"a {expected.failure.type_name}", said(got.value))
    assert got.failure is not None
    at = f" in your line `{got.failure.line}`" if got.failure.line else ""
    return Difference("failure", "an answer", f"{got.failure.type_name}: {got.failure.message}{at}")


def _compare_values(expected: Plain, got: Plain, numbers: Numbers, aspect: str) -> Difference | None:
    if numbers.loose:
        expected, got = as_array(expected), as_array(got)
    if isinstance(expected, (list, tuple)):
        return _compare_sequences(expected, got, numbers, aspect)
    if not isinstance(expected, Array):
        if type(expected) is type(got) and (expected == got or (expected != expected and got != got)):
            return None
        return Difference("type" if type(expected) is not type(got) else aspect, said(expected), said(got))
    if not isinstance(got, Array) or (not numbers.loose and got.library != expected.library):
        return Difference("type", _count(expected) if numbers.loose else _kind(expected), said(got))
    if got.shape != expected.shape:
        if not numbers.loose:
            return Difference("shape", _shape(expected), _shape(got))
        return Difference("shape", _count(expected), _count(got) + _few_numbers(got))
    wrong = differing(expected, got, numbers.tolerance, numbers.largest, numbers.roundest)
    if wrong.any():
        cells = tuple(tuple(int(i) for i in index) for index in np.argwhere(wrong))
        first = cells[0]
        at = f" at {list(first)}" if first else ""  # a single number has no index
        right, theirs = _numbers(expected.data[first], got.data[first])
        return Difference(aspect, right, f"{theirs}{at}", cells)
    if not numbers.loose and got.device != expected.device:
        return Difference("device", f"device {expected.device}", f"device {got.device}")
    return None


def _compare_sequences(expected: Plain, got: Plain, numbers: Numbers, aspect: str) -> Difference | None:
    if type(got) is not type(expected) or len(got) != len(expected):
        return Difference("type", said(expected), said(got))
    pairs = zip(expected, got, strict=True)
    return next(filter(None, (_compare_values(one, other, numbers, aspect) for one, other in pairs)), None)


def _compare_gradients(expected: Observation, got: Observation, numbers: Numbers) -> Difference | None:
    loosely = replace(numbers, loose=True)
    for position, gradient in enumerate(expected.gradients):
        theirs = got.gradients[position] if position < len(got.gradients) else None
        if gradient is None:
            if theirs is not None:  # so a known mistake without a gradient explains no answer that has one
                return Difference("gradient", "no gradient", "a gradient of the input")
            continue
        if theirs is None:
            return Difference("gradient", "a gradient of the input", "none: no gradient reached it")
        found = _compare_values(gradient, theirs, loosely, "gradient")
        if found:
            return found
    return None


def _roundest(value: Plain) -> float:
    if isinstance(value, list | tuple):
        return max(map(_roundest, value), default=0.0)
    return TOLERANCES.get(value.dtype, 0.0) if isinstance(value, Array) else 0.0


def _compare_dtypes(expected: Plain, got: Plain) -> Difference | None:
    if isinstance(expected, Array) and isinstance(got, Array):
        same = expected.dtype == got.dtype
        return None if same else Difference("dtype", f"dtype {expected.dtype}", f"dtype {got.dtype}")
    if isinstance(expected, list | tuple) and isinstance(got, list | tuple):
        return next(filter(None, map(_compare_dtypes, expected, got)), None)
    return None


def _compare_layouts(expected: Plain, got: Plain) -> Difference | None:
    if not isinstance(expected, Array) or not isinstance(got, Array) or expected.layout == got.layout:
        return None
    return Difference("layout", f"the layout {expected.layout}", f"the layout {got.layout}")


def _compare_memory(expected: Observation, got: Observation) -> Iterator[Difference]:
    if got.mutated != expected.mutated:
        names = ", ".join(str(position + 1) for position in got.mutated)
        changed = f"argument {names} changed in place" if names else "no change"
        yield Difference("mutated", "the input as it was", changed)
    if got.aliases != expected.aliases:
        yield Difference("aliases", "an output of its own", "an output that shares memory with the input")


def _compare_calls(got: Observation) -> Difference | None:
    if got.repeatable:
        return None
    return Difference("repeatable", "the same answer twice", "another answer at the second call")


def differing(
    expected: Array, got: Array, tolerance: float | None = None, largest: float = 1.0, roundest: float = 0.0
) -> NDArray[np.bool_]:
    """Which cells differ. NaN equals NaN, an infinity equals only itself, floats may differ by the tolerance.

    Args:
        expected, got: arrays of the same shape. If both are floating, the coarser dtype sets the tolerance.
        tolerance: relative and absolute tolerance. If None, the dtype gives the relative one, and the
            absolute one is that times `largest`.
        largest: the largest finite magnitude that the numbers were computed from.
        roundest: the least relative tolerance if `tolerance` is None.
    """
    mine, theirs = expected.data, got.data
    different = np.asarray(mine != theirs)
    if not different.any() or (mine.dtype.kind != "f" and theirs.dtype.kind != "f"):
        return different
    relative = tolerance
    if relative is None:
        by_dtype = (TOLERANCES.get(one.dtype, TOLERANCES["float64"]) for one in (expected, got))
        relative = max(roundest, *by_dtype)
    absolute = tolerance if tolerance is not None else relative * max(largest, largest_magnitude(mine))
    with np.errstate(invalid="ignore", over="ignore"):
        close = np.isclose(
            theirs.astype(np.float64), mine.astype(np.float64), relative, absolute, equal_nan=True
        )
    return np.asarray(~close)


def as_array(value: Plain) -> Plain:
    """A number, a list of numbers, or a list of equally long rows as an array; anything else unchanged."""
    if isinstance(value, bool | int | float):
        return Array(np.asarray(value), "float64")
    if isinstance(value, list | tuple):
        rows = [as_array(item) for item in value]
        if all(isinstance(row, Array) for row in rows) and len({row.shape for row in rows}) <= 1:
            return Array(np.asarray([row.data for row in rows]), "float64")
    return value


def said(value: Plain) -> str:
    """A description of a value in a few words."""
    if isinstance(value, Array):
        return f"{_kind(value)} of {_shape(value)}"
    if isinstance(value, Opaque):
        return f"a value of type {value.type_name}"
    if value is None:
        return "None"
    if isinstance(value, list | tuple) and _holds_arrays(value):
        return f"a {type(value).__name__} of {len(value)}"
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _holds_arrays(value: Plain) -> bool:
    """Whether a list, or a list in it, holds arrays or opaque values, whose repr is not readable.

    numpy's scalars count as arrays.
    """
    return any(
        isinstance(item, Array | Opaque) or (isinstance(item, list | tuple) and _holds_arrays(item))
        for item in value
    )


def _kind(value: Array) -> str:
    return "a numpy array" if value.library == "numpy" else "a torch tensor"


def _shape(value: Array) -> str:
    return f"shape {tuple(value.shape)}"


def _count(value: Array) -> str:
    """How many numbers a list holds, without the word shape, which its author may not know yet."""
    if value.data.ndim == 0:
        return "a number by itself"
    if value.data.ndim == 2:
        return f"{value.shape[0]} rows of {value.shape[1]} numbers"
    if value.data.ndim != 1:
        return _shape(value)
    return f"a list of {value.data.size or 'no'} number{'s' if value.data.size != 1 else ''}"


def _few_numbers(value: Array) -> str:
    """The learner's numbers, if there are at most FEW_NUMBERS; else an empty text."""
    if value.data.ndim != 1 or not 0 < value.data.size <= FEW_NUMBERS:
        return ""
    return f": {', '.join(f'{one:.6g}' for one in value.data)}"


def _numbers(one: Any, other: Any) -> tuple[str, str]:
    """Two numbers that differ, with as many digits as are needed to see the difference.

    >>> _numbers(3.25, 4.0), _numbers(3.2015621, 3.2015631)
    (('3.25', '4'), ('3.2015621', '3.2015631'))
    """
    for digits in (6, 9, 12, 17):
        said = [
            f"{float(value):.{digits}g}" if isinstance(value, float | np.floating) else str(value)
            for value in (one, other)
        ]
        if said[0] != said[1]:
            break
    return said[0], said[1]
