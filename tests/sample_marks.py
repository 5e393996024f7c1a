"""The marks that the sample class must get, from the judge alone: without notebook, jail or gradebook."""

from __future__ import annotations

from functools import cache, partial

from poolgrader.calls.observe import observe
from poolgrader.judging.judge import judge
from poolgrader.questions import questions_of
from tests.course import SAMPLE


@cache
def marks_of(name: str) -> dict[str, float]:
    """Points by question of a sample learner whose answers all run."""
    pupil = next(pupil for pupil in SAMPLE.pupils if pupil.name == name)
    marks = {}
    for question in questions_of(SAMPLE.assignment):
        namespace = {} if pupil.blank else question.define(pupil.answer(question))
        call = partial(observe, namespace=namespace)
        marks[question.id] = judge(question, question.public_seed, call, shrinks=False).points
    return marks


def earned(name: str) -> float:
    """The sum of a sample learner's points."""
    return sum(marks_of(name).values())
