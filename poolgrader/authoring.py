"""The author's door: from solutions/NN_slug.py to exercises/NN_slug/slug.ipynb, the same bytes every time.

Cells of a source are marked `# %% [markdown]`, `# %% setup`, `# %% answer="3.2"`, `# %% check="3.2"`, or not at
all. Ids, points and nbgrader's metadata are added here and stand in no source.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from poolgrader.questions import find, questions_of

NotebookNode = Any  # nbformat has no annotations
CELL = re.compile(r"^# %%(?P<mark>.*)$", re.MULTILINE)
KEYED = re.compile(r'^(?P<kind>answer|check)="(?P<id>[\d.]+)"$')
GENERATED = "# GENERATED from solutions/{name} by `make exercises`; do not edit.\n"
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
            raise ValueError(f"{path.name}:{line}: expected [markdown], setup, answer=, check=, got {label!r}")
    return cells


def source_notebook(path: Path) -> NotebookNode:
    """The instructor's version: with answers, nbgrader's metadata, fixed ids, no outputs."""
    chapter = path.stem
    cells = read_source(path)
    _hold_to_questions(chapter, cells)
    notebook = nbformat.from_dict(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {"kernelspec": KERNEL, "language_info": {"name": "python"}},
            "cells": [_cell(chapter, number, cell) for number, cell in enumerate(cells)],
        }
    )
    nbformat.validate(notebook)
    return notebook


def _hold_to_questions(chapter: str, cells: list[Cell]) -> None:
    asked = [question.id for question in questions_of(chapter)]
    for kind in ("answer", "check"):
        found = [cell.question_id for cell in cells if cell.kind == kind]
        if found != asked:
            raise ValueError(f"{chapter}: {kind} cells: expected {asked}, got {found}")


def _cell(chapter: str, number: int, cell: Cell) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "schema_version": 3,
        "grade": False,
        "solution": False,
        "locked": False,
        "task": False,
    }
    text = cell.text
    if cell.kind in ("answer", "check"):
        question = find(cell.question_id)
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


def answers_text(path: Path) -> str:
    """The reference answers alone, as questions/answers/ holds them."""
    parts = [GENERATED.format(name=path.name)]
    for cell in read_source(path):
        if cell.kind == "answer":
            lines = [line for line in cell.text.splitlines() if "### BEGIN" not in line and "### END" not in line]
            parts.append(f'# %% answer="{cell.question_id}"\n' + "\n".join(lines).strip("\n") + "\n")
    return "\n".join(parts)


def slug_of(path: Path) -> str:
    """Name of the notebook of a source: "03_max_pooling.py" gives "max_pooling"."""
    return path.stem.split("_", 1)[1]


def write_answers(root: Path, chapter: str = "*") -> list[Path]:
    """Write questions/answers/ from solutions/."""
    folder = Path(__file__).parent / "questions" / "answers"
    written = []
    for path in sources(root, chapter):
        target = folder / path.name
        target.write_text(answers_text(path), encoding="utf-8")
        written.append(target)
    return written


def write_source_notebooks(root: Path, into: Path, chapter: str = "*") -> list[Path]:
    """Write the instructor's notebooks: into/NN_slug/slug.ipynb."""
    written = []
    for path in sources(root, chapter):
        shutil.rmtree(into / path.stem, ignore_errors=True)
        target = into / path.stem / f"{slug_of(path)}.ipynb"
        target.parent.mkdir(parents=True)
        target.write_text(str(nbformat.writes(source_notebook(path))) + "\n", encoding="utf-8")
        written.append(target)
    return written


def sources(root: Path, chapter: str = "*") -> list[Path]:
    """The exercises' sources, in order; all of them, or that of one chapter."""
    found = sorted((root / "solutions").glob("[0-9][0-9]_*.py"))
    return [path for path in found if chapter in ("*", path.stem)]


def generate(root: Path, release: Path, chapter: str = "*") -> list[Path]:
    """All the way: answers, instructor's notebooks, and nbgrader's own `generate_assignment` for the learners'.

    Args:
        root: the course's folder.
        release: where the learners' notebooks go (exercises/ for the tracked ones).
        chapter: only this one, as "03_max_pooling".

    Raises:
        RuntimeError: if nbgrader fails; the message ends in what it printed.
    """
    if release == root / "exercises":  # the tracked copies belong together
        write_answers(root, chapter)
    built = write_source_notebooks(root, root / "build" / "source", chapter)
    for path in built:
        shutil.rmtree(release / path.parent.name, ignore_errors=True)
    generate_assignments(root, release, [path.parent.name for path in built])
    return [release / path.parent.name / path.name for path in built]


def generate_assignments(root: Path, release: Path, names: list[str]) -> None:
    """nbgrader's own `generate_assignment`, in this process, with the course's settings and no gradebook.

    Raises:
        RuntimeError: if nbgrader fails; the message ends in what it logged.
    """
    from nbgrader.apps.api import NbGraderAPI
    from traitlets.config.loader import PyFileConfigLoader

    settings = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
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
