"""Finds which of a learner's files is the notebook of an assignment: by its cells, or else by its name.

A notebook under another name is taken if it is the only one that can be meant. If it is another assignment's,
or if several can be meant, no mark is made: the submission is set aside, and the message says why.
"""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from poolgrader.classroom.handed_in.read_file import (
    digest_of,
    is_notebook_name,
    is_zip_name,
    notebooks_in_zip,
    read_bytes,
)
from poolgrader.classroom.handed_in.submission import NotANotebook, cells_of, parse, text_of
from poolgrader.classroom.lms.roster import original

Cell = dict[str, Any]
CHECK = re.compile(r"""^[ \t]*check\([ \t]*["'](\d{1,2})\.(\d{1,2})["']""", re.MULTILINE | re.ASCII)
DEEPEST, MOST_FILES = 3, 20  # levels of folders, and number of notebooks, that are searched


@dataclass(frozen=True)
class Handout:
    """What a course hands out.

    Args:
        assignments: assignment by grade id of a cell.
        notebooks: name of the file by assignment.
    """

    assignments: Mapping[str, str]
    notebooks: Mapping[str, str]

    def told(self, assignment: str) -> str:
        """An assignment's notebook in words."""
        return f"{Path(self.notebooks.get(assignment, assignment)).stem} of {assignment}"


@cache
def handout(exercises: Path) -> Handout:
    """What a folder of released notebooks holds: exercises/<assignment>/<notebook>.ipynb."""
    assignments, notebooks = {}, {}
    for path in sorted(exercises.glob("*/*.ipynb")):
        notebooks[path.parent.name] = path.name
        for cell in cells_of(parse(path.read_bytes())):
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if isinstance(grade_id, str):
                assignments[grade_id] = path.parent.name
    return Handout(assignments, notebooks)


def assignment_of(raw: bytes, name: str, wanted: str, known: Handout) -> str:
    """The assignment that a notebook belongs to, or "" if nothing in it tells.

    The ids of its cells decide. If no id is known, its check cells decide; if these are gone as well, its
    file name does.

    Args:
        raw: the file's bytes.
        name: of the file.
        wanted: the assignment that it was handed in for: one cell of that assignment is enough.
        known: what the course hands out.

    Raises:
        NotANotebook: if it is none.
    """
    cells = cells_of(parse(raw))
    for ids in (_grade_ids, _checked):
        counted = Counter(known.assignments[key] for key in ids(cells) if key in known.assignments)
        if counted:
            return wanted if wanted in counted else counted.most_common(1)[0][0]
    spelled = original(Path(name).name)[0].casefold()
    return next((name for name, notebook in known.notebooks.items() if notebook.casefold() == spelled), "")


def _grade_ids(cells: list[Cell]) -> Iterator[str]:
    return (str(cell["metadata"].get("nbgrader", {}).get("grade_id")) for cell in cells)


def _checked(cells: list[Cell]) -> Iterator[str]:
    """The grade ids of the answers that a notebook's check cells ask for."""
    for cell in cells:
        if cell["cell_type"] == "code":
            for chapter, number in CHECK.findall(text_of(cell["source"])):
                yield f"q{chapter}-{number}"


def wrong_one(name: str, belongs: str, wanted: str, known: Handout) -> str:
    """Why a notebook is not the one that was asked for.

    Args:
        name: of the file.
        belongs: the assignment that it belongs to, or "".
        wanted: the assignment that it was handed in for.
        known: what the course hands out.
    """
    if belongs:
        return f"{name!r}: this is {known.told(belongs)}, not {known.told(wanted)}"
    expected = known.notebooks.get(wanted)
    return f"expected {expected}, got {name!r}, whose cells are of no assignment of this course"


