"""nbgrader's gradebook: one writer puts results into it, in one transaction for each learner."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy.exc import SAWarning

from poolgrader.authoring import nbgrader, slug_of
from poolgrader.questions import find

COURSE = "poolkit"


def database(folder: Path) -> str:
    """The address of a class's gradebook."""
    return f"sqlite:///{(folder / 'gradebook.db').resolve()}"


def prepare(root: Path, folder: Path, assignment: str) -> None:
    """Make sure the gradebook knows the assignment, as nbgrader itself writes it.

    Args:
        root: the course, with build/source/ made.
        folder: of the class.
        assignment: as "03_max_pooling".
    """
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "gradebook.db").exists():
        try:
            with Gradebook(database(folder), COURSE) as gradebook:
                gradebook.find_assignment(assignment)
            return
        except MissingEntry:
            pass
    release = (folder / "release").resolve()
    nbgrader(
        root,
        "generate_assignment",
        assignment,
        "--force",
        f"--CourseDirectory.db_url={database(folder)}",
        f"--CourseDirectory.release_directory={release}",
    )


def write(folder: Path, results: Iterable[dict[str, Any]]) -> None:
    """Put results into the gradebook. Manual marks stay; writing twice changes nothing."""
    with warnings.catch_warnings(), Gradebook(database(folder), COURSE) as gradebook:
        warnings.simplefilter("ignore", SAWarning)  # of nbgrader's own way to add a submission
        for result in results:
            assignment, learner = result["assignment"], result["learner"]
            notebook = slug_of(Path(assignment))
            gradebook.update_or_create_student(learner)
            gradebook.update_or_create_submission(assignment, learner)
            for record in result["questions"]:
                question = find(record["question"])
                grade = gradebook.find_grade(question.check_id, notebook, assignment, learner)
                grade.auto_score = record["points"]
                grade.needs_manual_grade = grade.manual_score is not None
                comment = gradebook.find_comment(question.grade_id, notebook, assignment, learner)
                comment.auto_comment = f"{record['text']}\n({result['wall']})"
            gradebook.db.commit()


def scores(folder: Path, assignment: str) -> dict[str, float]:
    """Learner to score, as the gradebook has it."""
    with Gradebook(database(folder), COURSE) as gradebook:
        return {submission.student_id: submission.score for submission in gradebook.assignment_submissions(assignment)}
