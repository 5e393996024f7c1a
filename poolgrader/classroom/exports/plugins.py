"""The exports as plugins of `nbgrader export`.

    nbgrader export --exporter=poolgrader.classroom.exports.plugins.CanvasExporter \\
        --CanvasExporter.roster=canvas.csv --assignment="['03_sorting']" --to=marks.csv
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbgrader.plugins.export import ExportPlugin
from traitlets import Bool, Unicode

from poolgrader.classroom.exports.for_lms import lms_csv
from poolgrader.classroom.exports.for_people import Exported, marks_csv
from poolgrader.classroom.gradebook.marks import Mark, marks_of
from poolgrader.classroom.lms.read_roster import read_roster
from poolgrader.classroom.lms.roster import RosterError
from poolgrader.classroom.run.result import Result, kept_results
from poolgrader.classroom.terminal import plain


class MarksExporter(ExportPlugin):  # type: ignore[misc] # nbgrader has no annotations
    """A row for each learner, with marks by question; for spreadsheets."""

    extension = "marks"

    def export(self, gradebook: Any) -> None:
        """Write one file for each assignment.

        Raises:
            RosterError: if the list of the class is needed, and is missing or does not fit.
        """
        wanted: Sequence[str] = [str(name) for name in self.assignment] or [
            known.name for known in gradebook.assignments
        ]
        for assignment in wanted:
            marks = marks_of(gradebook, assignment)
            chosen = {str(learner) for learner in self.student} or set(marks)
            marks = {learner: mark for learner, mark in marks.items() if learner in chosen}
            content, notes = self.made(assignment, marks, kept_results(self._folder(), assignment))
            path = self._path(assignment, len(wanted) > 1)
            path.write_bytes(content)
            for note in notes:
                self.log.warning("%s: %s", assignment, plain(note))
            self.log.info("Wrote %s", path)

    def made(self, assignment: str, marks: dict[str, Mark], results: dict[str, Result]) -> Exported:
        """The content of one assignment's file, and notes on marks that are missing or changed in it."""
        return marks_csv(assignment, marks, results)

    def _path(self, assignment: str, several: bool) -> Path:
        path = Path(self.to or f"{self.extension}.csv")
        return path.with_name(f"{path.stem}-{assignment}{path.suffix}") if several else path

    def _folder(self) -> Path:
        """The class's folder, which holds nbgrader's submitted/."""
        course = getattr(self.parent, "coursedir", None)
        return Path(course.root, course.submitted_directory).parent if course else Path("grading")


class _LmsExporter(MarksExporter):
    """What the exporters for an LMS share."""

    lms = ""
    roster = Unicode("", help="the list of the class, as the LMS exported it").tag(config=True)
    column = Unicode("", help="column of the assignment: its name, title or number").tag(config=True)
    scale = Bool(False, help="convert marks where the LMS counts other points").tag(config=True)

    def made(self, assignment: str, marks: dict[str, Mark], results: dict[str, Result]) -> Exported:
        """The content of one assignment's file, and notes on marks that are missing or changed in it."""
        if not self.roster:
            raise RosterError(f"expected --{type(self).__name__}.roster=FILE, as {self.lms} exported it")
        roster = read_roster(Path(self.roster))
        if roster.lms != self.lms:
            raise RosterError(f"{self.roster}: expected {self.lms}'s list, got {roster.lms}'s")
        return lms_csv(roster, assignment, marks, results, self.column, self.scale)


class CanvasExporter(_LmsExporter):
    """The CSV that Canvas's gradebook imports."""

    lms = "Canvas"
    extension = "canvas-import"


class MoodleExporter(_LmsExporter):
    """The grading worksheet that Moodle imports."""

    lms = "Moodle"
    extension = "moodle-import"
