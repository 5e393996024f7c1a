"""Make an LMS's downloads for made-up classes: lists of learners with names in several scripts, and zips."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poolgrader.questions import questions_of

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT = "03_max_pooling"
NOTEBOOK = "max_pooling.ipynb"
RELEASED = ROOT / "exercises" / ASSIGNMENT / NOTEBOOK
FULL = sum(question.points for question in questions_of(ASSIGNMENT))
# the full points of the assignment, as an LMS writes them
POINTS = f"{FULL:g}"
# maps Canvas's number of the assignment to its title and its points possible
COLUMN = {502: ("Max pooling", FULL)}
LAST = (
    "Doe",
    "O'Brien",
    "Ångström",
    "Müller",
    "de la Cruz",
    "Nguyễn",
    "王",
    "Иванова",
    "الهاشمي",
    "कुमार",
    "Smith-Jones",
    "Öztürk",
    "Garci\u0301a",  # the accent is a separate character
    "Van_Dyk",
)
FIRST = ("Jane", "Li", "Ana María", "Zoë", "Ольга", "伟", "José", "फ़रहान", "Ali", "Sam_7", "Max", "Ève")


@dataclass(frozen=True)
class Pupil:
    """A made-up learner, with number, login and names as an LMS has them."""

    number: int
    login: str
    last: str
    first: str

    @property
    def name(self) -> str:
        return f"{self.last}, {self.first}"

    @property
    def full(self) -> str:
        return f"{self.first} {self.last}"


def pupils(count: int, seed: int = 0) -> list[Pupil]:
    """Make up a class of learners; names may repeat, but numbers and logins are unique."""
    rng = random.Random(seed)
    made = []
    for index in range(count):
        last, first = rng.choice(LAST), rng.choice(FIRST)
        login = (f"u{index:04d}", f"user.{index}@uni.example", f"o'brien{index}", f"müller{index}")[index % 4]
        made.append(Pupil(40_000 + 7 * index, login, last, first))
    return made


def notebook_of(text: str) -> bytes:
    """A small notebook whose only cell is a comment with this text."""
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    cell: dict[str, Any] = {
        "cell_type": "code",
        "id": "own",
        "metadata": {},
        "source": f"# {text}",
        "outputs": [],
        "execution_count": None,
    }
    return json.dumps(notebook | {"cells": [cell]}).encode()


def bare(name: str) -> str:
    """A name as Canvas's zips spell it: lowercase, with only the characters of [[:word:]].

    This follows Canvas's source, independently of poolgrader's code.
    """
    import unicodedata

    kept = [
        char
        for char in name.lower()
        if unicodedata.category(char)[:1] in ("L", "M")
        or char.isdecimal()
        or unicodedata.category(char) == "Pc"
    ]
    return "".join(kept)


def zipped(files: list[tuple[str, bytes]], path: Path) -> Path:
    """Write a zip of files with these names and contents; returns its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, (2026, 3, 1, 12, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return path


def canvas_csv(
    made: list[Pupil],
    path: Path,
    delimiter: str = ",",
    bom: bool = False,
    points: str = POINTS,
    sis: bool = True,
) -> Path:
    """Write Canvas's gradebook as its lib/gradebook_exporter.rb does; returns its path."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    who = ["Student", "ID", *(["SIS User ID"] if sis else []), "SIS Login ID", "Section"]
    blank = [""] * (len(who) - 1)
    writer.writerow([*who, "Reading (501)", "Max pooling (502)", "Current Score", "Final Score"])
    writer.writerow(["", *blank, "", "Manual Posting", "", ""])
    writer.writerow(["    Points Possible", *blank, "5", points, "(read only)", "(read only)"])
    for one in made:
        sis_id = [f"000{one.number}"] if sis else []
        writer.writerow(
            [
                one.name,
                one.number,
                *sis_id,
                one.login,
                "Section 1 and Section 2",
                "4.5",
                "",
                "90.00",
                "45.00",
            ]
        )
    writer.writerow(["Student, Test", 99_999, *([""] if sis else []), "f" * 40, "Section 1", "", "", "", ""])
    path.write_bytes(text.getvalue().encode("utf-8-sig" if bom else "utf-8"))
    return path


def moodle_csv(made: list[Pupil], path: Path, late: set[int] | None = None, most: float = FULL) -> Path:
    """Write a grading worksheet as Moodle's mod/assign/gradingtable.php does; returns its path."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        [
            "Identifier",
            "Full name",
            "ID number",
            "Email address",
            "Status",
            "Grade",
            "Maximum Grade",
            "Grade can be changed",
            "Last modified (submission)",
            "Last modified (grade)",
            "Feedback comments",
        ]
    )
    for one in made:
        status = "Submitted for grading" + (" - 1 day 3 hours late" if one.number in (late or set()) else "")
        address = one.login if "@" in one.login else f"{one.login}@uni.example"
        when = (
            "Monday, 2 March 2026, 3:05 PM"
            if one.number in (late or set())
            else "Sunday, 1 March 2026, 9:30 AM"
        )
        row = [f"Participant {one.number}", one.full, "", address, status, "", f"{most:.2f}", "Yes"]
        writer.writerow([*row, when, "-", ""])
    path.write_bytes(text.getvalue().encode("utf-8-sig"))
    return path
