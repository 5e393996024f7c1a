"""The course's sample class, whose notebooks are written into a class's folder like submissions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from poolgrader.classroom.run.result import Results
from poolgrader.classroom.run.version import grader_version
from poolgrader.questions import questions_of
from poolgrader.questions.course import CourseError
from poolgrader.questions.finding import current_course
from poolgrader.questions.sample import SampleClass


def sample_class() -> SampleClass:
    """The sample class of the course.

    Raises:
        CourseError: if the course describes none.
    """
    course = current_course()
    found = course.named("sample")
    if not isinstance(found, SampleClass):
        raise CourseError(
            f'{course.folder}: expected sample = "module:SAMPLE" in course.toml, for a sample class'
        )
    return found


def fill(notebook: dict[str, Any], sources: Mapping[str, str]) -> dict[str, Any]:
    """A released notebook with its answer cells filled in, by grade id."""
    filled: dict[str, Any] = json.loads(json.dumps(notebook))
    for cell in filled["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in sources:
            cell["source"] = sources[grade_id]
    return filled


def write(released: Path, folder: Path) -> list[Path]:
    """Write the class's notebooks: folder/submitted/<learner>/<assignment>/<notebook>.

    Args:
        released: the learners' notebook.
        folder: of the class.
    """
    notebook = json.loads(released.read_text(encoding="utf-8"))
    written = []
    made = sample_class()
    for pupil in made.pupils:
        answers = {question.grade_id: pupil.answer(question) for question in questions_of(made.assignment)}
        text = json.dumps(notebook if pupil.blank else fill(notebook, answers), indent=1)
        path = folder / "submitted" / pupil.name / made.assignment / released.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text[: pupil.cut] if pupil.cut else text, encoding="utf-8")
        written.append(path)
    return written


def stale(folder: Path) -> bool:
    """Whether another version of the grader graded there: the sample has to show what this version does."""
    assignment = sample_class().assignment
    version = grader_version(assignment)
    return any(
        record["grader"] != version
        for result in Results(folder, assignment)
        for record in result["questions"]
    )