@dataclass(frozen=True)
class FoundNotebook:
    """What a learner's folder holds for an assignment.

    Args:
        name: of the notebook that counts, in the folder of the submission.
        raw: its bytes.
        problem: what is wrong with the file, or "".
        later: the file may be readable another time, and the learner is not to blame.
        aside: why the submission must be set aside, without a mark, or "".
        note: what else an instructor should know, or "".
    """

    name: str
    raw: bytes = field(default=b"", repr=False)
    problem: str = ""
    later: bool = False
    aside: str = ""
    note: str = ""

    @property
    def content(self) -> str:
        """The digest of the notebook's content; "" if there was nothing to read."""
        return digest_of(self.raw, self.problem)


def handed_in(folder: Path, released: Path, before: str = "") -> FoundNotebook:
    """The notebook of a submission: that with the released name, or else the only other one that fits.

    What is no notebook is set aside with the reason, and gets no mark.

    Args:
        folder: of the submission: submitted/<learner>/<assignment>.
        released: the notebook that was handed out.
        before: digest of a notebook that an earlier run found to be this assignment's, or "".
    """
    wanted, known = released.parent.name, handout(released.parent.parent)
    raw, problem, later = read_bytes(folder / released.name)
    here = FoundNotebook(released.name, raw, problem, later)
    if later:
        return here
    belongs = wanted if before and here.content == before else _belongs(here, wanted, known)
    fitting: dict[str, FoundNotebook] = {}  # by content: copies of a notebook count once
    odd: dict[str, str] = {}
    for name in _others(folder, released.name):
        other = FoundNotebook(name, *read_bytes(folder / name))
        assignment = _belongs(other, wanted, known)
        if assignment == wanted:
            fitting.setdefault(other.content, other)
        elif assignment is not None:
            odd[name] = assignment
    names = ", ".join(repr(notebook.name) for notebook in fitting.values())
    if belongs == wanted:
        return FoundNotebook(released.name, raw, note=_besides(released.name, names))
    if len(fitting) == 1:
        return next(iter(fitting.values()))
    if fitting:
        return FoundNotebook(
            released.name, aside=f"{names} can each be {known.told(wanted)}: leave the one that counts"
        )
    if belongs:
        return FoundNotebook(released.name, raw, aside=wrong_one(released.name, belongs, wanted, known))
    if odd and not raw:
        # One of another assignment is preferred: the message can name that.
        name = max(odd, key=lambda name: bool(odd[name]))
        return FoundNotebook(released.name, aside=wrong_one(name, odd[name], wanted, known))
    reason = problem or ("" if before and here.content == before else _no_notebook(raw))
    return FoundNotebook(released.name, raw, aside=f"{released.name!r}: {reason}" if reason else "")


def _no_notebook(raw: bytes) -> str:
    """Why a file is no notebook, or ""."""
    try:
        cells_of(parse(raw))
    except NotANotebook as error:
        return str(error)
    return ""


def _besides(name: str, others: str) -> str:
    return f"handed in more than one notebook: {name!r} counts, not {others}" if others else ""


def _belongs(found: FoundNotebook, wanted: str, known: Handout) -> str | None:
    """The assignment that a file belongs to, "" if nothing in it tells, None if it is no notebook."""
    try:
        return None if found.problem else assignment_of(found.raw, found.name, wanted, known)
    except NotANotebook:
        return None


def _others(folder: Path, expected: str) -> Iterator[str]:
    """Paths of the first other notebooks, relative to the folder; hidden files and links are left out."""
    if folder.is_symlink() or folder.parent.is_symlink():
        return
    left = MOST_FILES
    for place, inner, files in os.walk(folder):
        below = Path(place).relative_to(folder)
        inner[:] = sorted(name for name in inner if not name.startswith(".") and len(below.parts) < DEEPEST)
        for name in sorted(files):
            if name.startswith(".") or (below / name) == Path(expected):
                continue
            for found in _notebooks(folder / below / name):
                yield (below / found).as_posix()
                left -= 1
                if not left:
                    return


def _notebooks(path: Path) -> Iterator[str]:
    """The file's name, if it may be a notebook; of a zip, the notebooks in it, as "work.zip/mine.ipynb"."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return
    if is_notebook_name(path.name):
        yield path.name
    elif is_zip_name(path.name):
        for name in notebooks_in_zip(path):
            yield f"{path.name}/{name}"
