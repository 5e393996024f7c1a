"""Imitate how Canvas and Moodle import a CSV, following their source and without poolgrader's code.

The sources are, for Canvas, lib/gradebook_importer.rb and Assignment.title_and_id; for Moodle,
mod/assign/feedback/offline/importgradeslib.php and importgradesform.php. An LMS may ask the user, skip a
row or create something. None of this may happen in a round trip, so these functions mostly fail there.
"""

from __future__ import annotations

import csv
import io
import re


def canvas_imports(
    raw: bytes, users: set[int], assignments: dict[int, tuple[str, float]]
) -> dict[tuple[int, int], str]:
    """The grades that Canvas would import, by the numbers of user and assignment.

    Args:
        raw: the contents of the file.
        users: the numbers of the course's students.
        assignments: each assignment's title and points possible, by number.
    """
    text = raw.decode("utf-8").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    first = text.splitlines()[:3]
    counts = {mark: {len(next(csv.reader([line], delimiter=mark))) for line in first} for mark in ";,"}
    fields = {mark: next(iter(found)) if len(found) == 1 else 0 for mark, found in counts.items()}
    delimiter = ";" if fields[";"] > fields[","] else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    header, *body = rows
    assert len(header) > 3, header
    assert "Student" in header[0], header
    assert "ID" in header[1], header
    own = 3
    if re.search(r"SIS\s+Login\s+ID", header[2]):
        own = 4
    elif re.search(r"SIS\s+User\s+ID", header[2]) and re.search(r"SIS\s+Login\s+ID", header[3]):
        own = 5
    assert "Section" in header[own - 1], "Invalid header row"
    columns: dict[int, int] = {}
    for index, title in enumerate(header[own:], start=own):
        found = re.fullmatch(r"(.*)\s\((\d+)\)", title)
        assert found, f"Canvas would create an assignment {title!r}"
        number = int(found[2])
        assert assignments[number][0] == found[1]
        columns[number] = index
    grades: dict[tuple[int, int], str] = {}
    for row in body:
        if "Points Possible" in row[0]:
            for number, index in columns.items():
                assert float(row[index]) == assignments[number][1], "Canvas would change the points possible"
        elif all(re.fullmatch(r"\s*(Muted|Manual Posting.*)?\s*", cell, re.IGNORECASE) for cell in row):
            continue
        else:
            user = int(row[1])
            assert user in users, f"Canvas would ask who {row[0]!r} is"
            for number, index in columns.items():
                assert (user, number) not in grades
                grades[user, number] = _period(row[index].strip())
    return grades


def _period(field: str) -> str:
    if re.fullmatch(r"-?[0-9.,]+%?", field):
        *whole, last = re.split(r"[,.]", field)
        return f"{''.join(whole)}.{last}" if whole else last
    return field


def moodle_imports(raw: bytes, participants: set[int], maximum: float) -> dict[int, tuple[str, str]]:
    """The grade and feedback that Moodle would import for each participant; rows that it skips are absent."""
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
    header, *body = rows
    identifier, grade = header.index("Identifier"), header.index("Grade")
    header.index("Last modified (grade)")
    feedback = header.index("Feedback comments")
    taken = {}
    for row in body:
        assert len(row) == len(header)
        number = int(row[identifier][len("Participant ") :])
        assert number in participants
        value = row[grade].replace(" ", "")
        if value == "" or float(value) < 0 or float(value) > maximum:
            continue
        taken[number] = (value, row[feedback])
    return taken
