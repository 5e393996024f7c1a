"""How the tests put a source to a question: in this process, as the notebook does."""

from __future__ import annotations

from poolgrader.jail.observe import observe
from poolgrader.judging.judge import judge
from poolgrader.judging.verdict import Verdict
from poolgrader.questions.question import Question


def verdict_on(question: Question, source: str, seed: int | None = None) -> Verdict:
    """Judge a source against a question."""
    namespace = question.define(source)
    drawn = question.public_seed if seed is None else seed
    return judge(question, drawn, lambda call: observe(call, namespace))
