"""Results and marks as the grader and the gradebook would have them, without any grading."""

from __future__ import annotations

from typing import Any

from poolgrader.classroom.marks import Mark, Part
from poolgrader.questions import questions_of
from tests.classroom.classes import ASSIGNMENT

QUESTIONS = questions_of(ASSIGNMENT)


def record(index: int, points: float | None = None, **facts: Any) -> dict[str, Any]:
    """A record as the judge makes it; right, if nothing else is said."""
    question = QUESTIONS[index]
    given = question.points if points is None else points
    status = "right" if given == question.points else "wrong"
    made = {"question": question.id, "points": given, "max_points": question.points, "status": status, "parts": []}
    return made | {"mistake": "", "reason": "", "text": f"{question.id} text", "html": "", "grader": "g1"} | facts


def result(learner: str, *records: dict[str, Any], **facts: Any) -> dict[str, Any]:
    given = {one["question"]: one for one in records}
    all_of = [given.get(question.id) or record(index) for index, question in enumerate(QUESTIONS)]
    made = {"learner": learner, "assignment": ASSIGNMENT, "content": "c", "grader": "g1", "wall": "walls of a test"}
    made |= {"problem": "", "cells": [], "questions": all_of, "seconds": 0.5, "cpu_seconds": 0.25, "peak_bytes": 2**20}
    return made | facts


def mark(one: dict[str, Any], penalty: float = 0.0, by_hand: dict[str, float] | None = None, **facts: Any) -> Mark:
    hand = by_hand or {}
    parts = {
        r["question"]: Part(hand.get(r["question"], r["points"]), hand.get(r["question"]), r["points"], False)
        for r in one["questions"]
    }
    score = sum(part.points for part in parts.values())
    return Mark(one["learner"], parts, score, penalty, sum(q.points for q in QUESTIONS), **facts)
