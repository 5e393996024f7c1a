"""The types of a result in the code agree with the JSON schema of result files."""

from __future__ import annotations

import json
from typing import Any, NotRequired, get_args, get_origin, get_type_hints

import pytest

from poolgrader.classroom.run.result import SCHEMA, Grading, Judgement, KeptLimits, QuestionRecord, Result
from poolgrader.judging.verdict import Status

WHOLE: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
OF_QUESTION = WHOLE["$defs"]["question"]


def required(typed: type[Any]) -> set[str]:
    """The keys that a typed dictionary must have.

    Its `__required_keys__` is not used, because it misses NotRequired where annotations are kept as text.
    """
    hints = get_type_hints(typed, include_extras=True)
    return {key for key, hint in hints.items() if get_origin(hint) is not NotRequired}


@pytest.mark.parametrize(
    ("typed", "described"),
    [(Result, WHOLE), (QuestionRecord, OF_QUESTION), (KeptLimits, WHOLE["properties"]["limits"])],
    ids=["result", "question", "limits"],
)
def test_type_and_schema_have_the_same_keys_and_require_the_same(
    typed: type[Any], described: dict[str, Any]
) -> None:
    assert set(get_type_hints(typed)) == set(described["properties"])
    assert required(typed) == set(described["required"])


def test_what_has_no_name_yet_lacks_the_name_alone() -> None:
    """A worker does not know whose work it judges, so the types of its replies lack what is added later."""
    assert required(Result) - required(Grading) == {
        "learner",
        "assignment",
        "content",
        "grader",
        "problem",
    }
    assert required(QuestionRecord) - required(Judgement) == {"grader"}


def test_a_status_is_one_of_those_that_the_schema_lists() -> None:
    assert list(get_args(Status)) == OF_QUESTION["properties"]["status"]["enum"]
