"""Marks out: one CSV for people, one as Canvas imports it, one as Moodle does; each as an nbgrader export plugin too.

    nbgrader export --exporter=poolgrader.classroom.exports.files.CanvasExporter \\
        --CanvasExporter.roster=canvas.csv --assignment="['03_sorting']" --to=marks.csv
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nbgrader.plugins.export import ExportPlugin
from traitlets import Bool, Unicode

from poolgrader.classroom.gradebook.marks import Mark, marks_of
from poolgrader.classroom.lms import canvas, moodle
from poolgrader.classroom.lms.roster import Roster, RosterError, guarded, number
from poolgrader.classroom.lms.which_lms import read_roster
from poolgrader.classroom.pages.pseudonyms import Pseudonyms
from poolgrader.classroom.pages.reasons import explained
from poolgrader.classroom.run.result import Result, read_result
from poolgrader.classroom.terminal import plain
from poolgrader.questions import questions_of

Exported = tuple[bytes, list[str]]


def kept_results(folder: Path, assignment: str) -> dict[str, Result]:
    """The kept results of an assignment, by learner."""
    paths = sorted((folder / "results" / assignment).glob("*.json"))
    found = ((path.stem, read_result(path)) for path in paths if not path.name.startswith("."))
    return {learner: result for learner, result in found if result}


def marks_csv(
    assignment: str,
    marks: Mapping[str, Mark],
    results: Mapping[str, Result],
    anonymous: Pseudonyms | None = None,
) -> Exported:
    """A row for each learner: marks by question, penalty, total, which grader made them, why points are missing.

    Args:
        assignment: as "03_sorting".
        marks: of the gradebook.
        results: of the grader.
        anonymous: what stands in the place of names, if they are left out.
    """
    ids = [question.id for question in questions_of(assignment)]
    others = sorted({name for mark in marks.values() for name in mark.parts} - set(ids))
    who = ["learner"] if anonymous else ["learner", "last_name", "first_name", "email"]
    end = ["score", "late_submission_penalty", "total", "max_score", "seconds_late", "timestamp", "by_hand"]
    rows = [[*who, *ids, *others, *end, "status", "grader", "behind", "reason"]]
    for learner, mark in marks.items():
        result = results.get(learner, {})
        reason = "; ".join(explained(result)) if result else ""
        known = [anonymous.of(learner)] if anonymous else [learner, *mark.names[:3]]
        points = [number(mark.parts[name].points) if name in mark.parts else "" for name in (*ids, *others)]
        total = [number(mark.score), number(mark.penalty), number(mark.total), number(mark.max_score)]
        late = [f"{mark.seconds_late:.0f}", mark.timestamp.isoformat(sep=" ") if mark.timestamp else ""]
        facts = [_status(mark), str(result.get("grader", "")), str(result.get("wall", ""))]
        told = anonymous.hide(learner, reason) if anonymous else reason
        rows.append([guarded(cell) for cell in (*known, *points, *total, *late, " ".join(mark.by_hand), *facts, told)])
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(), []


def lms_csv(
    roster: Roster,
    assignment: str,
    marks: Mapping[str, Mark],
    results: Mapping[str, Result],
    column: str = "",
    scale: bool = False,
) -> Exported:
    """The CSV that the roster's own LMS imports.

    Args:
        roster: as the LMS exported it.
        assignment: as "03_sorting".
        marks: of the gradebook.
        results: of the grader; Moodle's feedback comments come of them.
        column: of Canvas's gradebook, if the assignment's title does not say which; a name, a title or a number.
        scale: convert where the LMS counts other points.

    Returns:
        the file's bytes, and a line for each learner whose mark is not in it, or not for good.

    Raises:
        RosterError: if the column cannot be found, or the points differ.
    """
    graded = {learner: mark for learner, mark in marks.items() if mark.graded}
    notes = [f"{learner}: not graded, no mark is written" for learner in marks if learner not in graded]
    notes += [
        f"{learner}: waits for a mark by hand; what there is so far is written"
        for learner in graded
        if graded[learner].waits
    ]
    folders = {learner.folder for learner in roster}
    notes += [
        f"{learner}: has a mark and is not in the list of the class" for learner in graded if learner not in folders
    ]
    notes += [f"{one.name}: no submission, the LMS's mark stays" for one in roster if one.folder not in marks]
    scores = {learner: mark.total for learner, mark in graded.items()}
    out_of = max((mark.max_score for mark in marks.values()), default=0.0)
    if roster.lms == "Canvas":
        at = canvas.assignment_column(roster.sheet, column or assignment)
        sheet, more = canvas.marked(roster, at, scores, out_of, scale)
    else:
        reasons = {learner: comment(graded[learner], results.get(learner)) for learner in graded}
        sheet, more = moodle.marked(roster, scores, reasons, out_of, scale)
    return sheet.written(), notes + more


def comment(mark: Mark, result: Result | None) -> str:
    """A line for the learner: points by question, what they were lost for, lateness, and what an instructor typed."""
    points = ", ".join(f"{name}: {number(part.points)}" for name, part in mark.parts.items())
    parts = [f"Points {points}." if points else ""]
    parts += [f"{'; '.join(explained(result))}." if result and explained(result) else ""]
    parts += [f"Late: {number(mark.penalty)} taken off." if mark.penalty else ""]
    parts += [f"Marked by hand: {', '.join(mark.by_hand)}." if mark.by_hand else ""]
    parts += [f"Comment on {name}: {' '.join(text.split())}" for name, text in mark.comments.items()]
    return " ".join(filter(None, parts))


def _status(mark: Mark) -> str:
    return "waits for a mark by hand" if mark.waits else "graded" if mark.graded else "needs autograding"


class MarksExporter(ExportPlugin):  # type: ignore[misc] # nbgrader has no annotations
    """A row for each learner, with marks by question; for spreadsheets."""

    extension = "marks"

    def export(self, gradebook: Any) -> None:
        """Write one file for each assignment.

        Raises:
            RosterError: if a list of learners is needed and does not fit.
        """
        wanted: Sequence[str] = [str(name) for name in self.assignment] or [one.name for one in gradebook.assignments]
        for assignment in wanted:
            marks = marks_of(gradebook, assignment)
            chosen = {str(one) for one in self.student} or set(marks)
            marks = {learner: mark for learner, mark in marks.items() if learner in chosen}
            content, notes = self.made(assignment, marks, kept_results(self._folder(), assignment))
            path = self._path(assignment, len(wanted) > 1)
            path.write_bytes(content)
            for note in notes:
                self.log.warning("%s: %s", assignment, plain(note))
            self.log.info("Wrote %s", path)

    def made(self, assignment: str, marks: dict[str, Mark], results: dict[str, Result]) -> Exported:
        """The file of one assignment, and what there is to say of it."""
        return marks_csv(assignment, marks, results)

    def _path(self, assignment: str, several: bool) -> Path:
        path = Path(self.to or f"{self.extension}.csv")
        return path.with_name(f"{path.stem}-{assignment}{path.suffix}") if several else path

    def _folder(self) -> Path:
        """The class's folder: it holds nbgrader's submitted/."""
        course = getattr(self.parent, "coursedir", None)
        return Path(course.root, course.submitted_directory).parent if course else Path("grading")


class _LmsExporter(MarksExporter):
    """What the exporters for an LMS share."""

    lms = ""
    roster = Unicode("", help="the list of the class, as the LMS exported it").tag(config=True)
    column = Unicode("", help="column of the assignment: its name, title or number").tag(config=True)
    scale = Bool(False, help="convert marks where the LMS counts other points").tag(config=True)

    def made(self, assignment: str, marks: dict[str, Mark], results: dict[str, Result]) -> Exported:
        """The file of one assignment, and what there is to say of it."""
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
