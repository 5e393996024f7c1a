"""A submitted notebook, read as data: which of its cells count, and what is wrong with it."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from poolgrader.classroom.handed_in.answer_cells import remarks
from poolgrader.classroom.handed_in.read_file import digest_of, read_bytes
from poolgrader.classroom.secret import seed_of

MAX_CELLS = 2_000
OTHER_KINDS = {  # by a file's first bytes, in lower case
    b"<!doctype html": "a web page (HTML)",
    b"<html": "a web page (HTML)",
    b"%pdf": "a PDF",
    b"pk\x03\x04": "a zip archive",
    b"\x89png": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"{\\rtf": "a Word document (RTF)",
}
HAND_IN = "hand in the file whose name ends in .ipynb"
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
        remarks: by grade id, on an answer's cell that is not there as it was handed out.
    """

    learner: str
    assignment: str
    content: str
    cells: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    later: bool = False
    notebook: str = ""
    remarks: Mapping[str, str] = field(default_factory=dict)

    def seeds(self, secret: bytes, question_ids: Sequence[str]) -> dict[str, int]:
        """The seeds of the learner's inputs, by question; see `seed_of`."""
        sources = [source for _, source in self.cells]
        return {name: seed_of(secret, self.learner, name, sources) for name in question_ids}


@dataclass(frozen=True)
class Release:
    """What was handed out.

    Args:
        setup: name and source of the course's setup cells.
        ours: ids of the course's cells, which are never taken from a submission.
        answers: ids of the cells for the answers.
    """

    setup: tuple[tuple[str, str], ...]
    ours: frozenset[str]
    answers: tuple[str, ...] = ()


class NotANotebook(ValueError):
    """A file is no notebook; the message says why, in words for the learner."""


def read_release(path: Path) -> Release:
    """The released notebook's setup cells (locked code without points) and locked ids."""
    return release_of(parse(path.read_bytes()))


def release_of(notebook: Any) -> Release:
    """The same, from a parsed notebook: the course's own, or one whose locked cells nbgrader has restored."""
    setup, ours, answers = [], set(), []
    for cell in cells_of(notebook):
        facts = cell["metadata"].get("nbgrader", {})
        if (facts.get("locked") or facts.get("grade")) and isinstance(facts.get("grade_id"), str):
            ours.add(facts["grade_id"])
            if cell["cell_type"] == "code" and not facts.get("grade"):
                setup.append(("setup", text_of(cell["source"])))
        elif isinstance(facts.get("grade_id"), str) and NAME.fullmatch(facts["grade_id"]):
            answers.append(facts["grade_id"])
    return Release(tuple(setup), frozenset(ours), tuple(answers))


def submission_of(
    notebook: Any, learner: str, assignment: str, release: Release, content: str = ""
) -> Submission:
    """The submission in a notebook that is parsed; never raises for what is in it."""
    try:
        cells = cells_of(notebook)
    except NotANotebook as error:
        return Submission(learner, assignment, content, problem=str(error))
    own = [
        (_name(cell, number), text_of(cell["source"]))
        for number, cell in enumerate(cells, start=1)
        if _counts(cell, release)
    ]
    said = remarks(cells, release.answers)
    return Submission(learner, assignment, content, (*release.setup, *own), remarks=said)


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


def parse(raw: bytes) -> Any:
    """A notebook's JSON.

    Raises:
        NotANotebook: if it is none; the message is for the learner.
    """
    start = raw[:200].removeprefix(codecs.BOM_UTF8).lstrip().lower()
    kind = next((kind for first, kind in OTHER_KINDS.items() if start.startswith(first)), "")
    if kind:
        raise NotANotebook(f"this is {kind}, not a notebook: {HAND_IN}")
    text = _decoded(raw)
    if not text.strip("\0 \t\r\n"):
        raise NotANotebook("the file is empty: save the notebook, and hand it in again")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotANotebook(_not_json(text, error)) from None


def _decoded(raw: bytes) -> str:
    """The text of a file: UTF-8, as Jupyter writes it, or else UTF-16 or Latin-1, as other programs do."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    for mark, encoding in ((b"{\0", "utf-16-le"), (b"\0{", "utf-16-be")):
        if raw.lstrip(b" \t\r\n").startswith(mark):
            return raw.decode(encoding, errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")  # Latin-1 with more letters


def _not_json(text: str, error: Exception) -> str:
    """What is wrong with a text that is no JSON, in words for the learner."""
    if not text.lstrip().startswith("{"):
        return f"this is a file of another kind, not a notebook: {HAND_IN}"
    where = ""
    if isinstance(error, json.JSONDecodeError):
        if error.pos >= len(text.rstrip()) - 1 or "Unterminated string" in error.msg:
            return "the file ends in the middle: it was not saved or not uploaded completely"
        where = f" at line {error.lineno}"
    return f"the file is damaged{where}: open it in Jupyter, save it, and hand it in again"


def cells_of(notebook: Any) -> list[dict[str, Any]]:
    """The cells of a notebook of nbformat 3 or 4; an entry that does not have the form of a cell is left out.

    Raises:
        NotANotebook: if it has no list of cells, or one that is too long; the message is for the learner.
    """
    if not isinstance(notebook, dict):
        raise NotANotebook(f"the file has no notebook in it: {HAND_IN}")
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        cells = _cells_of_version_3(notebook)
    if cells is None:
        raise NotANotebook(f"the file has no cells in it, so it is no notebook: {HAND_IN}")
    if len(cells) > MAX_CELLS:
        raise NotANotebook(f"the notebook has {len(cells)} cells, and at most {MAX_CELLS} are read")
    return [cell for cell in map(_as_cell, cells) if cell is not None]


def _cells_of_version_3(notebook: dict[str, Any]) -> list[Any] | None:
    """The cells of all worksheets, with today's names; None if there are no worksheets."""
    sheets = notebook.get("worksheets")
    if not isinstance(sheets, list):
        return None
    lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    cells = [cell for one in lists if isinstance(one, list) for cell in one]
    return [
        {**cell, "source": cell["input"]} if isinstance(cell, dict) and "input" in cell else cell
        for cell in cells
    ]


def _as_cell(cell: Any) -> dict[str, Any] | None:
    """A cell whose metadata has the usual form, if only as an empty one; None if it is no cell."""
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
        return None
    if not isinstance(cell.get("source"), str | list):
        return None
    metadata = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    if not isinstance(metadata.get("nbgrader", {}), dict):  # type: ignore[union-attr] # a dict, see above
        metadata = {key: value for key, value in metadata.items() if key != "nbgrader"}  # type: ignore[union-attr]
    return {**cell, "metadata": metadata}


def _counts(cell: dict[str, Any], release: Release) -> bool:
    grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return cell["cell_type"] == "code" and not (isinstance(grade_id, str) and grade_id in release.ours)


def _name(cell: dict[str, Any], number: int) -> str:
    grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return grade_id if isinstance(grade_id, str) and NAME.fullmatch(grade_id) else f"cell {number}"


def text_of(source: str | list[Any]) -> str:
    """A cell's source as one string."""
    return source if isinstance(source, str) else "".join(line for line in source if isinstance(line, str))
