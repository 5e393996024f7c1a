"""Writes a submission's autograded notebook and feedback page to where nbgrader's formgrader looks for them.

The notebook has the course's cells as they were released, the learner's cells in their places, and points and
feedback as outputs of the check cells. It is a valid notebook, whatever was handed in.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poolgrader.classroom.handed_in.submission import NotANotebook, cells_of, parse, text_of
from poolgrader.classroom.pages.harmless import harmless, pictures
from poolgrader.classroom.pages.learner_page import learner_page, write_learner_page
from poolgrader.classroom.run.result import QuestionRecord, Result
from poolgrader.jail.wire import readable
from poolgrader.questions import questions_of
from poolgrader.whole_files import HALF_MADE, write_changed

Cell = dict[str, Any]
KINDS = ("code", "markdown", "raw")
ABSENT = "This cell was not in the notebook that was handed in."


@dataclass(frozen=True)
class AutogradedNotebook:
    """A submission as formgrader shows it.

    Args:
        notebook: JSON of the notebook.
        untouched: ids of the cells to be marked by hand whose text is still the released one.
    """

    notebook: bytes
    untouched: frozenset[str]


def fingerprint(result: Result) -> str:
    """A digest of a result; it shows whether a notebook was made from this result."""
    return hashlib.sha256(json.dumps(result, sort_keys=True).encode()).hexdigest()[:32]


def autograded(release: dict[str, Any], raw: bytes, result: Result) -> AutogradedNotebook:
    """The autograded notebook of a submission.

    Args:
        release: the released notebook.
        raw: the bytes that were handed in.
        result: of the grader.
    """
    checks = {question.id: question.check_id for question in questions_of(result["assignment"])}
    records = {checks[record["question"]]: record for record in result["questions"]}
    failed = dict(line.split(": ", 1) for line in result["cells"])
    notebook = arranged(release, cells_or_none(raw), failed)
    released = {_grade_id(cell): text_of(cell["source"]) for cell in release["cells"]}
    untouched = set()
    for cell in notebook["cells"]:
        name, facts = _grade_id(cell), cell["metadata"].get("nbgrader", {})
        if facts.get("solution") and facts.get("grade") and cell["source"] == released[name]:
            untouched.add(str(name))
        elif name in records:
            cell |= {"outputs": check_outputs(records[name], result), "execution_count": 1}
    notebook["metadata"]["poolgrader"] = {"result": fingerprint(result), "grader": result["grader"]}
    return AutogradedNotebook(json.dumps(notebook, indent=1).encode() + b"\n", frozenset(untouched))


def arranged(release: Cell, submitted: Iterable[Cell], failed: Mapping[str, str] | None = None) -> Cell:
    """A valid notebook with the course's cells as they were released, and the learner's cells among them.

    Args:
        release: the released notebook.
        submitted: the cells that were handed in.
        failed: the error of each of these cells that failed, by its name.
    """
    own, extra = _sorted(submitted, {_grade_id(cell) for cell in release["cells"]})
    cells = list(extra[None])
    for cell in release["cells"]:
        name = _grade_id(cell)
        if name is None:
            continue  # the learner may change this cell, so it is among the learner's own cells
        shown = dict(cell, source=text_of(cell["source"]))
        if cell["metadata"]["nbgrader"].get("solution"):
            shown = _answered(shown, own.get(name), failed or {})
        cells += [shown, *extra[name]]
    for number, cell in enumerate(cells):
        cell["id"] = cell.get("id") or f"own-{number}"
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": dict(release["metadata"]), "cells": cells}


def check_outputs(record: QuestionRecord, result: Result) -> list[dict[str, Any]]:
    """The outputs of a check cell: the feedback for the learner, and the mark as nbgrader reads it."""
    text = "\n".join([record["text"], *result["cells"], f"Sandbox: {result['sandbox']}."])
    data = {"text/plain": repr(float(record["points"]))}
    if record["html"]:
        data["text/html"] = record["html"]
    return [
        {"output_type": "stream", "name": "stdout", "text": readable(text) + "\n"},
        {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1},
    ]


def _answered(cell: Cell, own: Cell | None, failed: Mapping[str, str]) -> Cell:
    """A released answer cell with the learner's text in it, and with the error that it raised."""
    name = str(_grade_id(cell))
    code = cell["cell_type"] == "code"
    cell = cell | ({"outputs": [], "execution_count": None} if code else {})
    if own is None:
        return cell | {
            "source": f"# {ABSENT}\n{cell['source']}" if code else f"*{ABSENT}*\n\n{cell['source']}"
        }
    if code and name in failed:
        cell["outputs"] = [{"output_type": "stream", "name": "stderr", "text": readable(failed[name]) + "\n"}]
    kept = {"attachments": own["attachments"]} if not code and "attachments" in own else {}
    return cell | {"source": own["source"]} | kept


