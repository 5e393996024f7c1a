"""A sample class: invented learners who hand in known right answers, known mistakes,
or something broken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from poolgrader.questions.question import Question


@dataclass(frozen=True)
class Pupil:
    """What one learner of the sample class hands in.

    Args:
        name: of the learner, and of the folder with what is handed in.
        style: name of the style of the answers; "" for the reference answers, which are also used for
            questions without an answer in that style.
        planted: maps question ids to the keys of the mistakes made there.
        sources: maps question ids to a source that replaces the answer.
        blank: hand in the notebook as it was released.
        cut: hand in only this many bytes of the notebook.
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
        assignment: the one that all of them hand in, such as "03_sorting".
        pupils: the learners of the class.
    """

    assignment: str
    pupils: tuple[Pupil, ...]
