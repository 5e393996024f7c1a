"""Grade one submission, and a class of them: each result one file, written whole, kept until something changes."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

import poolkit
from poolgrader.classroom.secret import seed_of
from poolgrader.classroom.submission import Release, Submission, read_release, read_submission
from poolgrader.jail.confine import BARE
from poolgrader.jail.nursery import NoWalls, Nursery
from poolgrader.jail.parent import Jail, Limits, shared
from poolgrader.judging.judge import judge
from poolgrader.questions import questions_of
from poolgrader.questions.question import BUILT_IN, Question

Result = dict[str, Any]


@dataclass(frozen=True)
class Class:
    """Where a class's work lies, and what it is graded with.

    Args:
        folder: holds submitted/<learner>/<assignment>/*.ipynb; results, gradebook and reports come beside it.
        assignment: as "03_max_pooling".
        release: the released notebook.
        secret: what inputs are drawn from.
        limits: seconds, see there.
        sandbox: what learners' code runs behind, see Nursery.
    """

    folder: Path
    assignment: str
    release: Path
    secret: bytes = field(repr=False)
    limits: Limits = field(default_factory=Limits)
    sandbox: str = "auto"

    def submissions(self) -> list[tuple[str, Path]]:
        """Learner and notebook of each submission, in order of the learners' names."""
        name = self.release.name
        folders = sorted((self.folder / "submitted").glob(f"*/{self.assignment}"))
        return [(folder.parent.name, folder / name) for folder in folders]

    def result_path(self, learner: str) -> Path:
        """Where a learner's result is kept."""
        return self.folder / "results" / self.assignment / f"{learner}.json"


@cache
def grader_version(assignment: str) -> str:
    """Digest of all that a mark of an assignment depends on; questions of other chapters are not part of it."""
    poolgrader = Path(__file__).parent.parent
    questions = poolgrader / "questions"
    digest = hashlib.sha256()
    sources = [
        *sorted(Path(poolkit.__file__).parent.rglob("*.py")),
        *sorted(path for room in ("jail", "judging", "classroom") for path in (poolgrader / room).glob("*.py")),
        *sorted(questions.glob("*.py")),
        *sorted(questions.glob(f"q{assignment}*/**/*.py")),
        *sorted(questions.glob(f"answers/{assignment}.py")),
    ]
    for path in sources:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def grade_submission(
    submission: Submission,
    questions: Sequence[Question],
    secret: bytes,
    limits: Limits,
    nursery: Nursery | None = None,
) -> Result:
    """The marks of one submission. A mixed notebook runs once for each library that its questions ask for.

    Raises:
        NoWalls: if no sandbox stands.
    """
    started = time.monotonic()
    nursery = nursery or shared()
    if any(question.library == "torch" for question in questions):
        import torch

        torch.set_num_threads(1)  # the inputs are small: threads that wait for each other cost more than they bring
    wall = nursery.wall
    records: dict[str, Result] = {}
    problems: dict[str, str] = {}
    if not submission.problem:
        for library, bans_pooling in sorted({_kind(question) for question in questions}):
            with Jail(submission.cells, library, limits, nursery, bans_pooling) as jail:
                for question in questions:
                    if _kind(question) == (library, bans_pooling):
                        seed = seed_of(secret, submission.learner, question.id)
                        records[question.id] = _judged(question, seed, jail)
                problems |= {problem.cell: problem.reason for problem in jail.problems}
    return {
        "learner": submission.learner,
        "assignment": submission.assignment,
        "content": submission.content,
        "grader": grader_version(submission.assignment),
        "wall": wall,
        "problem": submission.problem,
        "cells": [f"{cell}: {reason}" for cell, reason in problems.items()],
        "questions": [records.get(question.id) or _nothing(question, submission.problem) for question in questions],
        "seconds": round(time.monotonic() - started, 3),
    }


def _kind(question: Question) -> tuple[str, bool]:
    """The jail that a question wants: its library, and whether torch's own pooling is refused there."""
    forbidden = BUILT_IN[question.library] if question.forbidden is None else question.forbidden
    return question.library, "aten:pool" in forbidden


def _judged(question: Question, seed: int, jail: Jail) -> Result:
    try:
        return judge(question, seed, jail.ask).record()
    except NoWalls:
        raise
    except Exception as error:  # noqa: BLE001 - an answer that the judge stumbles over costs its own question
        return _nothing(question, f"the answer could not be judged ({type(error).__name__})")


def _nothing(question: Question, problem: str) -> Result:
    return {
        "question": question.id,
        "points": 0.0,
        "max_points": question.points,
        "status": "lost",
        "parts": [],
        "mistake": "",
        "reason": problem,
        "text": f"{question.id} {question.title}: 0 of {question.points:g} points. {problem}",
        "html": "",
    }


def grade_class(course: Class, workers: int | None = None, regrade: bool = False) -> Iterator[Result]:
    """Grade every submission whose result is not there yet, or not by this grader; results as they come.

    A result that stands is handed on as it is. Each is written before it is handed on, so that a run that was
    ended goes on where it stopped.

    Raises:
        NoWalls: if no sandbox stands, before anything is graded.
    """
    release = read_release(course.release)
    questions = questions_of(course.assignment)
    with Nursery(course.sandbox) as nursery, ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        grade_one = partial(_grade_one, course, release, questions, nursery, bool(nursery.wall) and regrade)
        waiting: list[Future[Result]] = [
            pool.submit(grade_one, learner, path) for learner, path in course.submissions()
        ]
        for done in as_completed(waiting):
            yield done.result()


def _grade_one(
    course: Class,
    release: Release,
    questions: Sequence[Question],
    nursery: Nursery,
    regrade: bool,
    learner: str,
    path: Path,
) -> Result:
    submission = read_submission(path, learner, course.assignment, release)
    kept = course.result_path(learner)
    if not regrade:
        result = read_result(kept)
        same = result and (result["content"], result["grader"]) == (
            submission.content,
            grader_version(course.assignment),
        )
        if result and same and (result["wall"] != BARE or nursery.sandbox == "none"):
            return result  # what was graded without walls is graded again as soon as there are some
    result = grade_submission(submission, questions, course.secret, course.limits, nursery)
    write_result(kept, result)
    return result


def read_result(path: Path) -> Result | None:
    """A kept result, or None where there is none or it is not whole."""
    try:
        result = json.loads(path.read_text(encoding="utf-8"))
        return result if isinstance(result, dict) and {"content", "grader", "questions"} <= result.keys() else None
    except (OSError, ValueError):
        return None


def write_result(path: Path, result: Result) -> None:
    """Write a result whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".json")
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(result, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
