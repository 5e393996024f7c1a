"""Makes exercises/NN_slug/slug.ipynb from its source, a chapter's notebook.py: the same bytes each time.

A cell of a source begins with `# %% [markdown]`, `# %% setup`, `# %% answer="3.2"`, `# %% check="3.2"`, or
`# %%` alone. Ids, points and nbgrader's metadata are added here; no source contains them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat

from poolgrader.questions import find, questions_of
from poolgrader.questions.course import Chapter, Course, CourseError
from poolgrader.questions.question import Question
from poolgrader.whole_files import write_changed

NotebookNode = Any  # nbformat has no annotations
CELL = re.compile(r"^# %%(?P<mark>.*)$", re.MULTILINE)
KEYED = re.compile(r'^(?P<kind>answer|check)="(?P<id>[\d.]+)"$')
SETTINGS = "nbgrader_config.py"
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


@dataclass(frozen=True)
class Cell:
    """A cell of a source.

    Args:
        kind: "markdown", "setup", "code", "answer" or "check".
        question_id: such as "3.2"; "" for a cell that is no answer and no check.
        text: without the line that marks the cell.
    """

    kind: str
    question_id: str
    text: str


def read_source(path: Path) -> list[Cell]:
    """The cells of an exercise's source.

    Raises:
        ValueError: if the mark of a cell is not known; the message says which, and on which line.
    """
    text = path.read_text(encoding="utf-8")
    marks = list(CELL.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    cells = []
    for mark, end in zip(marks, ends, strict=True):
        body = text[mark.end() : end].strip("\n")
        label = mark["mark"].strip()
        keyed = KEYED.match(label)
        if label == "[markdown]":
            lines = [re.sub("^# ?", "", line) for line in body.splitlines()]
            cells.append(Cell("markdown", "", "\n".join(lines)))
        elif keyed:
            cells.append(Cell(keyed["kind"], keyed["id"], body))
        elif label in ("setup", ""):
            cells.append(Cell(label or "code", "", body))
        else:
            line = text.count("\n", 0, mark.start()) + 1
            raise ValueError(f"{path}:{line}: expected [markdown], setup, answer=, check=, got {label!r}")
    return cells


def source_notebook(course: Course, chapter: Chapter) -> NotebookNode:
    """The instructor's version: with answers, nbgrader's metadata, fixed ids, no outputs."""
    cells = [_filled_in(course, chapter, cell) for cell in read_source(chapter.notebook)]
    _check_questions(chapter, cells)
    notebook = nbformat.from_dict(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": KERNEL, "language_info": {"name": "python"}},
            "cells": [_cell(course, chapter.name, number, cell) for number, cell in enumerate(cells)],
        }
    )
    nbformat.validate(notebook)
    return notebook


def _filled_in(course: Course, chapter: Chapter, cell: Cell) -> Cell:
    """A text cell with its placeholders replaced by what they stand for.

    They are {minutes}, {points}, {questions} (a table of the questions), and, for each question, one such as
    {3.2}: its number, title and points.
    """
    if cell.kind != "markdown":
        return cell
    asked = questions_of(chapter.name, course)
    rows = [f"| {question.id} | {question.task} | {question.points:g} |" for question in asked]
    facts = {
        "{minutes}": str(chapter.minutes),
        "{points}": f"{sum(question.points for question in asked):g}",
        "{questions}": "\n".join(["| Question | Task | Points |", "|---|---|---|", *rows]),
    }
    facts |= {f"{{{question.id}}}": _heading(question) for question in asked}
    text = cell.text
    for placeholder, fact in facts.items():
        text = text.replace(placeholder, fact)
    return replace(cell, text=text)


def _heading(question: Question) -> str:
    points = f"{question.points:g} point{'' if question.points == 1 else 's'}"
    return f"{question.id} {question.title} ({points})"


def _check_questions(chapter: Chapter, cells: list[Cell]) -> None:
    """Raise ValueError unless each question has one answer cell and one check cell, in order."""
    asked = list(chapter.questions)
    for kind in ("answer", "check"):
        found = [cell.question_id for cell in cells if cell.kind == kind]
        if found != asked:
            raise ValueError(f"{chapter.notebook}: {kind} cells: expected {asked}, got {found}")


def _cell(course: Course, chapter: str, number: int, cell: Cell) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "schema_version": 3,
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
    }
    text = cell.text
    if cell.kind in ("answer", "check"):
        question = find(cell.question_id, course)
        if cell.kind == "answer":
            metadata |= {"solution": True, "grade_id": question.grade_id}
        else:
            metadata |= {
                "grade": True,
                "locked": True,
                "points": question.points,
                "grade_id": question.check_id,
            }
            text = f'check("{question.id}")'
    else:
        # Setup and text cells are locked, so that nbgrader restores them if a learner has changed them.
        metadata |= {"locked": cell.kind != "code", "grade_id": f"{chapter.replace('_', '-')}-{number}"}
    new = {
        "id": metadata["grade_id"],
        "source": text,
        "cell_type": "code",
        "metadata": {"nbgrader": metadata},
    }
    if cell.kind == "markdown":
        return new | {"cell_type": "markdown"}
    if cell.kind == "code":
        new["metadata"] = {}
    return new | {"execution_count": None, "outputs": []}


def write_source_notebooks(course: Course, into: Path, chapter: str = "*") -> list[Path]:
    """Write the instructor's notebooks: into/NN_slug/slug.ipynb."""
    written = []
    for source in sources(course, chapter):
        target = into / source.name / f"{source.slug}.ipynb"
        text = f"{nbformat.writes(source_notebook(course, source))}\n"
        _write_folder(target.parent, {target.name: text.encode()})
        written.append(target)
    return written


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder hold these files and no others.

    A file that has the right content already is not touched, because somebody may be reading it.
    """
    for name, data in files.items():
        write_changed(folder / name, data)
    for path in folder.iterdir():
        if path.name not in files:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def sources(course: Course, chapter: str = "*") -> list[Chapter]:
    """The chapters that hand out a notebook, in order; all of them, or one.

    Raises:
        KeyError: if there is no chapter of that name.
    """
    if chapter != "*":
        return [course.chapter(chapter)]
    return [listed for listed in course.chapters.values() if listed.notebook.is_file()]


def generate(course: Course, release: Path, chapter: str = "*") -> list[Path]:
    """Make the instructor's notebooks, and from them the learners' with nbgrader's `generate_assignment`.

    Args:
        course: whose notebooks.
        release: where the learners' notebooks go (the course's exercises/ for the tracked ones).
        chapter: only this one, such as "03_sorting".

    Raises:
        RuntimeError: if nbgrader fails; the message ends in what it printed.
    """
    built = write_source_notebooks(course, course.root / "build" / "source", chapter)
    with tempfile.TemporaryDirectory() as made:
        generate_assignments(course, Path(made), [path.parent.name for path in built])
        for path in built:
            files = {file.name: file.read_bytes() for file in (Path(made) / path.parent.name).iterdir()}
            _write_folder(release / path.parent.name, files)
    return [release / path.parent.name / path.name for path in built]


def generate_assignments(course: Course, release: Path, names: list[str]) -> None:
    """Run nbgrader's `generate_assignment` in this process, with the course's settings and no gradebook.

    Raises:
        CourseError: if the course has no settings for nbgrader, or they name another course.
        RuntimeError: if nbgrader fails; the message ends in what it logged.
    """
    from nbgrader.apps.api import NbGraderAPI
    from traitlets.config.loader import PyFileConfigLoader

    root = course.root
    if not (root / SETTINGS).is_file():
        raise CourseError(f"{root}: expected nbgrader's settings, a file {SETTINGS}, found none")
    settings = PyFileConfigLoader(SETTINGS, path=str(root)).load_config()
    if settings.CourseDirectory.course_id != course.id:
        named = settings.CourseDirectory.course_id
        raise CourseError(
            f"{root / SETTINGS}: course_id: expected {course.id!r}, as in course.toml, got {named!r}"
        )
    settings.CourseDirectory.root = str(root)
    settings.CourseDirectory.release_directory = str(release)
    settings.GenerateAssignment.no_database = True
    settings.SaveCells.enabled = False
    api = NbGraderAPI(config=settings)
    for name in names:
        done = api.generate_assignment(name, force=True)
        if not done["success"]:
            raise RuntimeError(f"nbgrader generate_assignment {name}: {done.get('error') or done.get('log')}")


def nbgrader(root: Path, *arguments: str) -> str:
    """Run a stock nbgrader command in the course's folder, with this environment's programs on PATH.

    Raises:
        RuntimeError: if it fails.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=root,
        env={**os.environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"nbgrader {' '.join(arguments)}: {done.stderr[-2000:]}")
    return done.stdout + done.stderr
