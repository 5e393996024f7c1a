"""The CSV for Canvas: the gradebook that it exported, with one column of marks filled in.

The command `export` writes it to a file, and so does the plugin of `nbgrader export`.

Source, in instructure/canvas-lms: lib/gradebook_importer.rb shows what is imported. The ID tells whose row it
is, `Name (id)` which assignment a column is, `EX` that a learner is excused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from poolgrader.classroom.lms.canvas import POINTS
from poolgrader.classroom.lms.roster import Roster, RosterError, Sheet, guarded, number, scaling

TITLE = re.compile(r"(?P<title>.*) \((?P<id>\d+)\)")
KEPT = ("EX", "N/A")  # excused; not assigned to this learner


def assignment_column(sheet: Sheet, wanted: str) -> int:
    """The index of an assignment's column.

    Args:
        sheet: the gradebook.
        wanted: the column's whole name, its title, its number, or an assignment of this course
            ("03_sorting").

    Raises:
        RosterError: if no column fits, or more than one; the message lists them.
    """
    titles = {
        index: found for index, name in enumerate(sheet.header) if (found := TITLE.fullmatch(name.strip()))
    }
    exact = [
        i
        for i, title in titles.items()
        if wanted in (sheet.header[i], sheet.header[i].strip(), title["title"], title["id"])
    ]
    fitting = exact or [
        i for i, title in titles.items() if _words(wanted) and _words(wanted) == _words(title["title"])
    ]
    if len(fitting) == 1:
        return fitting[0]
    listed = "; ".join(sheet.header[index] for index in titles) or "none"
    count = "more than one column is" if fitting else "no column is"
    raise RosterError(f"{count} {wanted!r}; name one with --column. Assignments in the list: {listed}")


def canvas_csv(
    roster: Roster, column: int, scores: Mapping[str, float], out_of: float, scale: bool = False
) -> tuple[Sheet, list[str]]:
    """The CSV for Canvas's import: identity columns as exported, and one column of marks.

    Args:
        roster: Canvas's gradebook.
        column: index of the assignment's column.
        scores: by folder.
        out_of: most points that a score can have.
        scale: convert marks if Canvas counts other points.

    Returns:
        the sheet, and a line for each mark that is not written.

    Raises:
        RosterError: if Canvas counts other points and `scale` is off.
    """
    sheet = roster.sheet
    last = sheet.column("Section") + 1
    points = next((row[column] for row in sheet.rows if POINTS in row[0]), "").strip()
    factor = scaling(points, out_of, scale, sheet.header[column])
    notes, rows = [], [[*row[:last], row[column]] for row in sheet.rows]
    for learner in roster:
        row = rows[learner.row]
        if learner.folder in scores:
            if row[-1].strip().upper() in KEPT:
                notes.append(f"{learner.name}: stays {row[-1].strip()} in Canvas")
            else:
                row[-1] = number(scores[learner.folder] * factor)
    # Canvas tells by the ID whose row it is. So a name may be guarded; ids are never changed.
    names = [
        index
        for index in (sheet.column("Student"), sheet.column("LastName"), sheet.column("FirstName"))
        if index >= 0
    ]
    for learner in roster:
        for index in names:
            rows[learner.row][index] = guarded(rows[learner.row][index])
    return replace(sheet, header=[*sheet.header[:last], sheet.header[column]], rows=rows), notes


def _words(text: str) -> list[str]:
    """The words by which titles are compared: in lower case, without the number of a chapter."""
    return re.findall(r"[^\W\d_]+", text.casefold())
