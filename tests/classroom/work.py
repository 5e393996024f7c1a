"""Make a class that is quick to grade, grade it, and read its gradebook as rows that can be compared."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import BaseCell, Comment, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook

from poolgrader.classroom import sample
from poolgrader.classroom.bookkeeping import Bookkeeper
from poolgrader.classroom.gradebook.gradebook import database
from poolgrader.classroom.handed_in.submission import read_release
from poolgrader.classroom.run.grade_class import Options, Outcome, grade_class
from poolgrader.classroom.run.plan import Class
from poolgrader.classroom.secret import TEST_SECRET
from poolgrader.limits import Limits
from poolgrader.questions import questions_of
from tests.course import COURSE

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT = "00_setup"  # four questions without torch
RELEASED = ROOT / "exercises" / ASSIGNMENT / "setup.ipynb"
QUESTIONS = questions_of(ASSIGNMENT)
FULL = sum(question.points for question in QUESTIONS)
RELEASE = read_release(RELEASED)
RIGHT = {question.grade_id: question.answer for question in QUESTIONS}


def hand_in(folder: Path, learner: str, answers: Mapping[str, str] | None = None, **more: Any) -> Path:
    """Write the released notebook with these answers as a learner's submission; returns its path.

    Args:
        folder: the folder of the class.
        learner: the name of the learner's folder.
        answers: the source of answers by grade id; without this argument, all answers are right.
        more: `cells`, sources of cells to add at the end; `timestamp`, the text of timestamp.txt; `released`,
            the path of another released notebook.
    """
    released: Path = more.get("released", RELEASED)
    notebook = sample.fill(
        json.loads(released.read_text(encoding="utf-8")), RIGHT if answers is None else answers
    )
    for number, source in enumerate(more.get("cells", ())):
        cell = {"id": f"added-{number}", "cell_type": "code", "metadata": {}, "source": source}
        notebook["cells"].append(cell | {"outputs": [], "execution_count": None})
    path = folder / "submitted" / learner / released.parent.name / released.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    if "timestamp" in more:
        path.with_name("timestamp.txt").write_text(more["timestamp"], encoding="utf-8")
    return path


def wrong(*names: str) -> dict[str, str]:
    """The answers by grade id: known mistakes in the named questions, right answers in all others."""
    chosen = {question.grade_id: question for question in QUESTIONS if question.id in names}
    return {
        key: question.mistaken(question.mistakes[0]) or "" if (question := chosen.get(key)) else text
        for key, text in RIGHT.items()
    }


def a_class(folder: Path, count: int) -> list[str]:
    """Make submissions of `count` learners, right, wrong, blank or broken in turn; returns their names."""
    kinds: Sequence[Mapping[str, str]] = (
        RIGHT,
        wrong("0.2"),
        wrong("0.2", "0.4"),
        {},
        {**RIGHT, "q0-2": "def cut_window(:"},
    )
    names = [f"learner-{number:04d}" for number in range(count)]
    for number, name in enumerate(names):
        hand_in(folder, name, kinds[number % len(kinds)])
    return names


def course(folder: Path, **changes: Any) -> Class:
    """A Class for this folder, with short time limits; `changes` override its settings."""
    settings = {"limits": Limits(cell=3.0, call=2.0, answer=6.0)} | changes
    return Class(folder, ASSIGNMENT, RELEASED, TEST_SECRET, **settings)


def grade(class_: Class, **options: Any) -> dict[str, Outcome]:
    """Grade the class, and write files and gradebook rows as a run does; returns the outcomes by learner."""
    outcomes = {}
    books = Bookkeeper(class_, ROOT)
    try:
        for outcome in grade_class(class_, Options(**({"workers": 2} | options))):
            outcomes[outcome.learner] = outcome
            books.add(outcome)
        books.flush()
    finally:
        books.close()
    return outcomes


def gradebook_rows(folder: Path) -> list[tuple[Any, ...]]:
    """The rows about submissions, grades and comments in a gradebook, without random ids."""
    rows: list[tuple[Any, ...]] = []
    with Gradebook(database(folder), COURSE.id) as gradebook:
        rows += [
            ("submission", one.student_id, one.name, one.timestamp, one.extension, one.score)
            for one in gradebook.db.query(SubmittedAssignment)
        ]
        for one in gradebook.db.query(SubmittedNotebook):
            key = one.student.id, one.name
            rows.append(("notebook", *key, one.flagged, one.late_submission_penalty, one.needs_manual_grade))
        for grade_, cell in gradebook.db.query(Grade, BaseCell).join(BaseCell, BaseCell.id == Grade.cell_id):
            given = grade_.auto_score, grade_.manual_score, grade_.extra_credit, grade_.needs_manual_grade
            rows.append(("grade", grade_.student.id, cell.name, *given))
        for comment, cell in gradebook.db.query(Comment, BaseCell).join(
            BaseCell, BaseCell.id == Comment.cell_id
        ):
            rows.append(
                ("comment", comment.student.id, cell.name, comment.auto_comment, comment.manual_comment)
            )
    return sorted(rows, key=repr)
