"""The list of a class as an LMS exports it: kept as it came, so that marks can be written back into it.

Canvas gives its gradebook (Grades, Export), Moodle the grading worksheet of one assignment. Both are CSV;
which of the two it is shows in the header.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from poolgrader.classroom.lms.learners import folder_of

# how an LMS and a browser name a second copy
COPY = re.compile(r"(?:-(?P<dash>\d{1,9})| ?\((?P<bracket>\d{1,9})\))$")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for the start of a formula
LARGEST = 50 * 2**20


class RosterError(ValueError):
    """A list that cannot be read as one; the message says what was expected."""


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
    """What a file's name in an LMS's zip says of it.

    Args:
        user: the number by which the LMS names the learner.
        file: what the learner called it.
        order: the larger, the newer, among files of one learner.
        late: whether the LMS marks it so.
        name: the learner's, as far as the file's name holds it.
    """

    user: str
    file: str
    order: tuple[int, ...]
    late: bool = False
    name: str = ""


@dataclass
class Sheet:
    """A CSV file, with what is needed to write it again as it came.

    Args:
        header: the names of the columns.
        rows: all rows below the header, each as long as the header.
        delimiter: between cells.
        encoding: of the bytes; with -sig where a mark stands at the start.
        newline: the end of a line.
    """

    header: list[str]
    rows: list[list[str]]
    delimiter: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"

    def column(self, *names: str) -> int:
        """Where a column stands, by the first of its names that is there, in any case of letters;
        -1 where it does not.
        """
        spelled = [name.strip().casefold() for name in self.header]
        return next((spelled.index(name.casefold()) for name in names if name.casefold() in spelled), -1)

    def written(self) -> bytes:
        """The file's bytes; what a spreadsheet made of it (tabs, UTF-16) is undone,
        since no LMS imports that.
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
        left_out: rows that are nobody's, as "name: reason".
        nobody: numbers in the LMS that are no learner's, and whose they are.
        same_login: numbers of learners who are left out because of their login, and why.
        taken: folders in small letters, and who has them: some disks tell no case apart.
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

    def add(self, one: Learner) -> None:
        """Add a learner, unless somebody has that number or that folder already;
        the number is then nobody's.
        """
        same = self.taken.get(one.folder.casefold())
        if one.lms_id in self.learners or one.lms_id in self.nobody or one.lms_id in self.same_login:
            self.left_out.append(f"{one.name}: id {one.lms_id} stands in the list twice")
        elif same:
            but = "" if one.folder == same.folder else f", but for capital letters, as {same.folder}"
            self.left_out.append(f"{one.name}: the login {one.folder} is also that of {same.name}{but}")
            self.same_login[one.lms_id] = (
                "left out: another learner has the same login, capital letters aside. "
                "Give one of the two another login in the LMS, then export the list again"
            )
        else:
            self.learners[one.lms_id] = one
            self.taken[one.folder.casefold()] = one


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
    """The folder of the first login that makes one."""
    for login in logins:
        try:
            return folder_of(login.strip())
        except ValueError:
            continue
    return otherwise


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: such a one gets an apostrophe before it.

    >>> guarded("=1+1"), guarded("Jane")
    ("'=1+1", 'Jane')
    """
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA[:4]) else text


def original(name: str) -> tuple[str, int]:
    """The name of a file before somebody numbered its copies, and the number of this one.

    >>> original("sorting-2.ipynb"), original("sorting (1).ipynb"), original("sorting.ipynb")
    (('sorting.ipynb', 2), ('sorting.ipynb', 1), ('sorting.ipynb', 0))
    """
    stem, dot, ending = name.rpartition(".")
    found = COPY.search(stem) if dot else None
    if not found:
        return name, 0
    return stem[: found.start()] + dot + ending, int(found["dash"] or found["bracket"])


def number(value: float) -> str:
    """A mark as it is written: two places, as an LMS keeps them, and no trailing zeros.

    >>> number(16.4), number(20.0), number(1 / 3)
    ('16.4', '20', '0.33')
    """
    return f"{value:.2f}".rstrip("0").rstrip(".")


def scaling(points: str, out_of: float, scale: bool, where: str) -> float:
    """What a mark is multiplied with, where the LMS counts other points.

    Args:
        points: that the LMS counts, as it writes them; what is no number is taken as the same.
        out_of: points of the notebook.
        scale: whether to convert.
        where: the column, for the message.

    Raises:
        RosterError: if the LMS counts other points, and `scale` is off.
    """
    try:
        theirs = float(points.replace(",", "."))
    except ValueError:
        return 1.0
    if abs(theirs - out_of) < 0.005:
        return 1.0
    if not scale:
        raise RosterError(
            f"{where}: the LMS counts {points} points, the notebook {out_of:g}; --scale converts"
        )
    return theirs / out_of
