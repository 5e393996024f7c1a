"""Writes outcomes, a batch at a time: to the gradebook, as autograded notebooks and as feedback pages."""

from __future__ import annotations

import json
import time
from datetime import datetime
from pathlib import Path

from poolgrader.classroom.gradebook.gradebook import explained, prepare
from poolgrader.classroom.gradebook.late_penalties import LatePenalties
from poolgrader.classroom.gradebook.older_marks import note
from poolgrader.classroom.gradebook.writer import GradebookRow, Writer
from poolgrader.classroom.handed_in.read_file import digest_of, read_bytes
from poolgrader.classroom.handed_in.timestamp import BadTime, read_timestamp
from poolgrader.classroom.pages.autograded import AutogradedNotebook, Shelf, autograded
from poolgrader.classroom.run.grade_class import Outcome
from poolgrader.classroom.run.plan import Class
from poolgrader.classroom.run.result import notebook_of, read_result

BATCH = 100  # most learners in a transaction
BYTES = 32 * 2**20  # of notebooks that are held in memory for a transaction
SECONDS = 5.0  # until an outcome is written to the gradebook
NO_LATENESS = (
    "taken as if there was no such file, so that no lateness follows from it. "
    "Correct or remove the file: nbgrader's own pages fail because of it"
)


class Bookkeeper:
    """Writes the outcomes of one run. While outcomes wait to be written, only learners' names are in memory.

    Args:
        course: the class.
        root: the course's folder, with nbgrader's settings.

    Raises:
        GradebookError: if the gradebook cannot be read.
        OSError: if the folder cannot be written to.
    """

    def __init__(self, course: Class, root: Path) -> None:
        prepare(root, course.folder, course.assignment)
        self.course = course
        self.problems: dict[str, str] = {}
        self._shelf = Shelf(course.folder, course.assignment, course.release.name)
        with explained(course.folder):
            note(course.folder, course.assignment, self._shown)
        self._writer = Writer(course.folder, course.assignment, LatePenalties(root))
        self._release = json.loads(course.release.read_bytes())
        self._waiting: list[str] = []
        self._since = time.monotonic()

    def _shown(self, learner: str) -> str | None:
        """Digest of the submission that formgrader shows; None if that was not made from the kept result."""
        result = read_result(self.course.result_path(learner))
        return str(result["content"]) if result and self._shelf.stands(learner, result) else None

    def add(self, outcome: Outcome) -> None:
        """Take note of an outcome, and now and then write all that wait.

        Raises:
            OSError: if a page cannot be written.
            GradebookError: if the gradebook cannot be written, even after waiting for other programs.
        """
        if outcome.how == "set aside":
            self._shelf.withdraw(outcome.learner)
            return
        self._waiting.append(outcome.learner)
        if len(self._waiting) >= BATCH or time.monotonic() - self._since > SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write all outcomes that wait.

        Raises:
            OSError, GradebookError: see `add`; what could not be written still waits.
        """
        while self._waiting:
            held, names = 0, []
            batch: list[tuple[GradebookRow, AutogradedNotebook, bytes | None]] = []
            for learner in self._waiting[:BATCH]:
                names.append(learner)
                made = self._made(learner)
                if made:
                    batch.append(made)
                    held += len(made[1].notebook)
                if held > BYTES:
                    break
            self._writer.write([entry for entry, _, _ in batch])
            for entry, page, stamp in batch:
                self._shelf.put(str(entry.result["learner"]), page, entry.result, stamp)
            del self._waiting[: len(names)]
        self._since = time.monotonic()

    def _made(self, learner: str) -> tuple[GradebookRow, AutogradedNotebook, bytes | None] | None:
        """All that is to be written for a learner, or None if another notebook is there by now."""
        result = read_result(self.course.result_path(learner))
        raw, problem, _ = read_bytes(self.course.submitted(learner, notebook_of(result) if result else ""))
        if result is None or result["content"] != digest_of(raw, problem):
            self.problems[learner] = "handed in anew while it was graded: grade again"
            return None
        made = autograded(self._release, raw, result)
        stamp, moment = self._timestamp(learner)
        return (
            GradebookRow(result, not self._shelf.stands(learner, result), moment, made.untouched),
            made,
            stamp,
        )

    def _timestamp(self, learner: str) -> tuple[bytes | None, datetime | None]:
        try:
            return read_timestamp(self.course.submitted(learner).parent)
        except BadTime as error:
            self.problems[learner] = f"{error}; {NO_LATENESS}"
            return None, None

    def close(self) -> None:
        """Close the gradebook."""
        self._writer.close()
