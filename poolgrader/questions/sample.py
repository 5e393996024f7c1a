"""A sample class: its learners hand in known right answers, known mistakes, or something broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from poolgrader.questions.question import Question


@dataclass(frozen=True)
class Pupil:
    """What one learner of the sample class hands in.

    Args:
        name: the learner's name, which is also the folder's name.
        style: which of a question's `styles` to hand in. "" is the reference answer, which is also handed in
            for questions that have no answer in this style.
        planted: the keys of the mistakes to make, by question id.
        sources: other code to hand in, by question id.
        blank: hand in the notebook as it was released.
        cut: hand in only so many bytes of the notebook; 0 hands in all.
    """

    name: str
    style: str = ""
    planted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    blank: bool = False
    cut: int = 0

    def answer(self, question: Question) -> str:
        """The source that the learner writes into a question's answer cell."""
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
        assignment: the assignment that all of them hand in, such as "03_sorting".
        pupils: its learners.
    """

    assignment: str
    pupils: tuple[Pupil, ...]
