"""Finds marks by hand that were given before the learner handed in the present work.

A mark by hand counts until somebody changes it, even if the learner hands in again. nbgrader stores neither
when such a mark was given nor for which work. It stores only whether somebody has looked at the mark since
the grader last wrote to the gradebook; as long as nobody has, formgrader shows 'Resolve'. So each run notes,
before it grades, which work the marks by hand were given for. The notes are in
FOLDER/by-hand/<assignment>.json.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from poolgrader.classroom.gradebook.gradebook import opened
from poolgrader.classroom.gradebook.marks import Mark, Part, marks_by_hand
from poolgrader.classroom.lms.roster import number
from poolgrader.classroom.run.result import Result, read_result, result_path
from poolgrader.whole_files import write_changed


@dataclass(frozen=True)
class Note:
    """Which work a mark by hand was given for.

    Args:
        points: that were given.
        content: digest of the notebook that formgrader showed; None if that is not known.
        handed_in: when that notebook was handed in, in words; "" if that is not known.
    """

    points: float
    content: str | None
    handed_in: str


Notes = dict[str, dict[str, Note]]  # by learner, then by question


def _path(folder: Path, assignment: str) -> Path:
    return folder / "by-hand" / f"{assignment}.json"


def read_notes(folder: Path, assignment: str) -> Notes:
    """The notes of earlier runs; {} if the file cannot be read."""
    try:
        kept = json.loads(_path(folder, assignment).read_bytes())
        return {
            learner: {name: Note(**facts) for name, facts in questions.items()}
            for learner, questions in kept.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def note(folder: Path, assignment: str, shown: Callable[[str], str | None]) -> None:
    """Note which work the marks by hand were given for; to be called before anything is graded.

    Args:
        folder: of the class.
        assignment: such as "03_sorting".
        shown: returns the digest of the notebook that formgrader shows of a learner; None if not known.

    Raises:
        OSError: if it cannot be kept.
    """
    before, now = read_notes(folder, assignment), Notes()
    with opened(folder) as gradebook:
        for mark in marks_by_hand(gradebook, assignment):
            known = before.get(mark.learner, {}).get(mark.name)
            given = Note(mark.points, None, "")
            if not mark.unseen:
                content = shown(mark.learner)
                given = Note(mark.points, content, _time(mark.timestamp) if content is not None else "")
            if known and known.points == mark.points and given.content is None:
                given = known
            now.setdefault(mark.learner, {})[mark.name] = given
    if now != before:
        kept = {
            learner: {name: asdict(noted) for name, noted in questions.items()}
            for learner, questions in now.items()
        }
        write_changed(_path(folder, assignment), json.dumps(kept, indent=1).encode() + b"\n")


def older_marks(folder: Path, assignment: str, marks: Mapping[str, Mark]) -> dict[str, dict[str, str]]:
    """A line for each mark by hand that is older than the work, or may be: by learner, then by question.

    Args:
        folder: of the class.
        assignment: such as "03_sorting".
        marks: as the gradebook has them.
    """
    lines: dict[str, dict[str, str]] = {}
    notes = read_notes(folder, assignment)
    for learner, mark in marks.items():
        unseen = {name: part for name, part in mark.parts.items() if part.unseen}
        result = read_result(result_path(folder, assignment, learner)) if unseen else None
        if result is None:
            continue
        for name, part in unseen.items():
            line = _line(name, part, notes.get(learner, {}).get(name), result, mark)
            if line:
                lines.setdefault(learner, {})[name] = line
    return lines


def _line(name: str, part: Part, noted: Note | None, result: Result, mark: Mark) -> str:
    """The line about a mark by hand that nobody looked at after the grader wrote to the gradebook.

    It is "" if the mark was given for this very work.
    """
    if noted is None or noted.points != part.by_hand or noted.content is None:
        what = "mark by hand may be older than the work (nobody wrote down which work it was given for)"
    elif noted.content == result["content"]:
        return ""  # the same work, judged again
    else:
        first = f"that of {noted.handed_in}" if noted.handed_in else "earlier work"
        again = _time(mark.timestamp)  # that of the earlier work, if the new work came without a time
        again = again if again and again != noted.handed_in else "since"
        what = f"mark by hand is older than the work (given for {first}, handed in again {again})"
    by_grader = "none" if part.by_grader is None else number(part.by_grader)
    has = f"{name} has {number(part.by_hand or 0.0)} by hand, {by_grader} by the grader now"
    return f"{what}: {has}; the mark by hand counts"


def _time(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else ""
