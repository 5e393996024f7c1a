"""The author's door: from a chapter's notebook.py to exercises/NN_slug/slug.ipynb, the same bytes every time.

Cells of a source are marked `# %% [markdown]`, `# %% setup`, `# %% answer="3.2"`, `# %% check="3.2"`, or not
at all. Ids, points and nbgrader's metadata are added here and stand in no source.
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
    """A cell of a source: "markdown", "setup", "code", "answer" or "check", its question, its text."""

    kind: str
    question_id: str
    text: str


def read_source(path: Path) -> list[Cell]:
    """The cells of an exercise's source.

    Raises:
        ValueError: at a mark that is not known; the message says which and where.
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
    _hold_to_questions(chapter, cells)
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
    """A text cell with the facts that stand elsewhere.

    {minutes}, {points}, {questions} (the table of them), and {3.2}: the number, title and points of a
    question.
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


def _hold_to_questions(chapter: Chapter, cells: list[Cell]) -> None:
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
        # Setup and prompts are ours: locked, so that nbgrader puts them back if a learner changed them.
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
    """Let a folder hold these files and no others. What is as it should be is not touched: somebody may read
    it now.
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
    return [one for one in course.chapters.values() if one.notebook.is_file()]


def generate(course: Course, release: Path, chapter: str = "*") -> list[Path]:
    """All the way: instructor's notebooks, and nbgrader's own `generate_assignment` for the learners'.

    Args:
        course: whose notebooks.
        release: where the learners' notebooks go (the course's exercises/ for the tracked ones).
        chapter: only this one, as "03_sorting".

    Raises:
        RuntimeError: if nbgrader fails; the message ends in what it printed.
    """
    built = write_source_notebooks(course, course.root / "build" / "source", chapter)
    with tempfile.TemporaryDirectory() as made:
        generate_assignments(course, Path(made), [path.parent.name for path in built])
        for path in built:
            files = {one.name: one.read_bytes() for one in (Path(made) / path.parent.name).iterdir()}
            _write_folder(release / path.parent.name, files)
    return [release / path.parent.name / path.name for path in built]


def generate_assignments(course: Course, release: Path, names: list[str]) -> None:
    """nbgrader's own `generate_assignment`, in this process, with the course's settings and no gradebook.

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
