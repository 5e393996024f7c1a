"""Marks as one CSV for people and spreadsheets: a row for each learner."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from poolgrader.classroom.gradebook.marks import Mark
from poolgrader.classroom.lms.roster import guarded, number
from poolgrader.classroom.pages.pseudonyms import Pseudonyms
from poolgrader.classroom.pages.reasons import explained
from poolgrader.classroom.run.result import Result
from poolgrader.questions import questions_of

Exported = tuple[bytes, list[str]]  # a file's content; notes on marks missing or changed in it


def marks_csv(
    assignment: str,
    marks: Mapping[str, Mark],
    results: Mapping[str, Result],
    anonymous: Pseudonyms | None = None,
) -> Exported:
    """A row for each learner: marks by question, penalty, total, the grader, why points are missing.

    Args:
        assignment: such as "03_sorting".
        marks: of the gradebook.
        results: of the grader.
        anonymous: the pseudonyms, if names are left out.
    """
    ids = [question.id for question in questions_of(assignment)]
    others = sorted({name for mark in marks.values() for name in mark.parts} - set(ids))
    who = ["learner"] if anonymous else ["learner", "last_name", "first_name", "email"]
    end = ["score", "late_submission_penalty", "total", "max_score", "seconds_late", "timestamp", "by_hand"]
    rows = [[*who, *ids, *others, *end, "status", "grader", "sandbox", "reason"]]
    for learner, mark in marks.items():
        result = results.get(learner)
        reason = "; ".join(explained(result)) if result else ""
        known = [anonymous.of(learner)] if anonymous else [learner, *mark.names[:3]]
        points = [number(mark.parts[name].points) if name in mark.parts else "" for name in (*ids, *others)]
        total = [number(mark.score), number(mark.penalty), number(mark.total), number(mark.max_score)]
        late = [f"{mark.seconds_late:.0f}", mark.timestamp.isoformat(sep=" ") if mark.timestamp else ""]
        facts = [_status(mark), result["grader"] if result else "", result["sandbox"] if result else ""]
        reason = anonymous.hide(learner, reason) if anonymous else reason
        rows.append(
            [
                guarded(cell)
                for cell in (*known, *points, *total, *late, " ".join(mark.by_hand), *facts, reason)
            ]
        )
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode(), []


def _status(mark: Mark) -> str:
    return "waits for a mark by hand" if mark.waits else "graded" if mark.graded else "needs autograding"
