"""What is remembered of each question, such as points and hints, in a file in the notebook's folder.

A question's number is unique in the whole course, so the folders may have any names: the notes in the
notebook's own folder and in the folders beside it are combined by question. A key of the file is a course and
a question, such as "sums 1.2". Earlier graders wrote the question alone; it is taken to be of the current
course.
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
_unwritten: Notes = {}  # notes that could not be written to the folder; they last as long as the kernel


def notes_here() -> Notes:
    """The notes in the notebook's own folder; the points are those of the last answer."""
    notes = _read(NOTES)
    for question_id, facts in _unwritten.items():
        notes[question_id] = notes.get(question_id, {}) | facts
    return notes


def notes_around() -> Notes:
    """The notes in the notebook's own folder and in the folders beside it.

    If several of them have notes on a question, the highest value of each fact counts.
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
    """The notes of this course in a file; whatever is no number, or has another form, is left out."""
    notes: Notes = {}
    prefix = f"{current_course().id} "
    kept = _content(path)
    # keys without a course come first: they are the older notes
    for key in sorted(kept, key=lambda key: key.startswith(prefix)):
        question_id, facts = key.removeprefix(prefix), kept[key]
        if " " not in question_id and isinstance(facts, dict):
            numbers = {name: value for name, value in facts.items() if isinstance(value, int | float)}
            notes[question_id] = notes.get(question_id, {}) | numbers
    return notes


def _content(path: Path) -> dict[str, Any]:
    """All that a file holds, also the notes of other courses; {} if it cannot be read."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def remember(question_id: str, **facts: Any) -> None:
    """Keep facts about a question in the notebook's folder.

    It does nothing while nbgrader runs the notebook. A folder that cannot be written to is no error.
    """
    if os.environ.get("NBGRADER_EXECUTION"):
        return
    noted = notes_here().get(question_id, {}) | facts
    kept = _content(NOTES) | {f"{current_course().id} {key}": value for key, value in _unwritten.items()}
    kept[f"{current_course().id} {question_id}"] = noted
    try:
        # Written as a whole: another notebook in this folder may be reading the file.
        write_whole(NOTES, json.dumps(kept, indent=1, sort_keys=True).encode(), sync=False)
        _unwritten.clear()
    except OSError:
        _unwritten[question_id] = noted
