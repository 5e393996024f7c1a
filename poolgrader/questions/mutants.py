"""Wrong implementations (mutants) for questions in which the learner writes tests.

A mutant is the right answer to another question, with one or more of that question's known mistakes in it.
Only the course's own code is run.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Array as Described
from poolgrader.calls.values import Plain
from poolgrader.questions.question import Question

Array = NDArray[Any]
Arguments = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Mutant:
    """A wrong implementation, or a right one if it has no mistakes in it.

    Args:
        question: the question whose right answer is changed.
        keys: the known mistakes that it contains; if there are none, it is a right implementation.
    """

    question: Question
    keys: tuple[str, ...] = ()

    @property
    def says(self) -> str:
        """What it does wrong, in the words of its mistakes."""
        known = {mistake.key: mistake.says for mistake in self.question.mistakes}
        return " ".join(known[key] for key in self.keys)

    def run(self, arguments: Arguments) -> Array | None:
        """Its output, or None if it raises an error."""
        copies = [one.copy() if isinstance(one, np.ndarray) else one for one in arguments]
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                return np.asarray(_implementation(self.question, self.keys)(*copies))
            except Exception:  # noqa: BLE001 - a wrong implementation may fail in any way
                return None


@cache
def _implementation(question: Question, keys: tuple[str, ...]) -> Callable[..., Any]:
    known = {mistake.key: mistake for mistake in question.mistakes}
    source = question.mistaken(*(known[key] for key in keys))
    if source is None:
        raise ValueError(f"{question.id}: the mistakes {', '.join(keys)} exclude one another")
    made: Callable[..., Any] = question.define(source)[question.name]
    return made


def composed(question: Question, groups: Sequence[Sequence[str]], rng: np.random.Generator) -> Mutant:
    """A mutant with a random mistake from each group. If they exclude one another, they are drawn again."""
    known = {mistake.key: mistake for mistake in question.mistakes}
    while True:
        keys = tuple(dict.fromkeys(str(rng.choice(list(group))) for group in groups))
        if len(keys) == len(groups) and question.mistaken(*(known[key] for key in keys)) is not None:
            return Mutant(question, keys)


def same(output: Array | None, expected: Array) -> bool:
    """Whether shape, dtype and all numbers are equal, up to rounding errors: then a test passes."""
    if output is None or output.shape != expected.shape or output.dtype != expected.dtype:
        return False
    if output.dtype.kind == "f":
        return bool(np.allclose(output, expected, rtol=1e-9, atol=1e-12, equal_nan=True))
    return bool(np.array_equal(output, expected))


def plain(value: Plain) -> Any:
    """A described value as numpy arrays (or numbers) and tuples; anything else unchanged."""
    if isinstance(value, Described):
        return np.asarray(value.data) if value.data.ndim else value.data.item()
    return tuple(plain(one) for one in value) if isinstance(value, list | tuple) else value
