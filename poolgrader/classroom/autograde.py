"""Steps of `nbgrader autograde` that grade in the jail instead of executing the notebook, if POOLGRADER=jail.

`SubmittedNotebook` reads what was handed in as `python -m poolgrader grade` reads it, and hands nbgrader's
own steps a notebook that they can work with: doubled ids, lost metadata or another encoding would stop them.
`JailPreprocessor` grades, and writes marks and messages into the outputs of the check cells, where
nbgrader's SaveAutoGrades and feedback look.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor

from poolgrader.classroom.handed_in.read_file import read_bytes
from poolgrader.classroom.handed_in.submission import (
    NotANotebook,
    cells_of,
    parse,
    read_release,
    read_submission,
)
from poolgrader.classroom.pages.autograded import arranged, check_outputs
from poolgrader.classroom.run.grading import grade_submission
from poolgrader.classroom.secret import course_secret
from poolgrader.limits import Limits
from poolgrader.questions import questions_of

NotebookNode = Any  # nbformat has no annotations


def _submitted(config: Any, facts: dict[str, str]) -> Path:
    """The file that was handed in, for nbgrader's facts on a submission."""
    course = CourseDirectory(config=config)
    folder = course.format_path(course.submitted_directory, facts["student"], facts["assignment"])
    return Path(folder) / f"{facts['notebook']}.ipynb"


def _released(config: Any, facts: dict[str, str]) -> Path:
    """The notebook that was handed out."""
    course = CourseDirectory(config=config)
    folder = course.format_path(course.release_directory, ".", facts["assignment"])
    return Path(folder) / f"{facts['notebook']}.ipynb"


class SubmittedNotebook(NotebookExporter):
    """Reads notebooks for `nbgrader autograde`: a submitted one is put in order first."""

    def from_file(self, file_stream: Any, resources: Any = None, **keywords: Any) -> Any:
        """Read an open notebook; of a submitted one, the learner's cells are put among the course's own.

        Raises:
            NotANotebook: if it is none; nbgrader then reports a failure, and gives no mark.
        """
        facts = resources["nbgrader"]
        path = _submitted(self.config, facts)
        if not os.path.samefile(file_stream.name, path):
            return super().from_file(file_stream, resources=resources, **keywords)
        raw, problem, _ = read_bytes(path)
        if problem:
            raise NotANotebook(f"{path}: {problem}")
        try:
            cells = cells_of(parse(raw))
        except NotANotebook as error:
            raise NotANotebook(f"{path}: {error}") from None
        release = json.loads(_released(self.config, facts).read_bytes())
        notebook = nbformat.from_dict(arranged(release, cells))
        # nbconvert has no annotations
        return self.from_notebook_node(notebook, resources, **keywords)  # type: ignore[no-untyped-call]


class JailPreprocessor(NbGraderPreprocessor):  # type: ignore[misc] # nbgrader has no annotations
    """Grades a notebook in the jail; the notebook itself is not executed."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Write mark and feedback into the outputs of the check cells; all other outputs are removed.

        Raises:
            NoSandbox: if no sandbox works here; nbgrader then reports a failure, and gives no mark.
        """
        facts = resources["nbgrader"]
        secret = course_secret(Path(self.config.CourseDirectory.get("root") or os.getcwd()))
        path, release = _submitted(self.config, facts), read_release(_released(self.config, facts))
        submission = read_submission(path, facts["student"], facts["assignment"], release)
        questions = questions_of(facts["assignment"])
        result = grade_submission(submission, questions, secret, Limits())
        records = {
            question.check_id: record for question, record in zip(questions, result["questions"], strict=True)
        }
        for cell in nb.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
                record = records.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
                if record is not None:
                    cell.outputs = [nbformat.from_dict(output) for output in check_outputs(record, result)]
                    cell.execution_count = 1
        return nb, resources
