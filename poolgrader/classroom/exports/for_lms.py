"""The CSV for the LMS that exported the list of the class: which learners have marks, and which do not."""

from __future__ import annotations

from collections.abc import Mapping

from poolgrader.classroom.exports.canvas_csv import assignment_column, canvas_csv
from poolgrader.classroom.exports.for_people import Exported
from poolgrader.classroom.exports.moodle_csv import moodle_csv
from poolgrader.classroom.gradebook.marks import Mark
from poolgrader.classroom.lms.roster import Roster, number
from poolgrader.classroom.pages.reasons import explained
from poolgrader.classroom.run.result import Result


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
        assignment: such as "03_sorting".
        marks: of the gradebook.
        results: of the grader; Moodle's feedback comments are made from them.
        column: name, title or number of the column in Canvas's gradebook; needed if the assignment's title
            does not tell.
        scale: convert marks if the LMS counts other points.

    Returns:
        the file's bytes, and a line for each learner whose mark is missing in it, or is not final.

    Raises:
        RosterError: if the column cannot be found, or the LMS counts other points and `scale` is off.
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
        f"{learner}: has a mark and is not in the list of the class"
        for learner in graded
        if learner not in folders
    ]
    notes += [
        f"{learner.name}: no submission, the LMS's mark stays"
        for learner in roster
        if learner.folder not in marks
    ]
    scores = {learner: mark.total for learner, mark in graded.items()}
    out_of = max((mark.max_score for mark in marks.values()), default=0.0)
    if roster.lms == "Canvas":
        at = assignment_column(roster.sheet, column or assignment)
        sheet, more = canvas_csv(roster, at, scores, out_of, scale)
    else:
        reasons = {learner: comment(graded[learner], results.get(learner)) for learner in graded}
        sheet, more = moodle_csv(roster, scores, reasons, out_of, scale)
    return sheet.written(), notes + more


def comment(mark: Mark, result: Result | None) -> str:
    """A line for the learner: points by question, why points are missing, lateness, instructors' comments."""
    points = ", ".join(f"{name}: {number(part.points)}" for name, part in mark.parts.items())
    parts = [f"Points {points}." if points else ""]
    parts += [f"{'; '.join(explained(result))}." if result and explained(result) else ""]
    parts += [f"Late: {number(mark.penalty)} taken off." if mark.penalty else ""]
    parts += [f"Marked by hand: {', '.join(mark.by_hand)}." if mark.by_hand else ""]
    parts += [f"Comment on {name}: {' '.join(text.split())}" for name, text in mark.comments.items()]
    return " ".join(filter(None, parts))
