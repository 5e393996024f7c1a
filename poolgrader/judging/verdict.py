"""What the judge finds, as plain data: the points of each part, a failing example,
and the mistake that explains it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from poolgrader.calls.observe import not_defined
from poolgrader.calls.values import Observation
from poolgrader.judging.comparison import Difference
from poolgrader.questions.question import Case, Mistake, Question

UNTOUCHED = "NotImplementedError"  # the error that an unchanged answer cell raises
Status = Literal["right", "wrong", "not started", "forbidden", "lost"]


@dataclass(frozen=True)
class Part:
    """One group of a question's cases: its points, and whether all of its cases were right."""

    name: str
    points: float
    right: bool


@dataclass(frozen=True)
class Cause:
    """A cause that has nothing to do with the course's subject: an undefined name, a missing `return`,
    a list instead of an array.

    Args:
        key: the cause in a few words.
        says: what is wrong with the output, and what causes that.
        asks: one question that helps the learner to find the error.
    """

    key: str
    says: str
    asks: str


@dataclass(frozen=True)
class Deduction:
    """Points that an answer loses for a wrong fact (dtype, layout, ...) that no group of the question checks.

    Args:
        aspect: one of `comparison.FACTS`.
        points: how many points it loses.
    """

    aspect: str
    points: float


@dataclass(frozen=True, eq=False)
class Example:
    """One failing input, with the actual and the expected result."""

    case: Case
    expected: Observation
    got: Observation
    difference: Difference


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """The mistakes that explain an answer: none, one, two at once, or several of which any one would do."""

    mistakes: tuple[Mistake, ...] = ()
    together: bool = False

    @property
    def key(self) -> str:
        """The names in one line: "off_by_one", "a + b" (both at once), "a | b" (either), or ""."""
        return (" + " if self.together else " | ").join(mistake.key for mistake in self.mistakes)


NOT_DIAGNOSED = Diagnosis()


@dataclass(frozen=True, eq=False)
class Verdict:
    """The result of judging an answer; `judging.feedback` turns it into text and HTML.

    Args:
        question: the question that was answered.
        parts: the groups and whether they were right.
        status: "right", "wrong", "not started", "forbidden" or "lost".
        example: the smallest failing input found.
        diagnosis: which known mistakes explain the answer.
        deductions: points that are lost for wrong facts, such as the dtype.
        cause: another explanation of the answer, if no known mistake explains it.
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
        """The points of the right parts minus the deductions; never below 0."""
        earned = sum((part.points for part in self.parts if part.right), 0.0)  # 0.0 makes it a float
        return round(max(0.0, earned - sum(one.points for one in self.deductions)), 6)

    @property
    def undefined(self) -> bool:
        """Whether the learner's code does not define the name that the question asks for."""
        failure = self.example.got.failure if self.example else None
        return failure == not_defined(self.question.name)

    @property
    def answered(self) -> bool:
        """Whether there was an answer to judge. An unchanged cell is no answer, nor is a cell that was not
        run.
        """
        return self.status != "not started" and not self.undefined
