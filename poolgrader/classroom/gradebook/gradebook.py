"""Opens nbgrader's gradebook, makes sure that it knows the assignment, and explains its errors."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, Gradebook, MissingEntry, SubmittedAssignment
from nbgrader.apps.api import NbGraderAPI
from sqlalchemy.exc import OperationalError

from poolgrader.classroom.gradebook.late_penalties import course_settings
from poolgrader.learner_notebooks import write_source_notebooks
from poolgrader.questions import questions_of
from poolgrader.questions.finding import current_course
from poolgrader.whole_files import HALF_MADE, write_changed

WAITS = 15.0  # seconds to wait for another program that has locked the database


class GradebookError(RuntimeError):
    """The gradebook cannot be written now; what is not in it yet is kept as results."""


def database(folder: Path) -> str:
    """The address of a class's gradebook."""
    return f"sqlite:///{(folder / 'gradebook.db').resolve()}"


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turn a database error into a message that says what to do."""
    try:
        yield
    except OperationalError as error:
        reason = str(error.orig)
        remedy = (
            "close the program that has it open (formgrader?)" if "locked" in reason else "solve this problem"
        )
        raise GradebookError(
            f"{folder / 'gradebook.db'}: {reason}. All results are kept: {remedy} and grade again, nothing "
            "is run twice."
        ) from None


def prepare(root: Path, folder: Path, assignment: str) -> None:
    """Make sure that the gradebook has the assignment with today's questions; nbgrader itself writes it.

    Args:
        root: the course's folder.
        folder: of the class.
        assignment: such as "03_sorting".

    Raises:
        GradebookError: if it cannot be read or written, or nbgrader refuses: it neither adds nor removes a
            question once there are submissions.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _source(root, assignment)
    path = folder / "gradebook.db"
    if path.exists():
        with explained(folder):
            known = _known(folder, assignment)
        if not known:
            _generate(root, folder, assignment, path)
        return
    # A new gradebook is made elsewhere and moved here when it is complete.
    with tempfile.TemporaryDirectory(dir=folder, prefix=HALF_MADE) as making:
        _generate(root, folder, assignment, Path(making) / path.name)
        os.replace(Path(making) / path.name, path)


def _generate(root: Path, folder: Path, assignment: str, path: Path) -> None:
    """Run nbgrader's `generate_assignment` in this process, so that it ends when this process ends."""
    settings = course_settings(root)
    settings.CourseDirectory.root = str(root)
    settings.CourseDirectory.release_directory = str((folder / "release").resolve())
    settings.CourseDirectory.db_url = f"sqlite:///{path.resolve()}"
    with _programs():
        done = NbGraderAPI(config=settings).generate_assignment(assignment, force=True, create=True)
    if not done["success"]:
        lines = str(done.get("error") or done.get("log") or "").strip().splitlines()
        raise GradebookError(f"nbgrader generate_assignment {assignment}: {lines[-1] if lines else 'failed'}")


def _source(root: Path, assignment: str) -> None:
    """Bring the instructor's notebook in build/source up to date; nbgrader's settings look for it there."""
    with tempfile.TemporaryDirectory() as made:
        for path in write_source_notebooks(current_course(), Path(made), assignment):
            write_changed(root / "build" / "source" / assignment / path.name, path.read_bytes())


def _known(folder: Path, assignment: str) -> bool:
    """Whether the gradebook has the assignment with today's questions and points."""
    if not (folder / "gradebook.db").exists():
        return False
    points = {question.check_id: float(question.points) for question in questions_of(assignment)}
    with opened(folder) as gradebook:
        try:
            notebook = gradebook.find_notebook(current_course().chapter(assignment).slug, assignment)
        except MissingEntry:
            return False
        return bool(points.items() <= {cell.name: cell.max_score for cell in notebook.grade_cells}.items())


@contextmanager
def _programs() -> Iterator[None]:
    """Put this environment's programs on PATH: nbgrader runs alembic to make a new gradebook."""
    path = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), path])
    try:
        yield
    finally:
        os.environ["PATH"] = path


@contextmanager
def opened(folder: Path) -> Iterator[Any]:
    """Open nbgrader's Gradebook of a class."""
    with _programs(), Gradebook(f"{database(folder)}?timeout={WAITS:g}", current_course().id) as gradebook:
        yield gradebook


def scores(folder: Path, assignment: str) -> dict[str, float]:
    """The score of each learner, as the gradebook has it."""
    with opened(folder) as gradebook:
        rows = gradebook.db.query(SubmittedAssignment.student_id, SubmittedAssignment.score).join(Assignment)
        return {name: float(score) for name, score in rows.filter(Assignment.name == assignment)}
