"""What a sample class is made of: learners who hand in known right answers, known mistakes,
or something broken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from poolgrader.questions.question import Question


@dataclass(frozen=True)
class Pupil:
    """What one learner of the sample class hands in, and what must come out.

    Args:
        name: also the folder's.
        style: a style of answers; "" for the reference's, and so where a question has no answer in the style.
        planted: question id to keys of the mistakes made there.
        sources: question id to another source altogether.
        blank: hand in the notebook as it was released.
        cut: hand in only so many bytes of it.
    """

    name: str
    style: str = ""
    planted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    blank: bool = False
    cut: int = 0

    def answer(self, question: Question) -> str:
        """The text of an answer cell."""
        if question.id in self.sources:
            return self.sources[question.id]
        chosen = [
            mistake for mistake in question.mistakes if mistake.key in self.planted.get(question.id, ())
        ]
        if chosen:
            source = question.mistaken(*chosen)
            if source is None:
                raise ValueError(f"{self.name}: {question.id}: the planted mistakes exclude one another")
            return source
        return question.styles.get(self.style, question.answer)


@dataclass(frozen=True)
class SampleClass:
    """A class that shows what the grader does.

    Args:
        assignment: what all of them hand in, as "03_sorting".
        pupils: who is in it.
    """

    assignment: str
    pupils: tuple[Pupil, ...]
