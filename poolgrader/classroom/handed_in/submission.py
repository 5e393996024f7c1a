"""A submitted notebook, read as data: which of its cells count, and what is wrong with it."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_BYTES = 20 * 2**20
MAX_CELLS = 2_000
UTF_16 = "text in UTF-16, expected UTF-8"
OTHER_KINDS = {  # by a file's first bytes, in lower case
    b"<!doctype html": "a web page (HTML)",
    b"<html": "a web page (HTML)",
    b"\xff\xfe": UTF_16,
    b"\xfe\xff": UTF_16,
    b"{\0": UTF_16,
    b"\0{": UTF_16,
    b"%pdf": "a PDF",
    b"pk\x03\x04": "a zip archive",
    b"\x89png": "a PNG picture",
}
NAME = re.compile(
    r"q\d{1,2}-\d{1,2}", re.ASCII
)  # grade id of an answer's cell; any other is the learner's own


@dataclass(frozen=True)
class Submission:
    """One learner's notebook.

    Args:
        learner: name of the folder it came from.
        assignment: such as "03_sorting".
        content: digest of the file's bytes.
        cells: name and source of each code cell that counts; the course's setup cells come first.
        problem: why nothing could be read, or "".
        later: the file may be readable another time, and the learner is not to blame: no mark is made.
        notebook: name of the file, in the folder of the submission; "" where it is not known.
    """

    learner: str
    assignment: str
    content: str
    cells: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    later: bool = False
    notebook: str = ""


@dataclass(frozen=True)
class Release:
    """What was handed out.

    Args:
        setup: name and source of the course's setup cells.
        ours: ids of the course's cells, which are never taken from a submission.
    """

    setup: tuple[tuple[str, str], ...]
    ours: frozenset[str]


class NotANotebook(ValueError):
    """A file is no notebook of version 4; the message says why."""


def read_release(path: Path) -> Release:
    """The released notebook's setup cells (locked code without points) and locked ids."""
    return release_of(parse(path.read_bytes()))


def release_of(notebook: Any) -> Release:
    """The same, from a parsed notebook: the course's own, or one whose locked cells nbgrader has restored."""
    setup, ours = [], set()
    for cell in cells_of(notebook):
        facts = cell["metadata"].get("nbgrader", {})
        if (facts.get("locked") or facts.get("grade")) and isinstance(facts.get("grade_id"), str):
            ours.add(facts["grade_id"])
            if cell["cell_type"] == "code" and not facts.get("grade"):
                setup.append(("setup", text_of(cell["source"])))
    return Release(tuple(setup), frozenset(ours))


def submission_of(
    notebook: Any, learner: str, assignment: str, release: Release, content: str = ""
) -> Submission:
    """The submission in a notebook that is parsed; never raises for what is in it."""
    try:
        cells = enumerate(cells_of(notebook), start=1)
        own = [
            (_name(cell, number), text_of(cell["source"])) for number, cell in cells if _counts(cell, release)
        ]
    except NotANotebook as error:
        return Submission(learner, assignment, content, problem=str(error))
    return Submission(learner, assignment, content, (*release.setup, *own))


def read_submission(path: Path, learner: str, assignment: str, release: Release) -> Submission:
    """Read a submission; never raises for what is in the file, and never follows a link.

    Args:
        path: the notebook.
        learner, assignment: whose and which.
        release: what was handed out: its setup cells come first, its other locked cells are left out.
    """
    raw, problem, later = read_bytes(path)
    content = digest_of(raw, problem)
    if problem:
        return Submission(learner, assignment, content, problem=problem, later=later)
    try:
        return submission_of(parse(raw), learner, assignment, release, content)
    except NotANotebook as error:
        return Submission(learner, assignment, content, problem=str(error))


def read_bytes(path: Path) -> tuple[bytes, str, bool]:
    """The bytes of a submitted notebook, what is wrong with it or "", and whether that may be temporary."""
    linked = "expected a file, got a link"
    try:
        if any(place.is_symlink() for place in (path, path.parent, path.parent.parent)):
            return b"", linked, False
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            facts = os.fstat(descriptor)
            if not stat.S_ISREG(facts.st_mode):
                return b"", "expected a file, got something else", False
            if facts.st_size > MAX_BYTES:
                return b"", f"expected at most {MAX_BYTES >> 20} MiB, got {facts.st_size >> 20} MiB", False
            return file.read(MAX_BYTES + 1), "", False
    except FileNotFoundError:
        return b"", _absent(path), False
    except IsADirectoryError:
        return b"", "expected a file, got a folder", False
    except OSError as error:
        if error.errno == errno.ELOOP:
            return b"", linked, False
        return b"", f"not readable: {error.strerror}", True


def digest_of(raw: bytes, problem: str) -> str:
    """The digest of a notebook's content; "" if there was nothing to read."""
    return "" if problem else hashlib.sha256(raw).hexdigest()


def _absent(path: Path) -> str:
    """Say which notebooks are there instead: another name is the commonest mistake."""
    others = sorted(other.name for other in path.parent.glob("[!.]*.ipynb"))[:3]
    there = f"there is {', '.join(map(repr, others))}" if others else "there is no notebook"
    return f"expected {path.name}, {there}"


def parse(raw: bytes) -> Any:
    """A notebook's JSON.

    Raises:
        NotANotebook: if it is none.
    """
    kind = _other_kind(raw)
    if kind:
        raise NotANotebook(f"expected a notebook, got {kind}")
    try:
        return json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        byte = f"byte {raw[error.start]:#04x} at place {error.start}"
        raise NotANotebook(f"expected a notebook in UTF-8, got text that is not UTF-8 ({byte})") from None
    except (ValueError, RecursionError) as error:
        raise NotANotebook(f"not JSON: {str(error)[:120]}") from None


def _other_kind(raw: bytes) -> str:
    """The kind of a file that is no notebook, such as "a PDF", by its first bytes; "" if they do not tell."""
    start = raw[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not start:
        return "an empty file" if not raw.strip(b"\xef\xbb\xbf \t\r\n") else ""
    return next((kind for first, kind in OTHER_KINDS.items() if start.startswith(first)), "")


def cells_of(notebook: Any) -> list[dict[str, Any]]:
    """The cells of a notebook; an entry that does not have the form of a cell is left out.

    Raises:
        NotANotebook: if it has another version, no list of cells, or a list that is too long.
    """
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
        version = notebook.get("nbformat") if isinstance(notebook, dict) else None
        raise NotANotebook(f"nbformat: expected 4, got {version!r}"[:120])
    cells = notebook.get("cells")
    if not isinstance(cells, list) or len(cells) > MAX_CELLS:
        raise NotANotebook(f"cells: expected a list of at most {MAX_CELLS}")
    return [cell for cell in cells if _is_cell(cell)]


def _is_cell(cell: Any) -> bool:
    return (
        isinstance(cell, dict)
        and isinstance(cell.get("cell_type"), str)
        and isinstance(cell.get("metadata"), dict)
        and isinstance(cell["metadata"].get("nbgrader", {}), dict)
        and isinstance(cell.get("source"), str | list)
    )


def _counts(cell: dict[str, Any], release: Release) -> bool:
    grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return cell["cell_type"] == "code" and not (isinstance(grade_id, str) and grade_id in release.ours)


def _name(cell: dict[str, Any], number: int) -> str:
    grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return grade_id if isinstance(grade_id, str) and NAME.fullmatch(grade_id) else f"cell {number}"


def text_of(source: str | list[Any]) -> str:
    """A cell's source as one string."""
    return source if isinstance(source, str) else "".join(line for line in source if isinstance(line, str))
