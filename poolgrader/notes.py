"""What is remembered of each question: points, hints. Kept beside the notebook, found wherever the folder is.

A question has one number in the whole course, so notes need no folder of a certain name: those of the
notebook's own folder and of the folders beside it are put together by question. The file's keys are course
and question, as "sums 1.2"; a question alone, as earlier graders wrote it, is taken to be of the course at
hand.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from poolgrader.questions.finding import current_course
from poolgrader.whole_files import write_whole

NOTES = Path(".poolgrader") / "progress.json"
Facts = dict[str, Any]
Notes = dict[str, Facts]  # by question
_unwritten: Notes = {}  # where the folder cannot be written to: these last as long as the kernel


def notes_here() -> Notes:
    """What is remembered in the notebook's own folder. Of points, those of the last answer."""
    notes = _read(NOTES)
    for question_id, facts in _unwritten.items():
        notes[question_id] = notes.get(question_id, {}) | facts
    return notes


def notes_around() -> Notes:
    """The same, together with the folders beside it. Where two of them know a question,
    the best of each fact counts.
    """
    best: Notes = {}
    for notes in (notes_here(), *_neighbours()):
        for question_id, facts in notes.items():
            known = best.setdefault(question_id, {})
            for name, value in facts.items():
                known[name] = max(value, known.get(name, value))
    return best


def _neighbours() -> Iterator[Notes]:
    with contextlib.suppress(OSError):
        own = Path.cwd().name
        for path in sorted(Path("..").glob(f"*/{NOTES.as_posix()}")):
            if path.parts[1] != own:
                yield _read(path)


def _read(path: Path) -> Notes:
    """The notes of this course in a file, numbers alone; what is not of this form is left out."""
    notes: Notes = {}
    prefix = f"{current_course().id} "
    kept = _content(path)
    for key in sorted(
        kept, key=lambda key: key.startswith(prefix)
    ):  # a question alone first: it is the older note
        question_id, facts = key.removeprefix(prefix), kept[key]
        if " " not in question_id and isinstance(facts, dict):
            numbers = {name: value for name, value in facts.items() if isinstance(value, int | float)}
            notes[question_id] = notes.get(question_id, {}) | numbers
    return notes


def _content(path: Path) -> dict[str, Any]:
    """All that a file holds, notes of other courses among it; nothing where it is not readable."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def remember(question_id: str, **facts: Any) -> None:
    """Keep facts of a question beside the notebook; nothing while nbgrader runs it, and never an error."""
    if os.environ.get("NBGRADER_EXECUTION"):
        return
    noted = notes_here().get(question_id, {}) | facts
    kept = _content(NOTES) | {f"{current_course().id} {key}": value for key, value in _unwritten.items()}
    kept[f"{current_course().id} {question_id}"] = noted
    try:
        # Another notebook of this folder may read meanwhile.
        write_whole(NOTES, json.dumps(kept, indent=1, sort_keys=True).encode(), sync=False)
        _unwritten.clear()
    except OSError:
        _unwritten[question_id] = noted
