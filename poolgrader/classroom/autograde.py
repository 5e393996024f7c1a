"""Steps of `nbgrader autograde` that grade in the jail instead of executing the notebook, if POOLGRADER=jail.

Marks and messages go into the outputs of the check cells, where nbgrader's SaveAutoGrades and feedback look.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from poolgrader.classroom.handed_in.submission import release_of, submission_of
from poolgrader.classroom.pages.autograded import check_outputs, shown_text
from poolgrader.classroom.run.grading import grade_submission
from poolgrader.classroom.secret import course_secret
from poolgrader.limits import Limits
from poolgrader.questions import questions_of

NotebookNode = Any  # nbformat has no annotations


class KnownCells(NbGraderPreprocessor):  # type: ignore[misc] # nbgrader has no annotations
    """Removes nbgrader's metadata from cells that are not in the gradebook: OverwriteCells fails on them."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Remove the metadata before any other step looks at the cells."""
        facts = resources["nbgrader"]
        with Gradebook(facts["db_url"]) as gradebook:
            notebook = gradebook.find_notebook(facts["notebook"], facts["assignment"])
            known = {cell.name for cell in notebook.source_cells}
        for cell in nb.cells:
            if str(cell.metadata.get("nbgrader", {}).get("grade_id")) not in known:
                cell.metadata.pop("nbgrader", None)
        return nb, resources


class JailPreprocessor(NbGraderPreprocessor):  # type: ignore[misc] # nbgrader has no annotations
    """Grades a notebook in the jail; the notebook itself is not executed."""

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Write mark and feedback into the outputs of the check cells; all other outputs are removed.

        Raises:
            NoSandbox: if no sandbox works here; nbgrader then reports a failure, and gives no mark.
        """
        facts = resources["nbgrader"]
        secret = course_secret(Path(self.config.CourseDirectory.get("root") or os.getcwd()))
        submission = submission_of(nb, facts["student"], facts["assignment"], release_of(nb))
        questions = questions_of(facts["assignment"])
        result = grade_submission(submission, questions, secret, Limits())
        records = {
            question.check_id: record for question, record in zip(questions, result["questions"], strict=True)
        }
        for cell in nb.cells:
            # Nothing in the course's own text cells is changed by this, so all text cells are treated alike.
            if cell.cell_type != "code":
                cell.update(nbformat.from_dict(shown_text(cell.source, cell.pop("attachments", None))))
            else:
                cell.outputs, cell.execution_count = [], None
                record = records.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
                if record is not None:
                    cell.outputs = [nbformat.from_dict(output) for output in check_outputs(record, result)]
                    cell.execution_count = 1
        return nb, resources
