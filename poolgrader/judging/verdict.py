"""What the judge says: points, part by part, the example that shows it, and the mistake that explains it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from poolgrader.calls.observe import not_defined
from poolgrader.calls.values import Observation
from poolgrader.judging.comparison import Difference
from poolgrader.questions.question import Case, Mistake, Question

UNTOUCHED = "NotImplementedError"  # what an answer raises that is as it was handed out
INVISIBLE = "<span hidden></span>"  # HTML of what is to be seen as text alone


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

    @property
    def name(self) -> str:
        """What does not hold, as a part would be called."""
        return NAMES_OF_FACTS[self.aspect]


NAMES_OF_FACTS = {
    "dtype": "the dtype is the right one",
    "layout": "the memory layout is kept",
    "mutated": "the arguments are left as they were",
    "aliases": "the output has memory of its own",
}


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


class Verdict(float):
    """The points of an answer as a float; as text or HTML the feedback. A kernel shows both.

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
    status: str
    example: Example | None
    diagnosis: Diagnosis
    deductions: tuple[Deduction, ...]
    cause: Cause | None

    def __new__(
        cls,
        question: Question,
        parts: tuple[Part, ...],
        status: str,
        example: Example | None = None,
        diagnosis: Diagnosis | None = None,
        deductions: tuple[Deduction, ...] = (),
        cause: Cause | None = None,
    ) -> Verdict:
        earned = sum(part.points for part in parts if part.right)
        points = max(0.0, earned - sum(one.points for one in deductions))
        verdict = super().__new__(cls, round(points, 6))
        verdict.question = question
        verdict.parts = parts
        verdict.status = status
        verdict.example = example
        verdict.diagnosis = diagnosis or Diagnosis()
        verdict.deductions = deductions
        verdict.cause = cause
        return verdict

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

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        from poolgrader.judging.feedback import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from poolgrader.judging.feedback import as_html

        return as_html(self)

    def _repr_mimebundle_(self, **asked: object) -> dict[str, str]:
        """A cell's result as HTML; and before it, where only text is shown, the words.
        In HTML nothing stands twice.
        """
        from IPython.display import display

        display({"text/plain": str(self), "text/html": INVISIBLE}, raw=True)
        return {"text/html": self._repr_html_()}

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """A cell's result as text: the points, and nothing else.

        nbgrader scores a check by it, also in outputs that were saved long before, and takes other text for
        full marks.
        """
        printer.text(repr(float(self)))

    @property
    def reason(self) -> str:
        """Why it is not right, in a few words."""
        if self.status == "wrong" and self.diagnosis.mistakes:
            return self.diagnosis.key
        if self.status == "not started" and self.cause:
            return self.cause.key
        if self.status in ("right", "not started") or self.example is None:
            return "" if self.status == "right" else self.status
        aspect = self.example.difference.aspect
        if aspect in ("lost", "failure", "forbidden"):
            return self.example.difference.got
        if self.cause:
            return self.cause.key
        if aspect == "library":
            return "a torch tensor, where numpy was asked for"
        return f"cause not known ({aspect})"

    def record(self) -> dict[str, Any]:
        """The verdict as plain data, for a result file."""
        return {
            "question": self.question.id,
            "points": float(self),
            "max_points": self.question.points,
            "status": self.status,
            "parts": [
                *([part.name, part.points, part.right] for part in self.parts),
                *([one.name, -one.points, False] for one in self.deductions),
            ],
            "mistake": self.diagnosis.key,
            "reason": self.reason,
            "text": str(self),
            "html": self._repr_html_(),
        }
