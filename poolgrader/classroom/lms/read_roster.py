"""Tells which LMS a list of learners came from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from poolgrader.classroom.lms import canvas, moodle
from poolgrader.classroom.lms.roster import NamedFile, Roster, RosterError, read_sheet

PARSERS: dict[str, Callable[[tuple[str, ...], str], list[NamedFile] | str]] = {
    "Canvas": canvas.parse,
    "Moodle": moodle.parse,
}


def read_roster(path: Path) -> Roster:
    """Read the list of a class; its header says which LMS wrote it.

    Raises:
        RosterError: if it is neither Canvas's gradebook nor Moodle's grading worksheet.
    """
    sheet = read_sheet(path)
    if canvas.is_roster(sheet):
        return canvas.roster(sheet)
    if moodle.is_roster(sheet):
        return moodle.roster(sheet)
    shown = ", ".join(sheet.header[:8])
    raise RosterError(
        f"{path}: expected Canvas's exported gradebook (columns Student, ID, ..., Section) or Moodle's "
        f"grading worksheet in English (Identifier, Full name, ..., Grade); its columns are: {shown}"
    )
