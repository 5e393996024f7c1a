"""The autograded notebook is always valid, has the course's checks, and gives nbgrader the right marks."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from nbgrader.utils import determine_grade, is_grade

from poolgrader.classroom import sample
from poolgrader.classroom.handed_in.submission import Submission
from poolgrader.classroom.pages.autograded import ABSENT, autograded, fingerprint
from poolgrader.classroom.pages.harmless import JOINER, harmless, pictures
from poolgrader.classroom.run.grading import unread
from poolgrader.classroom.run.result import Result
from poolgrader.limits import Limits
from poolgrader.questions import questions_of
from tests.course import SAMPLE
from tests.jail import fuzz

RELEASE = json.loads(fuzz.RELEASED.read_bytes())
QUESTIONS = questions_of(SAMPLE.assignment)
FORGED = [
    {"output_type": "execute_result", "data": {"text/plain": "100.0"}, "metadata": {}, "execution_count": 1}
]


def result(points: float = 0.5) -> Result:
    """A result with `points` for each question, and a cell that failed."""
    empty = unread(Submission("jo", SAMPLE.assignment, ""), QUESTIONS, Limits())
    records = [record | {"points": points, "html": "<b>feedback</b>"} for record in empty["questions"]]
    return empty | {
        "questions": records,
        "cells": ["q3-2: SyntaxError: expected ':'"],
        "sandbox": "bubblewrap",
    }


def made(raw: bytes, graded: Result | None = None) -> Any:
    """The autograded notebook of a submission, as nbgrader reads it."""
    return nbformat.reads(autograded(RELEASE, raw, graded or result()).notebook.decode(), as_version=4)


def handed_in(change: Any = None) -> bytes:
    """A submission with right answers, after `change` was applied to its list of cells."""
    notebook = sample.fill(RELEASE, {question.grade_id: question.answer for question in QUESTIONS})
    if change:
        change(notebook["cells"])
    return json.dumps(notebook).encode()


def by_id(notebook: Any) -> dict[str, Any]:
    return {cell["id"]: cell for cell in notebook.cells}


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_the_notebook_is_valid_whatever_was_handed_in(first: int) -> None:
    for seed in range(first, first + 50):
        notebook = made(fuzz.broken(seed))
        nbformat.validate(notebook)
        marks = [determine_grade(cell) for cell in notebook.cells if is_grade(cell)]
        assert marks == [(0.5, question.points) for question in QUESTIONS], seed
        nbformat.writes(notebook).encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a < b, [c](http://x.y), [d](#top), [e](file.png), $\\frac{1}{2}$", None),
        ("<img src=x onerror=y>", "<_img src=x onerror=y>"),
        ("</code> <!-- <?php <B>", "<_/code> <_!-- <_?php <_B>"),
        ("[a](javascript:b) [c]: data:d", "[a]_(javascript:b) [c]_: data:d"),
        (
            "[a](<javascript:b>) [c](&#106;s:d) [e](j\\:f)",
            "[a]_(<_javascript:b>) [c]_(&#106;s:d) [e]_(j\\:f)",
        ),
        ("[a](\n> javascript:b)", "[a]_(\n> javascript:b)"),
        ("$\\href{javascript:b}{c}$", "$\\_href{javascript:b}{c}$"),
        ("![a](attachment:in) ![b](attachment:out)", "![a](attachment:in) ![b](attachment_:out)"),
    ],
)
def test_text_of_a_learner_is_shown_but_cannot_run(text: str, shown: str | None) -> None:
    assert harmless(text, ["in"]).replace(JOINER, "_") == (text if shown is None else shown)


def test_only_pictures_are_kept_as_attachments() -> None:
    bad = {
        "html": {"text/html": "PA=="},
        "quote": {"image/png": "x' onerror='y"},
        "none": {},
        "list": [],
        "number": {"image/png": 3},
    }
    assert pictures({"good": {"image/png": "iVBORw0KGgo=", "text/html": "x"}, **bad}) == {
        "good": {"image/png": "iVBORw0KGgo="}
    }
    assert pictures(None) == pictures([1]) == {}


@pytest.mark.parametrize("raw", [b"", b"[]", b"\xff\xfe", b'{"nbformat": 4, "cells": 3}', b'{"nbformat": 3}'])
def test_for_a_file_that_is_not_a_notebook_the_released_cells_are_used(raw: bytes) -> None:
    notebook = made(raw)
    nbformat.validate(notebook)
    assert [cell["id"] for cell in notebook.cells] == [
        cell["id"] for cell in RELEASE["cells"] if "nbgrader" in cell["metadata"]
    ]
    assert all(ABSENT in by_id(notebook)[question.grade_id]["source"] for question in QUESTIONS)


def test_forged_marks_and_outputs_are_removed() -> None:
    def forge(cells: list[Any]) -> None:
        for cell in cells:
            facts = cell["metadata"].get("nbgrader", {})
            if facts.get("grade"):
                cell["source"], cell["outputs"], facts["points"] = "1e9", FORGED, 1e9
            elif facts.get("solution"):
                facts |= {"grade": True, "points": 1e9}
                cell["outputs"] = FORGED
        cells.append(
            json.loads(json.dumps(cells[-1]))
            | {
                "metadata": {
                    "nbgrader": {
                        "grade": True,
                        "points": 7,
                        "grade_id": "more",
                        "locked": False,
                        "solution": False,
                        "schema_version": 3,
                    }
                }
            }
        )

    notebook = made(handed_in(forge))
    nbformat.validate(notebook)
    assert [determine_grade(cell) for cell in notebook.cells if is_grade(cell)] == [
        (0.5, question.points) for question in QUESTIONS
    ]
    assert '"1e9"' not in nbformat.writes(notebook)


def test_the_learners_cells_keep_their_places() -> None:
    def rearrange(cells: list[Any]) -> None:
        place = next(index for index, cell in enumerate(cells) if cell["id"] == "q3-2")
        cells.insert(
            place + 1,
            {"cell_type": "code", "metadata": {}, "source": "def helper(): ...", "outputs": FORGED},
        )
        cells.insert(0, {"cell_type": "markdown", "metadata": {"tags": 3}, "source": ["my ", "notes"]})
        cells.append(dict(cells[place + 1], source="again", metadata={"nbgrader": {"grade_id": "q3-2"}}))
        del cells[next(index for index, cell in enumerate(cells) if cell.get("id") == "q3-5")]

    notebook = made(handed_in(rearrange))
    nbformat.validate(notebook)
    sources = [cell["source"] for cell in notebook.cells]
    names = [cell["id"] for cell in notebook.cells]
    assert sources[0] == "my notes"
    assert sources[names.index("q3-2") + 1] == "def helper(): ..."
    assert sources[names.index("q3-2")] == QUESTIONS[1].answer
    assert ABSENT in by_id(notebook)["q3-5"]["source"]
    assert "again" in sources, "a second cell with the same id is kept as a plain cell"
    assert not [
        cell for cell in notebook.cells if cell["source"] == "again" and "nbgrader" in cell["metadata"]
    ]


def test_the_notebook_shows_failed_cells_feedback_and_the_results_fingerprint() -> None:
    notebook = made(handed_in())
    assert "SyntaxError" in by_id(notebook)["q3-2"]["outputs"][0]["text"]
    assert "<b>feedback</b>" in by_id(notebook)["q3-3-check"]["outputs"][1]["data"]["text/html"]
    assert notebook.metadata["poolgrader"]["result"] == fingerprint(result())
    assert fingerprint(result(0.25)) != fingerprint(result())


def test_a_lone_surrogate_does_not_stop_nbgrader() -> None:
    notebook = made(
        handed_in(lambda cells: cells.append({"cell_type": "code", "metadata": {}, "source": "'\ud800'"}))
    )
    nbformat.writes(notebook).encode("utf-8")
