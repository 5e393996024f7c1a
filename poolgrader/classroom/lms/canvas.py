"""Canvas: the zip of 'Download Submissions', and the list of learners in the gradebook that it exports.

Sources, all in instructure/canvas-lms: lib/content_zipper.rb (`add_upload_submission`, `get_filename`) makes
the names in the zip, `name[_LATE]_user_attachment_filename`; app/models/attachment.rb
(`make_unique_filename`) makes the endings -1, -2; lib/gradebook_exporter.rb writes the columns, the row
'Points Possible', and the row 'Manual Posting'.
"""

from __future__ import annotations

import re
import unicodedata

from poolgrader.classroom.lms.roster import Learner, NamedFile, Roster, Sheet, first_folder, original

FILE = re.compile(r"(?P<user>\d+)_(?P<attachment>\d+)_(?P<file>.+)", re.DOTALL)
ANONYMOUS = re.compile(r"(?:late_)?anon_\w+?_\d+_", re.IGNORECASE)
NO_FILE = re.compile(r"(?:.*_)?(?P<user>\d+)_(?P<kind>text|link)\.html", re.IGNORECASE)
POINTS = "Points Possible"


def is_roster(sheet: Sheet) -> bool:
    """Whether a sheet is Canvas's exported gradebook: Canvas's importer requires the same columns."""
    named = sheet.column("Student") == 0 or sheet.column("LastName") == 0
    return named and sheet.column("ID") in (1, 2) and sheet.column("Section") > 1


def roster(sheet: Sheet) -> Roster:
    """The learners of Canvas's gradebook.

    Args:
        sheet: as exported, with or without the SIS columns.
    """
    read = Roster("Canvas", sheet)
    number, login, sis = sheet.column("ID"), sheet.column("SIS Login ID"), sheet.column("SIS User ID")
    for index, row in enumerate(sheet.rows):
        name = _name(sheet, row)
        if POINTS in row[0] or _is_posting(row):
            continue
        if name in ("Student, Test", "Test Student") and not (login >= 0 and sis >= 0 and row[sis]):
            read.nobody[row[number].strip()] = "Canvas's test student"
            continue
        if not row[number].strip().isdigit():
            read.left_out.append(f"{name}: expected a number in the column ID, got {row[number]!r}")
            continue
        lms_id = row[number].strip()
        logins = [row[column] for column in (login, sis) if column >= 0]
        email = next((login for login in logins if "@" in login), "")
        read.add(Learner(first_folder(logins, f"canvas-{lms_id}"), lms_id, name, email, index))
    return read


def parse(folders: tuple[str, ...], base: str) -> list[NamedFile] | str:
    """Every possible reading of the name of a file in Canvas's zip; or why there is none.

    A learner's name may end in numbers, and the learner's own name for the file may contain numbers. So each
    possible reading is returned, and the caller decides by the list of the class (`is_named`). Otherwise a
    learner could pass as another one by a number in their own name.

    >>> parse((), "doejane_LATE_71_905_sorting-2.ipynb")
    [NamedFile(user='71', file='sorting.ipynb', order=(905, 2), late=True, name='doejane')]
    >>> [claim.user for claim in parse((), "eve_72_71_905_sorting.ipynb")]
    ['72', '71']
    """
    if folders:
        return "expected a file outside of any folder, as Canvas gives it"
    if ANONYMOUS.match(base):
        return "Canvas hides who handed it in: end anonymous grading, and download again"
    if found := NO_FILE.fullmatch(base):
        what = {"text": "typed text", "link": "a link"}[found["kind"].lower()]
        return f"user {found['user']} handed in {what}, no file"
    claims = []
    for start in (0, *(place.end() for place in re.finditer("_", base))):
        if found := FILE.fullmatch(base, start):
            name = (
                base[:start].rstrip("_") if not base[:start].lower().endswith("_late_") else base[: start - 6]
            )
            late = base[:start].lower() == "late_" or base[:start].lower().endswith("_late_")
            file, copy = original(found["file"])
            claims.append(
                NamedFile(
                    found["user"],
                    file,
                    (int(found["attachment"]), copy),
                    late,
                    "" if late and start == 5 else name,
                )
            )
    return (
        claims
        or "expected a name as Canvas gives it: name_user_attachment_file or name_LATE_user_attachment_file"
    )


def is_named(claim: NamedFile, learner: Learner) -> bool:
    """Whether a claim has the learner's name as Canvas writes it in a zip: lower case, word characters."""
    return _bare(claim.name) == _bare(re.sub(r"_(\d+)_", r"\1", learner.name))


def _bare(name: str) -> str:
    """What Canvas keeps of a name: letters, marks, digits, connectors (Ruby's [[:word:]]), in lower case."""
    kept = (
        letter
        for letter in name.casefold()
        if unicodedata.category(letter)[0] in "LM"
        or letter.isdecimal()
        or unicodedata.category(letter) == "Pc"
    )
    return unicodedata.normalize("NFC", "".join(kept))


def _name(sheet: Sheet, row: list[str]) -> str:
    """Last name, first name, without the quotes that Canvas puts around a name that starts with '='."""
    if sheet.column("LastName") == 0:
        return f"{row[0]}, {row[1]}".strip(", ")
    quoted = re.fullmatch(r'="(.*)"', row[0], re.DOTALL)
    return quoted[1] if quoted else row[0].strip()


def _is_posting(row: list[str]) -> bool:
    return all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE) for cell in row)
