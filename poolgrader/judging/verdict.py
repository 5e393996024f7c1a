"""What the judge finds, as plain data: points, part by part, the example that shows it,
and the mistake that explains it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from poolgrader.calls.observe import not_defined
from poolgrader.calls.values import Observation
from poolgrader.judging.comparison import Difference
from poolgrader.questions.question import Case, Mistake, Question

UNTOUCHED = "NotImplementedError"  # what an answer raises that is as it was handed out
Status = Literal["right", "wrong", "not started", "forbidden", "lost"]


@dataclass(frozen=True)
class Part:
    """One group of a question's cases: its points, and whether all of its cases were right."""

    name: str
    points: float
    right: bool


@dataclass(frozen=True)
class Cause:
    """A cause that is no mistake of the subject: a name that is not there, a missing `return`,
    a list for an array.

    Args:
        key: in a few words.
        says: what is seen, and what gives that.
        asks: one question that leads on.
    """

    key: str
    says: str
    asks: str


@dataclass(frozen=True)
class Deduction:
    """Points that an answer loses for something beside its numbers,
    where no group of the question looks at that.

    Args:
        aspect: one of `comparison.FACTS`.
        points: how many.
    """

    aspect: str
    points: float


@dataclass(frozen=True, eq=False)
class Example:
    """One failing input, yours beside expected."""

    case: Case
    expected: Observation
    got: Observation
    difference: Difference


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """The mistakes that explain an answer: none known, one, both at once, or any one of several."""

    mistakes: tuple[Mistake, ...] = ()
    together: bool = False

    @property
    def key(self) -> str:
        """The names in one line: "off_by_one", "a + b" (both at once), "a | b" (either), or ""."""
        return (" + " if self.together else " | ").join(mistake.key for mistake in self.mistakes)


NOT_DIAGNOSED = Diagnosis()


@dataclass(frozen=True, eq=False)
class Verdict:
    """What came of an answer. Text and HTML are made of it in `judging.feedback`.

    Args:
        question: what was asked.
        parts: the groups and whether they were right.
        status: "right", "wrong", "not started", "forbidden" or "lost".
        example: the smallest failing input found.
        diagnosis: which known mistakes explain the answer.
        deductions: what it loses points for beside its numbers.
        cause: what else explains the answer, where no known mistake does.
    """

    question: Question
    parts: tuple[Part, ...]
    status: Status
    example: Example | None = None
    diagnosis: Diagnosis = NOT_DIAGNOSED
    deductions: tuple[Deduction, ...] = ()
    cause: Cause | None = None

    @property
    def points(self) -> float:
        """What the right parts earn, less the deductions; never below 0."""
        earned = sum(part.points for part in self.parts if part.right)
        return round(max(0.0, earned - sum(one.points for one in self.deductions)), 6)

    @property
    def undefined(self) -> bool:
        """Whether the name that the question asks for was not there to be called."""
        failure = self.example.got.failure if self.example else None
        return failure == not_defined(self.question.name)

    @property
    def answered(self) -> bool:
        """Whether there was an answer to judge: not the cell as it was handed out,
        nor one that was not run.
        """
        return self.status != "not started" and not self.undefined
