"""The list of a class as an LMS exports it; it is kept unchanged, so that marks can be written into it.

Canvas exports its gradebook (Grades, Export), Moodle the grading worksheet of one assignment. Both are CSV;
the header tells which of the two it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from poolgrader.classroom.lms.learners import folder_of

# what an LMS or a browser adds to the name of a second copy
COPY = re.compile(r"(?:-(?P<dash>\d{1,9})| ?\((?P<bracket>\d{1,9})\))$")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a text begins that a spreadsheet takes for a formula
LARGEST = 50 * 2**20


class RosterError(ValueError):
    """A file is no list of a class, or does not fit; the message says what was expected."""


@dataclass(frozen=True)
class Learner:
    """One learner of a list.

    Args:
        folder: of the learner's work, see learners.folder_of.
        lms_id: the number by which the LMS's zip names the learner.
        name: as the list has it.
        email: or "".
        row: which row of the list this is.
        when: the LMS's words for when the work came, or "".
        status: the LMS's words for the state of the work, or "".
    """

    folder: str
    lms_id: str
    name: str
    email: str = ""
    row: int = -1
    when: str = ""
    status: str = ""


@dataclass(frozen=True)
class NamedFile:
    """What the name of a file in an LMS's zip tells about the file.

    Args:
        user: the number by which the LMS names the learner.
        file: the name that the learner gave it.
        order: larger for newer files of the same learner.
        late: whether the LMS marks it as late.
        name: the learner's name, if the file's name contains it.
    """

    user: str
    file: str
    order: tuple[int, ...]
    late: bool = False
    name: str = ""


@dataclass
class Sheet:
    """A CSV file, with what is needed to write it again in the same form.

    Args:
        header: the names of the columns.
        rows: all rows below the header, each as long as the header.
        delimiter: between cells.
        encoding: of the bytes; with -sig if they start with a byte order mark.
        newline: the end of a line.
    """

    header: list[str]
    rows: list[list[str]]
    delimiter: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"

    def column(self, *names: str) -> int:
        """The index of a column, by the first of these names that is there, ignoring case; -1 if none is."""
        spelled = [name.strip().casefold() for name in self.header]
        return next((spelled.index(name.casefold()) for name in names if name.casefold() in spelled), -1)

    def written(self) -> bytes:
        """The file's bytes.

        Commas replace tabs, and UTF-8 replaces UTF-16: a spreadsheet writes those, but no LMS imports them.
        """
        delimiter = "," if self.delimiter == "\t" else self.delimiter
        encoding = "utf-8-sig" if self.encoding == "utf-16" else self.encoding
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=delimiter, lineterminator=self.newline)
        writer.writerows([self.header, *self.rows])
        return text.getvalue().encode(encoding)


@dataclass
class Roster:
    """A class as an LMS lists it.

    Args:
        lms: "Canvas" or "Moodle".
        sheet: the list itself.
        learners: by the number with which the LMS's zip names them.
        left_out: rows that are not learners of the class, as "name: reason".
        nobody: by a number in the LMS that belongs to no learner, whose it is, such as Canvas's test student.
        same_login: numbers of learners who are left out because of their login, and why.
        taken: the learners by folder name in lower case; some disks take two names for one that differ in
            case alone.
    """

    lms: str
    sheet: Sheet
    learners: dict[str, Learner] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    nobody: dict[str, str] = field(default_factory=dict)
    same_login: dict[str, str] = field(default_factory=dict)
    taken: dict[str, Learner] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Learner]:
        return iter(self.learners.values())

    def add(self, learner: Learner) -> None:
        """Add a learner, unless another one has the same number or folder; then note why not."""
        same = self.taken.get(learner.folder.casefold())
        lms_id = learner.lms_id
        if lms_id in self.learners or lms_id in self.nobody or lms_id in self.same_login:
            self.left_out.append(f"{learner.name}: id {lms_id} is in the list twice")
        elif same:
            but = "" if learner.folder == same.folder else f", but for capital letters, as {same.folder}"
            self.left_out.append(
                f"{learner.name}: the login {learner.folder} is also that of {same.name}{but}"
            )
            self.same_login[lms_id] = (
                "left out: another learner has the same login, capital letters aside. "
                "Give one of the two another login in the LMS, then export the list again"
            )
        else:
            self.learners[lms_id] = learner
            self.taken[learner.folder.casefold()] = learner


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file: UTF-8 or UTF-16, with commas, semicolons or tabs.

    Raises:
        RosterError: if it cannot be read, or a row is longer than the header.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise RosterError(f"{path}: expected at most {LARGEST >> 20} MiB")
        raw = path.read_bytes()
    except OSError as error:
        raise RosterError(f"{path}: expected the list of the class: {error.strerror}") from None
    encoding = (
        "utf-16"
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff")
        else "utf-8-sig"
        if raw[:3] == b"\xef\xbb\xbf"
        else "utf-8"
    )
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        raise RosterError(f"{path}: expected UTF-8; save it as 'CSV UTF-8', or export it again") from None
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    newline = "\r\n" if first.endswith("\r") else "\n"
    try:
        rows = [
            row
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
            if any(row)
        ]
    except csv.Error as error:
        raise RosterError(f"{path}: not CSV: {error}") from None
    if not rows:
        raise RosterError(f"{path}: expected a header and a row for each learner, found nothing")
    header, *body = rows
    for number, row in enumerate(body, start=2):
        if len(row) > len(header):
            raise RosterError(f"{path}, row {number}: expected {len(header)} cells, got {len(row)}")
    return Sheet(
        header, [row + [""] * (len(header) - len(row)) for row in body], delimiter, encoding, newline
    )


def first_folder(logins: Sequence[str], otherwise: str) -> str:
    """The folder of the first login from which one can be made; `otherwise` if there is none."""
    for login in logins:
        try:
            return folder_of(login.strip())
        except ValueError:
            continue
    return otherwise


def guarded(text: str) -> str:
    """A cell's text, with an apostrophe before it if a spreadsheet would take it for a formula.

    >>> guarded("=1+1"), guarded("Jane")
    ("'=1+1", 'Jane')
    """
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA[:4]) else text


def original(name: str) -> tuple[str, int]:
    """A file's name without the number of a copy, and that number; 0 if it has none.

    >>> original("sorting-2.ipynb"), original("sorting (1).ipynb"), original("sorting.ipynb")
    (('sorting.ipynb', 2), ('sorting.ipynb', 1), ('sorting.ipynb', 0))
    """
    stem, dot, ending = name.rpartition(".")
    found = COPY.search(stem) if dot else None
    if not found:
        return name, 0
    return stem[: found.start()] + dot + ending, int(found["dash"] or found["bracket"])


def number(value: float) -> str:
    """A mark as text: with two decimal places, as an LMS keeps it, and no trailing zeros.

    >>> number(16.4), number(20.0), number(1 / 3)
    ('16.4', '20', '0.33')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def scaling(points: str, out_of: float, scale: bool, where: str) -> float:
    """The factor that turns a mark into the LMS's points; 1 if the LMS counts the same points.

    Args:
        points: that the LMS counts, as it writes them; if this is no number, they are taken to be the same.
        out_of: points of the notebook.
        scale: whether to convert.
        where: the column, for the message.

    Raises:
        RosterError: if the LMS counts other points, and `scale` is off.
    """
    try:
        lms_points = float(points.replace(",", "."))
    except ValueError:
        return 1.0
    if abs(lms_points - out_of) < 0.005:
        return 1.0
    if not scale:
        raise RosterError(
            f"{where}: the LMS counts {points} points, the notebook {out_of:g}; --scale converts"
        )
    return lms_points / out_of
