"""Reads the marks in nbgrader's gradebook, with late penalties, extensions and marks by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    MissingEntry,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy.orm import undefer

from poolgrader.classroom.gradebook.gradebook import opened
from poolgrader.questions import questions_of


@dataclass(frozen=True)
class Part:
    """The mark of one graded cell.

    Args:
        points: those that count: of the mark by hand if there is one, extra credit included.
        by_hand: the mark that somebody gave, or None.
        by_grader: the mark that the grader gave, or None.
        waits: whether the cell waits for a mark by hand.
        unseen: there is a mark by hand, and nobody has looked at it since the grader last graded.
    """

    points: float
    by_hand: float | None
    by_grader: float | None
    waits: bool
    unseen: bool = False


@dataclass(frozen=True)
class Mark:
    """All marks of one learner's submission.

    Args:
        learner: the folder's name.
        parts: by question ("3.2"), or by the name of a graded cell that belongs to no question.
        score: before the penalty.
        penalty: for being late.
        max_score: of the assignment.
        seconds_late: after the due date, the learner's extension included.
        timestamp: when it was handed in, in UTC but without a time zone; None if that is not known.
        names: last name, first name, e-mail, the LMS's number; each may be empty.
        comments: what an instructor typed, by question, or by the name of a cell that belongs to no question.
    """

    learner: str
    parts: Mapping[str, Part]
    score: float
    penalty: float
    max_score: float
    seconds_late: float = 0.0
    timestamp: datetime | None = None
    names: tuple[str, str, str, str] = field(default=("", "", "", ""))
    comments: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> float:
        """The points that count, after the penalty; never below 0."""
        return round(max(0.0, self.score - self.penalty), 6)

    @property
    def graded(self) -> bool:
        """Whether each part has a mark or waits for one by hand; what was never graded is not 0 points."""
        return all(
            part.by_hand is not None or part.by_grader is not None or part.waits
            for part in self.parts.values()
        )

    @property
    def waits(self) -> bool:
        """Whether a cell waits for a mark by hand."""
        return any(part.waits for part in self.parts.values())

    @property
    def by_hand(self) -> list[str]:
        """The questions and cells that were marked by hand."""
        return [name for name, part in self.parts.items() if part.by_hand is not None]


def read_marks(folder: Path, assignment: str) -> dict[str, Mark]:
    """Every mark of an assignment, by learner; {} if the gradebook does not know the assignment."""
    if not (folder / "gradebook.db").exists():
        return {}
    with opened(folder) as gradebook:
        return marks_of(gradebook, assignment)


def names_of(folder: Path) -> dict[str, tuple[str, ...]]:
    """Last name, first name, e-mail and the LMS's number of each learner that the gradebook knows."""
    if not (folder / "gradebook.db").exists():
        return {}
    with opened(folder) as gradebook:
        return {
            student.id: (
                student.last_name or "",
                student.first_name or "",
                student.email or "",
                student.lms_user_id or "",
            )
            for student in gradebook.db.query(Student)
        }


def marks_of(gradebook: Any, assignment: str) -> dict[str, Mark]:
    """Every mark of an assignment, by learner, from an open gradebook (nbgrader.api.Gradebook)."""
    try:
        master = gradebook.find_assignment(assignment)
    except MissingEntry:
        return {}
    ids = {question.check_id: question.id for question in questions_of(assignment)}
    parts: dict[str, dict[str, Part]] = {}
    rows = (
        gradebook.db.query(SubmittedNotebook.assignment_id, BaseCell.name, Grade)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .filter(SubmittedAssignment.assignment_id == master.id)
        .order_by(BaseCell.name)
    )
    for submission, cell, grade in rows:
        waits = bool(grade.needs_manual_grade) and grade.manual_score is None and cell not in ids
        unseen = bool(grade.needs_manual_grade) and grade.manual_score is not None
        part = Part(float(grade.score), grade.manual_score, grade.auto_score, waits, unseen)
        parts.setdefault(submission, {})[ids.get(cell, cell)] = part
    submissions = (
        gradebook.db.query(SubmittedAssignment)
        .filter(SubmittedAssignment.assignment_id == master.id)
        .options(undefer(SubmittedAssignment.score), undefer(SubmittedAssignment.late_submission_penalty))
    )
    most, comments = float(master.max_score), _comments(gradebook, master.id, assignment)
    marks = (
        _mark(submission, parts.get(submission.id, {}), most, comments.get(submission.id, {}))
        for submission in submissions
    )
    return {mark.learner: mark for mark in sorted(marks, key=lambda mark: mark.learner)}


@dataclass(frozen=True)
class ByHand:
    """A mark that a person gave.

    Args:
        learner: the folder's name.
        name: of the question, or of a cell that belongs to no question.
        points: that were given.
        unseen: see `Part`.
        timestamp: see `Mark`.
    """

    learner: str
    name: str
    points: float
    unseen: bool
    timestamp: datetime | None


def marks_by_hand(gradebook: Any, assignment: str) -> Iterator[ByHand]:
    """Yield the marks by hand of an assignment from an open gradebook; most learners have none."""
    ids = {question.check_id: question.id for question in questions_of(assignment)}
    rows = (
        gradebook.db.query(SubmittedAssignment, BaseCell.name, Grade)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .filter(Assignment.name == assignment, Grade.manual_score.isnot(None))
        .order_by(SubmittedAssignment.student_id, BaseCell.name)
    )
    for submission, cell, grade in rows:
        name, unseen = ids.get(cell, cell), bool(grade.needs_manual_grade)
        yield ByHand(submission.student_id, name, float(grade.manual_score), unseen, submission.timestamp)


def _comments(gradebook: Any, master: str, assignment: str) -> dict[str, dict[str, str]]:
    """The comments that instructors typed, by submission and then by question.

    formgrader stores them with the cell of the answer.
    """
    ids = {question.grade_id: question.id for question in questions_of(assignment)}
    rows = (
        gradebook.db.query(SubmittedNotebook.assignment_id, BaseCell.name, Comment.manual_comment)
        .join(Comment, Comment.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Comment.cell_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .filter(SubmittedAssignment.assignment_id == master, Comment.manual_comment.isnot(None))
        .order_by(BaseCell.name)
    )
    comments: dict[str, dict[str, str]] = {}
    for submission, cell, text in rows:
        if text.strip():
            comments.setdefault(submission, {})[ids.get(cell, cell)] = text
    return comments


def _mark(submission: Any, parts: dict[str, Part], max_score: float, comments: dict[str, str]) -> Mark:
    student = submission.student
    late = submission.total_seconds_late if submission.assignment.duedate else 0.0
    return Mark(
        learner=student.id,
        parts=parts,
        score=float(submission.score),
        penalty=float(submission.late_submission_penalty or 0.0),
        max_score=max_score,
        seconds_late=float(late),
        timestamp=submission.timestamp,
        names=(
            student.last_name or "",
            student.first_name or "",
            student.email or "",
            student.lms_user_id or "",
        ),
        comments=comments,
    )
