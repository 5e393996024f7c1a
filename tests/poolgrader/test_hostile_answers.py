"""Every question is given absurd or hostile answers: none of them stops the judge or gets full marks."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from poolgrader.calls.values import Array, Call, Observation, Opaque, Plain
from poolgrader.classroom.run.grading import judgement_of
from poolgrader.judging.judge import judge
from poolgrader.questions import chapters, questions_of
from poolgrader.questions.question import MOST_NUMBERS, Question

QUESTIONS = [question for chapter in chapters() for question in questions_of(chapter)]
LARGEST = 100_000  # characters of a record


def array(data: Any, dtype: str = "float64", library: str = "numpy") -> Array:
    return Array(np.asarray(data, dtype), dtype, library)


def nested(depth: int) -> Plain:
    value: Plain = 1
    for _ in range(depth):
        value = [value]
    return value


HOSTILE: dict[str, Plain] = {
    "nothing": None,
    "text": "9" * 4000,
    "a large number": 2**62,
    "a negative number": -(2**62),
    "not a number": math.nan,
    "infinity": [math.inf, -math.inf, math.nan, 1e308, 5e-324],
    "opaque": (Opaque("<b>set</b>"), [Opaque("x")]),
    "empty": [[], (), [[]], ""],
    "many": [[0] * 90] * 90,
    "deep": nested(8),
    "of every kind": (None, True, 1, 1.0, "a", [1], array(1.0), Opaque("o")),
    "an empty array": array(np.zeros((3, 0, 2))),
    "many axes": array(np.zeros((1,) * 16)),
    "a large array": array(np.zeros((1024, 1025))),
    "a large list of arrays": [array(np.full((40, 40), math.nan))] * 50,
    "bools": array([[True, False]] * 2, "bool"),
    "the largest whole numbers": array([[2**63 - 1, -(2**63)]] * 2, "int64"),
    "halves": array(np.full((1, 1, 4, 4), 6e4), "float16", "torch"),
}


def returning(value: Any) -> Callable[[Call], Observation]:
    """An answer that returns this value in every call."""
    return lambda call: Observation(value=value)


@pytest.mark.slow
@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_no_answer_stops_the_judge_or_counts_as_right(question: Question) -> None:
    for name, value in HOSTILE.items():
        verdict = judge(question, 7, returning(value))
        record = json.dumps(judgement_of(verdict))
        assert verdict.status != "right", name
        assert len(record) < LARGEST, name
        assert "<b>set" not in judgement_of(verdict)["html"], name


def test_an_answer_that_is_far_too_large_is_refused() -> None:
    question = next(one for one in QUESTIONS if one.accepts)
    case = question.cases(7)[0]
    assert question.refuses(case, array(np.zeros(MOST_NUMBERS + 1))) == "That is too much to look at."
    assert question.refuses(case, [array(np.zeros(MOST_NUMBERS))] * 2) == "That is too much to look at."
