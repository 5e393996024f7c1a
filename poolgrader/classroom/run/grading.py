"""Grade one submission: its cells into a jail, a fresh input for each question, a record for each mark."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from poolgrader.calls.banned import operator_words
from poolgrader.classroom.handed_in.submission import Submission
from poolgrader.classroom.run.options import MEMORY
from poolgrader.classroom.run.result import Result
from poolgrader.classroom.run.version import grader_version
from poolgrader.classroom.secret import seed_of
from poolgrader.jail.nursery import NoWalls, Nursery
from poolgrader.jail.parent import Jail, Limits, shared
from poolgrader.judging.judge import judge
from poolgrader.judging.written import NotebookSources
from poolgrader.questions.finding import current_course
from poolgrader.questions.question import Question

MOST_PROBLEMS = 10  # cells that failed, named in a report
NOTHING_RAN = "no code was run"  # the wall of what is no notebook


def grade_submission(
    submission: Submission,
    questions: Sequence[Question],
    secret: bytes,
    limits: Limits,
    nursery: Nursery | None = None,
) -> Result:
    """The result of one submission, here and now.

    Raises:
        NoWalls: if no sandbox stands.
    """
    nursery = nursery or shared()
    if submission.problem:
        return unread(submission, questions, limits, nursery.memory)
    seeds = {question.id: seed_of(secret, submission.learner, question.id) for question in questions}
    return result_of(submission, judged_in_jails(submission.cells, questions, seeds, limits, nursery))


def result_of(submission: Submission, graded: Result) -> Result:
    """What a jail brought about, with the name on it."""
    named = {
        "learner": submission.learner,
        "assignment": submission.assignment,
        "notebook": submission.notebook,
    }
    named["content"] = submission.content
    grader = grader_version(submission.assignment)
    records = [record | {"grader": grader} for record in graded["questions"]]
    return named | {"grader": grader, "problem": submission.problem} | graded | {"questions": records}


def unread(
    submission: Submission, questions: Sequence[Question], limits: Limits, memory: int = MEMORY
) -> Result:
    """The result of what is no notebook: no marks, and the reason."""
    nothing = [_nothing(question, submission.problem) for question in questions]
    return result_of(submission, _plain({}, nothing, NOTHING_RAN, limits, memory, (0.0, 0.0, 0)))


def _plain(
    problems: Mapping[str, str],
    records: list[Result],
    wall: str,
    limits: Limits,
    memory: int,
    spent: tuple[float, float, int],
) -> Result:
    bounds = {"cell_seconds": limits.cell, "call_seconds": limits.call, "answer_seconds": limits.answer}
    return {
        "wall": wall,
        "cells": _few([f"{cell}: {reason}" for cell, reason in problems.items()]),
        "questions": records,
        "limits": bounds | {"memory_bytes": memory},
        "seconds": round(spent[0], 3),
        "cpu_seconds": round(spent[1], 3),
        "peak_bytes": spent[2],
    }


def _few(problems: list[str]) -> list[str]:
    """The first of them, and how many more there are: nobody reads a thousand."""
    left = len(problems) - MOST_PROBLEMS
    return [*problems[:MOST_PROBLEMS], f"other cells: {left} more failed"] if left > 1 else problems


def judged_in_jails(
    cells: Sequence[tuple[str, str]],
    questions: Sequence[Question],
    seeds: Mapping[str, int],
    limits: Limits,
    nursery: Nursery,
) -> Result:
    """All of a result but the name. A mixed notebook runs once
    for each library that its questions ask for.
    """
    started = time.monotonic()
    if any(question.library == "torch" for question in questions):
        import torch

        # the inputs are small: threads that wait for each other cost more than they bring
        torch.set_num_threads(1)
    wall, used = nursery.wall, (0.0, 0)
    records: dict[str, Result] = {}
    problems: dict[str, str] = {}
    absent, written = current_course().absent, NotebookSources(tuple(source for _, source in cells))
    for library, operators in sorted({_kind(question) for question in questions}):
        with Jail(cells, library, limits, nursery, operators, absent) as jail:
            for question in questions:
                if _kind(question) == (library, operators):
                    records[question.id] = _judged(question, seeds[question.id], jail, written)
            problems |= {problem.cell: problem.reason for problem in jail.problems}
        used = used[0] + jail.used.seconds, max(used[1], jail.used.peak)
    ordered = [records[question.id] for question in questions]
    return _plain(problems, ordered, wall, limits, nursery.memory, (time.monotonic() - started, *used))


def _kind(question: Question) -> tuple[str, tuple[str, ...]]:
    """The jail that a question wants: its library,
    and words in the names of torch's operators that are refused.
    """
    return question.library, operator_words(question.banned)


def _judged(question: Question, seed: int, jail: Jail, written: NotebookSources) -> Result:
    try:
        verdict = judge(question, seed, jail.ask, afresh=lambda: jail.afresh(question.name), written=written)
        return verdict.record()
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
