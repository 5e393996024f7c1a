"""The gradebook has the rows that nbgrader would write, and marks by hand stay unchanged."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.plugins import LateSubmissionPlugin
from traitlets.config import Config

from poolgrader.classroom.gradebook import gradebook
from poolgrader.classroom.gradebook import writer as gradebook_writer
from poolgrader.classroom.gradebook.gradebook import GradebookError, database
from poolgrader.classroom.run.result import Result
from tests.classroom import work
from tests.course import COURSE

# nbgrader itself causes this warning when it adds a submission
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
DUE = "2026-02-01 12:00:00"
ON_TIME, LATE = "2026-02-01 11:59:59 UTC", "2026-02-01 15:00:00 UTC"


class HalfOff(LateSubmissionPlugin):  # type: ignore[misc] # nbgrader has no annotations
    """A late penalty of half of the score, except for three learners.

    One gets a penalty of more than the score, one a negative penalty, and one no penalty.
    """

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """The points to take off; None for no penalty. nbgrader calls this."""
        return {"too-much": score + 100, "too-little": -5.0, "forgiven": None}.get(student_id, score / 2)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course with nbgrader settings of its own, which include late penalties."""
    root = tmp_path / "course"
    root.mkdir()
    config = (work.ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    (root / "nbgrader_config.py").write_text(
        f"{config}\nc.AssignLatePenalties.plugin_class = 'tests.classroom.test_gradebook.HalfOff'\n",
        encoding="utf-8",
    )
    return root


def by_the_api(folder: Path, results: Iterable[Result], stamps: dict[str, str]) -> None:
    """Write results with nbgrader's API, one cell at a time, as its SaveAutoGrades does."""
    with Gradebook(database(folder), COURSE.id) as book:
        for result in results:
            learner = result["learner"]
            book.update_or_create_student(learner)
            stamped = {"timestamp": stamps[learner]} if learner in stamps else {}
            book.update_or_create_submission(work.ASSIGNMENT, learner, **stamped)
            for record, question in zip(result["questions"], work.QUESTIONS, strict=True):
                grade = book.find_grade(question.check_id, "setup", work.ASSIGNMENT, learner)
                grade.auto_score = record["points"]
                grade.needs_manual_grade = grade.manual_score is not None
                comment = book.find_comment(question.grade_id, "setup", work.ASSIGNMENT, learner)
                comment.auto_comment = f"{record['text']}\n({result['sandbox']})"
            book.db.commit()


def penalties_by_nbgrader(root: Path, folder: Path, learners: Iterable[str]) -> None:
    """Apply late penalties with nbgrader's AssignLatePenalties."""
    from nbformat.v4 import new_notebook
    from nbgrader.preprocessors import AssignLatePenalties

    step = AssignLatePenalties(config=Config({"AssignLatePenalties": {"plugin_class": HalfOff}}))
    for learner in learners:
        facts = {
            "notebook": "setup",
            "assignment": work.ASSIGNMENT,
            "student": learner,
            "db_url": database(folder),
        }
        step.preprocess(new_notebook(), {"nbgrader": facts})


def due(folder: Path) -> None:
    with Gradebook(database(folder), COURSE.id) as book:
        book.update_or_create_assignment(work.ASSIGNMENT, duedate=DUE)


def test_the_rows_equal_those_that_nbgrader_writes(root: Path, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    stamps = {
        "late": LATE,
        "on-time": ON_TIME,
        "too-much": LATE,
        "too-little": LATE,
        "forgiven": LATE,
        "extended": LATE,
    }
    for name in [*stamps, "no-time"]:
        stamp = {"timestamp": stamps[name]} if name in stamps else {}
        work.hand_in(ours, name, work.wrong("0.2") if name == "late" else None, **stamp)
    for folder in (ours, theirs):
        gradebook.prepare(root, folder, work.ASSIGNMENT)
        due(folder)
        with Gradebook(database(folder), COURSE.id) as book:
            book.add_student("extended")
            book.add_submission(work.ASSIGNMENT, "extended")
            book.grant_extension(work.ASSIGNMENT, "extended", hours=4)
            book.find_grade("q0-3-check", "setup", work.ASSIGNMENT, "extended").extra_credit = 0.5
            book.find_grade("q0-2-check", "setup", work.ASSIGNMENT, "extended").manual_score = 0.25
            book.find_comment("q0-2", "setup", work.ASSIGNMENT, "extended").manual_comment = "see me"
            book.db.commit()
    outcomes = graded(root, ours)
    results = [outcome.result for outcome in outcomes.values() if outcome.result]
    by_the_api(theirs, results, stamps)
    penalties_by_nbgrader(root, theirs, outcomes)
    rows = work.gradebook_rows(ours)
    assert rows == work.gradebook_rows(theirs)
    penalty = {row[1]: row[4] for row in rows if row[0] == "notebook"}
    assert penalty == {
        "late": pytest.approx((work.FULL - 1) / 2, abs=0.5),
        "on-time": None,
        "too-much": work.FULL,
        "too-little": 0,
        "forgiven": None,
        "extended": None,
        "no-time": None,
    }


def graded(root: Path, folder: Path, **options: Any) -> dict[str, Any]:
    """Grade with the settings of the course in `root`; returns the outcomes by learner."""
    from poolgrader.classroom.bookkeeping import Bookkeeper
    from poolgrader.classroom.run.grade_class import Options, grade_class

    class_ = work.course(folder)
    books = Bookkeeper(class_, root)
    outcomes = {}
    for outcome in grade_class(class_, Options(workers=1, **options)):
        outcomes[outcome.learner] = outcome
        books.add(outcome)
    books.flush()
    books.close()
    return outcomes


def test_marks_by_hand_stay_and_new_work_needs_a_new_look(tmp_path: Path) -> None:
    work.hand_in(tmp_path, "jo", work.wrong("0.2"))
    work.grade(work.course(tmp_path))
    with Gradebook(database(tmp_path), COURSE.id) as book:
        grade = book.find_grade("q0-2-check", "setup", work.ASSIGNMENT, "jo")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 0.75, 0.25, False
        book.find_comment("q0-2", "setup", work.ASSIGNMENT, "jo").manual_comment = "nearly"
        book.db.commit()
    by_hand = work.gradebook_rows(tmp_path)
    assert work.grade(work.course(tmp_path))["jo"].how == "kept"
    assert work.gradebook_rows(tmp_path) == by_hand, "grading again must change nothing"
    work.hand_in(tmp_path, "jo")
    work.grade(work.course(tmp_path))
    rows = work.gradebook_rows(tmp_path)
    assert ("grade", "jo", "q0-2-check", 1.0, 0.75, 0.25, True) in rows
    assert [row[-1] for row in rows if row[:3] == ("comment", "jo", "q0-2")] == ["nearly"]


def test_free_text_needs_manual_grading_but_blank_text_does_not(root: Path, tmp_path: Path) -> None:
    source = root / "build" / "source" / work.ASSIGNMENT / "setup.ipynb"
    folder = tmp_path / "class"
    gradebook._source(root, work.ASSIGNMENT)
    notebook = json.loads(source.read_text(encoding="utf-8"))
    facts = {
        "grade": True,
        "solution": True,
        "locked": False,
        "task": False,
        "points": 3,
        "grade_id": "why",
        "schema_version": 3,
    }
    notebook["cells"].append(
        {"id": "why", "cell_type": "markdown", "metadata": {"nbgrader": facts}, "source": "Why?"}
    )
    source.write_text(json.dumps(notebook), encoding="utf-8")
    settings = Config(
        {
            "CourseDirectory": {
                "root": str(root),
                "db_url": database(folder),
                "source_directory": "build/source",
                "release_directory": "release",
                "course_id": COURSE.id,
            }
        }
    )
    folder.mkdir()
    assert NbGraderAPI(config=settings).generate_assignment(work.ASSIGNMENT)["success"]
    release = root / "release" / work.ASSIGNMENT / "setup.ipynb"
    for name, text in (("wrote", "Because."), ("blank", None)):
        path = work.hand_in(folder, name, released=release)
        notebook = json.loads(path.read_text(encoding="utf-8"))
        if text:
            notebook["cells"][-1]["source"] = text
        path.write_text(json.dumps(notebook), encoding="utf-8")
    grade_with(root, folder, release)
    rows = {row[1:]: None for row in work.gradebook_rows(folder)}
    assert ("wrote", "why", None, None, None, True) in rows
    assert ("wrote", "why", None, None) in rows
    assert ("blank", "why", 0.0, None, None, False) in rows
    assert ("blank", "why", "No response.", None) in rows
    with Gradebook(database(folder), COURSE.id) as book:
        grade = book.find_grade("why", "setup", work.ASSIGNMENT, "wrote")
        grade.manual_score, grade.needs_manual_grade = 2.0, False
        book.db.commit()
    grade_with(root, folder, release)
    assert ("wrote", "why", None, 2.0, None, False) in {row[1:] for row in work.gradebook_rows(folder)}
    shown = json.loads((folder / "autograded" / "wrote" / work.ASSIGNMENT / "setup.ipynb").read_bytes())
    assert [cell["source"] for cell in shown["cells"] if cell["id"] == "why"] == ["Because."]


def grade_with(root: Path, folder: Path, release: Path) -> None:
    """Grade a class with another released notebook."""
    from dataclasses import replace

    from poolgrader.classroom.bookkeeping import Bookkeeper
    from poolgrader.classroom.run.grade_class import Options, grade_class

    class_ = replace(work.course(folder), release=release)
    books = Bookkeeper(class_, root)
    for outcome in grade_class(class_, Options(workers=1)):
        books.add(outcome)
    books.flush()
    books.close()


def test_a_gradebook_that_stays_locked_is_an_error_without_loss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gradebook, "WAITS", 0.3)
    monkeypatch.setattr(gradebook_writer, "WAITS", 0.3)
    work.hand_in(tmp_path, "jo")
    gradebook.prepare(work.ROOT, tmp_path, work.ASSIGNMENT)
    other = sqlite3.connect(tmp_path / "gradebook.db")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(
        GradebookError, match=r"locked.*All results are kept.*formgrader.*nothing is run twice"
    ):
        work.grade(work.course(tmp_path))
    assert work.course(tmp_path).result_path("jo").exists()
    other.rollback()
    other.close()
    assert work.grade(work.course(tmp_path))["jo"].how == "kept"
    assert gradebook.scores(tmp_path, work.ASSIGNMENT) == {"jo": work.FULL}


def test_a_new_gradebook_is_filled_from_the_saved_results(tmp_path: Path) -> None:
    work.a_class(tmp_path, 5)
    work.grade(work.course(tmp_path))
    rows = work.gradebook_rows(tmp_path)
    (tmp_path / "gradebook.db").unlink()
    assert {outcome.how for outcome in work.grade(work.course(tmp_path)).values()} == {"kept"}
    assert work.gradebook_rows(tmp_path) == rows
