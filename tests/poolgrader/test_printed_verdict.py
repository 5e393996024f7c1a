"""The verdict that the notebook of chapter 0 prints is what the grader gives today.

The answer to question 0.1 agrees with that verdict.
"""

import re

from poolgrader.calls.observe import observe
from poolgrader.judging.feedback import as_text
from poolgrader.judging.judge import judge
from poolgrader.questions import find
from tests.course import COURSE

SOURCE = COURSE.chapter("00_setup").notebook


def block(language: str) -> str:
    """The first code block of a language in the notebook's texts."""
    found = re.search(rf"^# ```{language}\n(.*?)^# ```$", SOURCE.read_text(encoding="utf-8"), re.M | re.S)
    assert found
    return "\n".join(line[2:] for line in found[1].splitlines())


def test_the_planted_bug_gets_the_verdict_that_the_notebook_prints() -> None:
    question = find("0.2")
    namespace = question.define(block("python"))
    verdict = judge(question, question.public_seed, lambda call: observe(call, namespace), shrinks=False)
    assert verdict.diagnosis.key == "columns_not_times_stride"
    assert block("text").split() == as_text(verdict).split(), "copy the verdict into chapter 0's notebook.py"
    assert verdict.example is not None
    expected, got = verdict.example.expected.value.data, verdict.example.got.value.data
    place = verdict.example.difference.where[0]
    holding = sum(part.right for part in verdict.parts)
    read = [[verdict.points, holding, len(verdict.parts) - holding], [*place], [expected[place], got[place]]]
    assert [list(part) for part in find("0.1").reference()] == read
