"""The CSV for Moodle: the grading worksheet that it exported, with grades and comments filled in.

The command `export` writes it to a file, and so does the plugin of `nbgrader export`.

Source, in moodle/moodle: mod/assign/feedback/offline/importgradeslib.php and importgradesform.php say what is
imported. The Identifier tells whose row it is, 'Last modified (grade)' whether the row is out of date. A
grade above the maximum is skipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from html import escape

from poolgrader.classroom.lms.roster import Roster, Sheet, guarded, number, scaling


def moodle_csv(
    roster: Roster,
    scores: Mapping[str, float],
    reasons: Mapping[str, str],
    out_of: float,
    scale: bool = False,
) -> tuple[Sheet, list[str]]:
    """The worksheet for Moodle's import: only grades and feedback comments are changed.

    Args:
        roster: the worksheet.
        scores: by folder.
        reasons: by folder, one line each; written where the worksheet has feedback comments.
        out_of: most points that a score can have.
        scale: convert marks if Moodle's maximum is another one.

    Returns:
        the sheet, and a line for each mark that Moodle would not take.

    Raises:
        RosterError: if Moodle counts other points and `scale` is off.
    """
    sheet = roster.sheet
    grade, most = sheet.column("Grade"), sheet.column("Maximum Grade")
    feedback, open_ = sheet.column("Feedback comments"), sheet.column("Grade can be changed")
    rows, notes = [list(row) for row in sheet.rows], []
    for learner in roster:
        if learner.folder not in scores:
            continue
        row = rows[learner.row]
        points = row[most] if most >= 0 else ""
        value = scores[learner.folder] * scaling(points, out_of, scale, "the worksheet")
        if open_ >= 0 and row[open_].strip().casefold() == "no":
            notes.append(f"{learner.name}: locked in Moodle, the mark {number(value)} is not written")
            continue
        row[grade] = number(value)
        if feedback >= 0 and reasons.get(learner.folder):
            row[feedback] = guarded(escape(reasons[learner.folder], quote=False))  # Moodle shows it as HTML
    name = sheet.column("Full name", "Name")
    for learner in roster:  # Moodle tells by the Identifier whose row it is, so names may be guarded
        if name >= 0:
            rows[learner.row][name] = guarded(rows[learner.row][name])
    return replace(sheet, rows=rows), notes
