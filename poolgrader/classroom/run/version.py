"""The version of the grader that made a mark: a digest of all that the mark depends on."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import poolgrader
from poolgrader.questions.course import Course, course_sources
from poolgrader.questions.finding import current_course

ROOMS = ("calls", "jail", "judging", "questions")  # folders of the grader; all their modules count
MODULES = ("run/grading", "secret", "handed_in/submission")  # modules of the classroom that count


def grader_version(assignment: str) -> str:
    """Digest of all that a mark of an assignment depends on, the course's own files among it.

    Raises:
        CourseError, KeyError: if there is no course here, or none with that assignment.
    """
    return _version(current_course(), assignment)


@cache
def _version(course: Course, assignment: str) -> str:
    """The digest; chapters that the assignment does not use are left out of it."""
    grader = Path(poolgrader.__file__).parent
    digest = hashlib.sha256()
    sources = [
        *sorted(path for room in ROOMS for path in (grader / room).glob("*.py")),
        *(grader / "classroom" / f"{name}.py" for name in MODULES),
        grader / "limits.py",
        *course_sources(course, assignment),
    ]
    for path in sources:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
