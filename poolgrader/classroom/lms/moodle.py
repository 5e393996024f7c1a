"""Moodle: the zip of 'Download all submissions', and the list of learners in its grading worksheet.

Sources, all in moodle/moodle: mod/assign/classes/downloader.php makes the names in the zip, in folders (`Full
name_participant_assignsubmission_file/file`, before 4.1 with one more `_`) or flat (`Full
name_participant_assignsubmission_file_file`); mod/assign/gradingtable.php writes the columns of the worksheet
and the words of its dates.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

from poolgrader.classroom.lms.roster import Learner, NamedFile, Roster, Sheet, first_folder, original

PLUGIN = re.compile(
    r"(?P<name>[^_]*)_(?P<participant>\d+)_assignsubmission_(?P<plugin>[a-z]+)_?(?P<file>.*)", re.DOTALL
)
PARTICIPANT = re.compile(r"\D*(\d+)\s*")
LATE = re.compile(r"\b(?P<span>(?:\d+ (?:years?|days?|hours?|mins?|secs?) ?)+) ?late\b", re.IGNORECASE)
# The worksheet's dates as English Moodle writes them, and a few other forms that sites set.
DATES = (
    "%A, %d %B %Y, %I:%M %p",
    "%A, %d %B %Y, %H:%M",
    "%d %B %Y, %I:%M %p",
    "%d %B %Y, %H:%M",
    "%Y-%m-%d %H:%M",
)


def is_roster(sheet: Sheet) -> bool:
    """Whether a sheet is a grading worksheet: Moodle's importer requires the same columns."""
    return min(sheet.column("Identifier"), sheet.column("Grade"), sheet.column("Last modified (grade)")) >= 0


def roster(sheet: Sheet) -> Roster:
    """The learners of a grading worksheet.

    A learner has another participant number in each assignment. So the folder is made from something that
    stays the same: the user name, the e-mail address, or the ID number, whichever of these the site shows.
    """
    read = Roster("Moodle", sheet)
    identifier, name = sheet.column("Identifier"), sheet.column("Full name", "Name")
    logins = [sheet.column("Username"), sheet.column("Email address"), sheet.column("ID number")]
    when, status = sheet.column("Last modified (submission)"), sheet.column("Status")
    for index, row in enumerate(sheet.rows):
        found = PARTICIPANT.fullmatch(row[identifier])
        shown = row[name] if name >= 0 else row[identifier]
        if not found:
            read.left_out.append(f"{shown}: expected 'Participant' and a number, got {row[identifier]!r}")
            continue
        stays = [row[column] for column in logins if column >= 0]
        learner = Learner(
            first_folder(stays, f"moodle-{found[1]}"),
            found[1],
            shown,
            row[logins[1]] if logins[1] >= 0 else "",
            index,
            row[when] if when >= 0 else "",
            row[status] if status >= 0 else "",
        )
        read.add(learner)
    return read


def parse(folders: tuple[str, ...], base: str) -> list[NamedFile] | str:
    """The learner and the file that a path in Moodle's zip names; or why it names none.

    >>> parse(("Jane Doe_71_assignsubmission_file_",), "sorting.ipynb")
    [NamedFile(user='71', file='sorting.ipynb', order=(0,), late=False, name='Jane Doe')]
    >>> parse((), "Jane Doe_71_assignsubmission_file_sorting.ipynb")
    [NamedFile(user='71', file='sorting.ipynb', order=(0,), late=False, name='Jane Doe')]
    """
    found = PLUGIN.fullmatch(folders[0] if folders else base)
    if not found:
        return (
            "expected a name as Moodle gives it: Full name_participant_assignsubmission_file_; "
            "work of groups has another one and is not matched"
        )
    if found["plugin"] != "file":
        return f"participant {found['participant']} handed in by '{found['plugin']}', no file"
    file, copy = original(base if folders else found["file"])
    return [NamedFile(found["participant"], file, (copy,), name=found["name"])]


def moment(learner: Learner, zone: tzinfo) -> datetime | None:
    """When a learner's work came, or None if the worksheet has no date in one of the known forms.

    >>> moment(Learner("j", "1", "J", when="Tuesday, 3 March 2026, 2:05 PM"), UTC)
    datetime.datetime(2026, 3, 3, 14, 5, tzinfo=datetime.timezone.utc)
    """
    words = re.sub(r"\s+", " ", learner.when.replace("\N{NARROW NO-BREAK SPACE}", " ")).strip()
    for form in DATES:
        try:
            return datetime.strptime(words, form).replace(tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError):  # OverflowError: a year that datetime cannot hold in UTC
            continue
    return None


def lateness(learner: Learner) -> str:
    """How late the worksheet says a learner's work came ("1 day 3 hours"), or ""."""
    found = LATE.search(learner.status)
    return found["span"].strip() if found else ""