def _sorted(
    cells: Iterable[Cell], ours: set[str | None]
) -> tuple[dict[str, Cell], dict[str | None, list[Cell]]]:
    """The learner's cells with one of our ids, by id; and all others, by the cell of ours before them."""
    own: dict[str, Cell] = {}
    extra: dict[str | None, list[Cell]] = {name: [] for name in [*ours, None]}
    last: str | None = None
    for cell in cells:
        name = _grade_id(cell)
        if name in ours and name is not None and name not in own:
            own[name], last = _cleaned(cell), name
        elif cell["cell_type"] in KINDS:
            extra[last].append(_cleaned(cell))
    return own, extra


def cells_or_none(raw: bytes) -> list[Cell]:
    """The cells of a notebook; none if the bytes are no notebook."""
    try:
        return cells_of(parse(raw))
    except NotANotebook:
        return []


def _cleaned(cell: Cell) -> Cell:
    """A learner's cell with only its kind and text, so that nothing in it can pass for a mark."""
    kind = cell["cell_type"] if cell["cell_type"] in KINDS else "raw"
    text = text_of(cell["source"]).encode("utf-8", "replace").decode()
    if kind == "code":
        return {"cell_type": kind, "metadata": {}, "source": text, "outputs": [], "execution_count": None}
    return {"cell_type": kind, "metadata": {}, **shown_text(text, cell.get("attachments"))}


def shown_text(text: str, attached: Any) -> Cell:
    """Source and pictures of a learner's text cell, as a page may show them."""
    kept = pictures(attached)
    return {"source": harmless(text, kept)} | ({"attachments": kept} if kept else {})


def _grade_id(cell: Cell) -> str | None:
    name = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return name if isinstance(name, str) else None


class Shelf:
    """The autograded notebooks and feedback pages of a class, in nbgrader's folders.

    Args:
        folder: of the class.
        assignment: such as "03_sorting".
        notebook: name of the notebook, such as "sorting.ipynb".
    """

    def __init__(self, folder: Path, assignment: str, notebook: str) -> None:
        self.folder, self.assignment, self.notebook = folder, assignment, notebook

    def _place(self, step: str, learner: str) -> Path:
        return self.folder / step / learner / self.assignment

    def stands(self, learner: str, result: Result) -> bool:
        """Whether the autograded notebook there was made from this result."""
        try:
            notebook = json.loads((self._place("autograded", learner) / self.notebook).read_bytes())
            return bool(notebook["metadata"]["poolgrader"]["result"] == fingerprint(result))
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def put(self, learner: str, made: AutogradedNotebook, result: Result, timestamp: bytes | None) -> None:
        """Write the files of a submission. The notebook comes last: if it is there, all others are.

        Args:
            learner: name of the learner's folder.
            made: the notebook.
            result: the result that the feedback page shows.
            timestamp: bytes of the submission's timestamp.txt, if it has one.

        Raises:
            OSError: if something cannot be written.
        """
        graded, feedback = self._place("autograded", learner), self._place("feedback", learner)
        page = (feedback / self.notebook).with_suffix(".html")
        # A page that was written for this result is kept, because nbgrader may have replaced it since.
        if not (page.exists() and self.stands(learner, result)):
            write_learner_page(page, learner_page(result))
        for place in (graded, feedback):
            for half in place.glob(f"{HALF_MADE}*"):
                half.unlink()
            if timestamp is not None:
                write_changed(place / "timestamp.txt", timestamp)
            else:
                (place / "timestamp.txt").unlink(missing_ok=True)
        write_changed(graded / self.notebook, made.notebook)

    def withdraw(self, learner: str) -> None:
        """Remove the autograded notebook, so that nbgrader shows that the submission is to be graded."""
        shutil.rmtree(self._place("autograded", learner), ignore_errors=True)
