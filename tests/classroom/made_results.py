"""Make up results in the grader's format and marks in the gradebook's format, without any grading."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, cast

from poolgrader.classroom.gradebook.gradebook import prepare
from poolgrader.classroom.gradebook.late_penalties import LatePenalties
from poolgrader.classroom.gradebook.marks import Mark, Part
from poolgrader.classroom.gradebook.writer import GradebookRow, Writer
from poolgrader.classroom.run.result import QuestionRecord, Result, result_path, write_result
from poolgrader.questions import questions_of
from tests.classroom.classes import ASSIGNMENT, FULL, ROOT

QUESTIONS = questions_of(ASSIGNMENT)


def all_but(lost: float) -> str:
    """The text about the total on the page of a learner who lost this many points."""
    return f"{FULL - lost:g} of {FULL:g} points."


def columns(**other: float) -> list[str]:
    """The points of each question as text: full points, except for keyword arguments such as q3_2=1.5."""
    return [f"{other.get(question.grade_id.replace('-', '_'), question.points):g}" for question in QUESTIONS]


def record(index: int, points: float | None = None, **facts: Any) -> QuestionRecord:
    """A question's record in the judge's format; it has full points unless `points` is given."""
    question = QUESTIONS[index]
    given = question.points if points is None else points
    made: QuestionRecord = {
        "question": question.id,
        "points": given,
        "max_points": question.points,
        "status": "right" if given == question.points else "wrong",
        "parts": [],
        "mistake": "",
        "reason": "",
        "text": f"{question.id} text",
        "html": "",
        "grader": "g1",
    }
    return cast(QuestionRecord, {**made, **facts})


def result(learner: str, *records: QuestionRecord, **facts: Any) -> Result:
    given = {record_["question"]: record_ for record_ in records}
    all_of = [given.get(question.id) or record(index) for index, question in enumerate(QUESTIONS)]
    made: Result = {
        "learner": learner,
        "assignment": ASSIGNMENT,
        "content": "c",
        "grader": "g1",
        "sandbox": "sandbox of a test",
        "problem": "",
        "cells": [],
        "questions": all_of,
        "limits": {"cell_seconds": 20.0, "call_seconds": 5.0, "answer_seconds": 20.0, "memory_bytes": 2**31},
        "seconds": 0.5,
        "cpu_seconds": 0.25,
        "peak_bytes": 2**20,
    }
    return cast(Result, {**made, **facts})


def mark(one: Result, penalty: float = 0.0, by_hand: dict[str, float] | None = None, **facts: Any) -> Mark:
    hand = by_hand or {}
    parts = {
        r["question"]: Part(hand.get(r["question"], r["points"]), hand.get(r["question"]), r["points"], False)
        for r in one["questions"]
    }
    score = sum(part.points for part in parts.values())
    return Mark(one["learner"], parts, score, penalty, FULL, **facts)


def points_of(index: int) -> float:
    """The points in 3.3 of the learner with this index; consecutive learners have different points."""
    return round((index % 41) / 10, 2)


def mocked(folder: Path, learners: list[str], root: Path = ROOT) -> None:
    """Write made-up results where a grading run writes them: into result files and the gradebook."""
    prepare(ROOT, folder, ASSIGNMENT)
    entries = []
    for index, learner in enumerate(learners):
        made = result(learner, record(2, points_of(index), reason="=values differ"))
        write_result(result_path(folder, ASSIGNMENT, learner), made)
        stamp = folder / "submitted" / learner / ASSIGNMENT / "timestamp.txt"
        when = datetime.strptime(stamp.read_text()[:19], "%Y-%m-%d %H:%M:%S") if stamp.exists() else None
        entries.append(GradebookRow(made, timestamp=when))
    Writer(folder, ASSIGNMENT, LatePenalties(root)).write(entries)
