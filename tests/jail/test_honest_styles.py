"""Honest notebooks of every style in honest.py get full marks in the sandbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from poolgrader.classroom import sample
from poolgrader.classroom.handed_in.submission import read_release, read_submission
from poolgrader.classroom.run.grading import grade_submission
from poolgrader.classroom.secret import TEST_SECRET
from poolgrader.jail.nursery import Nursery
from poolgrader.limits import Limits
from poolgrader.questions import questions_of
from tests.course import SAMPLE
from tests.jail.honest import STYLES, Style

RELEASED = Path(__file__).resolve().parents[2] / "exercises" / SAMPLE.assignment / "max_pooling.ipynb"
QUESTIONS = questions_of(SAMPLE.assignment)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as made:
        yield made


def notebook_of(style: Style) -> dict[str, Any]:
    answers = {question.grade_id: question.answer for question in QUESTIONS} | dict(style.answers)
    notebook = sample.fill(json.loads(RELEASED.read_text(encoding="utf-8")), answers)
    if style.turned:
        notebook["cells"].reverse()

    def own(sources: tuple[str, ...]) -> list[dict[str, Any]]:
        return [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]

    notebook["cells"] = [*own(style.before), *notebook["cells"], *own(style.after)]
    return notebook


def test_there_are_at_least_twenty_styles() -> None:
    assert len({style.name for style in STYLES}) >= 20


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.name)
def test_full_marks(style: Style, nursery: Nursery, tmp_path: Path) -> None:
    path = tmp_path / "max_pooling.ipynb"
    path.write_text(json.dumps(notebook_of(style)), encoding="utf-8")
    submission = read_submission(path, "honest", SAMPLE.assignment, read_release(RELEASED))
    result = grade_submission(submission, QUESTIONS, TEST_SECRET, Limits(), nursery)
    lost = {
        r["question"]: (r["reason"], result["cells"])
        for r in result["questions"]
        if r["points"] < r["max_points"]
    }
    assert lost == {}
