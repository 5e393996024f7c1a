"""Writes to nbgrader's gradebook the rows that nbgrader would write, a batch of learners in each transaction.

What people have entered by hand is read and never written: marks, comments, extra credit, extensions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Comment,
    Grade,
    GradeCell,
    SolutionCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
    new_uuid,
)
from sqlalchemy import bindparam, create_engine, insert, select, update
from sqlalchemy.engine import Connection

from poolgrader.classroom.gradebook.gradebook import WAITS, database, explained, opened
from poolgrader.classroom.gradebook.late_penalties import LatePenalties
from poolgrader.classroom.run.result import Result
from poolgrader.questions import questions_of
from poolgrader.questions.finding import current_course

Row = dict[str, Any]


@dataclass(frozen=True)
class GradebookRow:
    """What the gradebook is to hold for one learner.

    Args:
        result: of the grader.
        fresh: the result was not written before: somebody has to look at the marks by hand again.
        timestamp: when the work was handed in, or None if that is not known.
        untouched: cells to be marked by hand that were left as they were released.
    """

    result: Result = field(repr=False)
    fresh: bool = True
    timestamp: datetime | None = None
    untouched: frozenset[str] = frozenset()


class Writer:
    """Writes results to the gradebook of a class; writing the same again changes nothing.

    Args:
        folder: of the class; `prepare` has been called.
        assignment: such as "03_sorting".
        penalties: the course's rule for late work.

    Raises:
        GradebookError: if the gradebook cannot be read.
    """

    def __init__(self, folder: Path, assignment: str, penalties: LatePenalties) -> None:
        self.folder, self.assignment, self.penalties = folder, assignment, penalties
        self._engine = create_engine(database(folder), connect_args={"timeout": WAITS})
        self._checks = {question.check_id: question for question in questions_of(assignment)}
        self._answers = {question.grade_id: question for question in questions_of(assignment)}
        with explained(folder), opened(folder) as gradebook:
            found = gradebook.find_assignment(assignment)
            self._assignment, self._due = found.id, found.duedate
            self._notebook = gradebook.find_notebook(current_course().chapter(assignment).slug, assignment).id
            cells = {
                cell.id: cell for cell in found.notebooks[0]._base_cells if cell.notebook_id == self._notebook
            }
            self._graded = {
                key: cell.name for key, cell in cells.items() if isinstance(cell, GradeCell | TaskCell)
            }
            self._tasks = {cell.name for cell in cells.values() if isinstance(cell, TaskCell)}
            self._told = {
                key: cell.name for key, cell in cells.items() if isinstance(cell, SolutionCell | TaskCell)
            }

    def write(self, entries: Sequence[GradebookRow]) -> None:
        """Write a whole batch, or nothing of it.

        Raises:
            GradebookError: if the database cannot be written; it is then unchanged.
        """
        with explained(self.folder), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            by_learner = {str(entry.result["learner"]): entry for entry in entries}
            submissions = self._submissions(connection, by_learner)
            notebooks = self._notebooks(connection, {row["id"]: name for name, row in submissions.items()})
            by_notebook = {row["id"]: by_learner[name] for name, row in notebooks.items()}
            grades = self._grades(connection, by_notebook)
            self._comments(connection, by_notebook)
            self._penalties(connection, submissions, notebooks, grades)
            connection.commit()

    def _submissions(self, connection: Connection, entries: Mapping[str, GradebookRow]) -> dict[str, Row]:
        """The row of each learner's submission; a missing row is made."""
        known = set(connection.scalars(select(Student.id).where(Student.id.in_(entries))))
        _insert(connection, Student, [{"id": name} for name in entries if name not in known])
        query = select(*_columns(SubmittedAssignment)).where(
            SubmittedAssignment.assignment_id == self._assignment,
            SubmittedAssignment.student_id.in_(entries),
        )
        rows = {str(row["student_id"]): dict(row) for row in connection.execute(query).mappings()}
        fresh = [
            {
                "id": new_uuid(),
                "assignment_id": self._assignment,
                "student_id": name,
                "timestamp": entry.timestamp,
                "extension": None,
            }
            for name, entry in entries.items()
            if name not in rows
        ]
        _insert(connection, SubmittedAssignment, fresh)
        moved = []
        for name, row in rows.items():
            moment = entries[name].timestamp
            if moment is not None and row["timestamp"] != moment:
                row["timestamp"] = moment
                moved.append({"key": row["id"], "timestamp": moment})
        _update(connection, SubmittedAssignment, moved)
        return rows | {str(row["student_id"]): row for row in fresh}

    def _notebooks(self, connection: Connection, learners: Mapping[str, str]) -> dict[str, Row]:
        """The row of each learner's submitted notebook; a missing row is made."""
        query = select(*_columns(SubmittedNotebook)).where(
            SubmittedNotebook.notebook_id == self._notebook, SubmittedNotebook.assignment_id.in_(learners)
        )
        rows = {learners[row["assignment_id"]]: dict(row) for row in connection.execute(query).mappings()}
        fresh = {
            name: {
                "id": new_uuid(),
                "assignment_id": key,
                "notebook_id": self._notebook,
                "flagged": False,
                "late_submission_penalty": None,
            }
            for key, name in learners.items()
            if name not in rows
        }
        _insert(connection, SubmittedNotebook, list(fresh.values()))
        return rows | fresh

    def _grades(self, connection: Connection, entries: Mapping[str, GradebookRow]) -> dict[str, list[Row]]:
        """Write the grades of each notebook; return their rows, by notebook."""
        query = select(*_columns(Grade)).where(Grade.notebook_id.in_(entries))
        rows = {
            (row["notebook_id"], row["cell_id"]): dict(row) for row in connection.execute(query).mappings()
        }
        by_notebook: dict[str, list[Row]] = {notebook: [] for notebook in entries}
        fresh, changed = [], []
        for notebook, entry in entries.items():
            for cell, name in self._graded.items():
                was = rows.get((notebook, cell))
                row = _new_grade(notebook, cell) if was is None else dict(was)
                if name not in self._tasks:  # nbgrader's SaveAutoGrades leaves tasks as they are
                    self._mark(row, name, entry, was is None)
                by_notebook[notebook].append(row)
                if was is None:
                    fresh.append(row)
                elif was != row:
                    kept = {name: row[name] for name in ("auto_score", "needs_manual_grade")}
                    changed.append({"key": row["id"], **kept})
        _insert(connection, Grade, fresh)
        _update(connection, Grade, changed)
        return by_notebook

    def _mark(self, row: Row, name: str, entry: GradebookRow, new: bool) -> None:
        """Put the grader's mark of a cell into its row.

        A cell to be marked by hand has no such mark, or 0 if the learner left it as it was released.
        """
        score = 0.0 if name in entry.untouched else None
        if name in self._checks:
            records = entry.result["questions"]
            score = next(
                (
                    float(record["points"])
                    for record in records
                    if record["question"] == self._checks[name].id
                ),
                None,
            )
        if new or entry.fresh or row["auto_score"] != score:
            row["auto_score"] = score
            row["needs_manual_grade"] = row["manual_score"] is not None or score is None

    def _comments(self, connection: Connection, entries: Mapping[str, GradebookRow]) -> None:
        query = select(Comment.id, Comment.notebook_id, Comment.cell_id, Comment.auto_comment)
        found = connection.execute(query.where(Comment.notebook_id.in_(entries))).mappings()
        rows = {(row["notebook_id"], row["cell_id"]): row for row in found}
        fresh, changed = [], []
        for notebook, entry in entries.items():
            for cell, name in self._told.items():
                text, row = self._comment(name, entry), rows.get((notebook, cell))
                if row is None:
                    fresh.append(
                        {
                            "id": new_uuid(),
                            "notebook_id": notebook,
                            "cell_id": cell,
                            "auto_comment": text,
                            "manual_comment": None,
                        }
                    )
                elif row["auto_comment"] != text:
                    changed.append({"key": row["id"], "auto_comment": text})
        _insert(connection, Comment, fresh)
        _update(connection, Comment, changed)

    def _comment(self, name: str, entry: GradebookRow) -> str | None:
        question = self._answers.get(name)
        if question is None:
            return "No response." if name in entry.untouched else None
        records = entry.result["questions"]
        text = next((record["text"] for record in records if record["question"] == question.id), "")
        return f"{text}\n({entry.result['sandbox']})"

    def _penalties(
        self,
        connection: Connection,
        submissions: Mapping[str, Row],
        notebooks: Mapping[str, Row],
        grades: Mapping[str, Sequence[Row]],
    ) -> None:
        changed = []
        for name, row in notebooks.items():
            score = sum(_score(grade) for grade in grades.get(row["id"], ()))
            penalty = self.penalties.of(name, score, self._seconds_late(submissions[name]))
            if penalty != row["late_submission_penalty"]:
                changed.append({"key": row["id"], "late_submission_penalty": penalty})
        _update(connection, SubmittedNotebook, changed)

    def _seconds_late(self, submission: Row) -> float:
        moment, due = submission["timestamp"], self._due
        if moment is None or due is None:
            return 0.0
        due = due + submission["extension"] if submission["extension"] is not None else due
        return max(0.0, float((moment - due).total_seconds()))

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()


def _new_grade(notebook: str, cell: str) -> Row:
    unmarked = {"auto_score": None, "manual_score": None, "extra_credit": None, "needs_manual_grade": True}
    return {"id": new_uuid(), "notebook_id": notebook, "cell_id": cell, **unmarked}


def _score(grade: Row) -> float:
    """The score of a row, as nbgrader's Grade.score computes it."""
    score = grade["manual_score"] if grade["manual_score"] is not None else grade["auto_score"]
    return 0.0 if score is None else float(score + (grade["extra_credit"] or 0.0))


def _columns(model: Any) -> list[Any]:
    return list(model.__table__.columns)


def _insert(connection: Connection, model: Any, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(insert(model.__table__), rows)


def _update(connection: Connection, model: Any, rows: Sequence[Row]) -> None:
    """Update rows, which must all have the same columns; "key" is the id."""
    if rows:
        table = model.__table__
        values: Row = {name: bindparam(name) for name in rows[0] if name != "key"}
        connection.execute(update(table).where(table.c.id == bindparam("key")).values(values), rows)
