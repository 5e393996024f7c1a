"""What lateness changed in a class's marks, a line for each learner: no points are taken off silently."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from pathlib import Path

from nbgrader.api import Assignment, SubmittedAssignment

from poolgrader.classroom.gradebook.gradebook import explained, opened
from poolgrader.classroom.gradebook.marks import Mark


def in_time(folder: Path, assignment: str) -> frozenset[str]:
    """Learners whose work, as the gradebook has it now, is not late; none where there is no gradebook.

    Args:
        folder: of the class.
        assignment: such as "03_sorting".

    Raises:
        GradebookError: if the gradebook cannot be read.
    """
    if not (folder / "gradebook.db").exists():
        return frozenset()
    with explained(folder), opened(folder) as gradebook:
        rows = (
            gradebook.db.query(SubmittedAssignment, Assignment.duedate)
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .filter(Assignment.name == assignment)
        )
        return frozenset(
            work.student_id
            for work, due in rows
            if due is None
            or work.timestamp is None
            or work.timestamp <= due + (work.extension or timedelta())
        )


def lateness(marks: Mapping[str, Mark], before: Collection[str]) -> dict[str, str]:
    """A line for each learner whose late work costs points, or replaces work that was in time.

    Args:
        marks: as the gradebook has them.
        before: learners whose work was in time before this run.
    """
    lines = {}
    for learner, mark in marks.items():
        replaces = mark.seconds_late > 0 and learner in before
        if not mark.penalty and not replaces:
            continue
        cost = (
            f"{mark.penalty:g} of {mark.score:g} points taken off" if mark.penalty else "nothing is taken off"
        )
        news = "; it replaces work that was in time" if replaces else ""
        lines[learner] = f"late by {_span(mark.seconds_late)}: {cost}{news}"
    return lines


def _span(seconds: float) -> str:
    """A length of time in its two largest units.

    >>> _span(1), _span(3661), _span(90000)
    ('1 s', '1 h 1 min', '1 d 1 h')
    """
    left, parts = round(seconds), []
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)):
        count, left = divmod(left, length)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "less than 1 s"
