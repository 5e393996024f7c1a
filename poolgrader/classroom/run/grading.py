"""Grade one submission: run its cells in a jail, judge each answer on fresh inputs, and record each mark."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Mapping, Sequence

from poolgrader.calls.banned import operator_words
from poolgrader.classroom.handed_in.submission import Submission
from poolgrader.classroom.run.result import Grading, Judgement, Result
from poolgrader.classroom.run.version import grader_version
from poolgrader.jail.nursery import NoSandbox, Nursery
from poolgrader.jail.parent import Jail, shared
from poolgrader.judging.feedback import NAMES_OF_FACTS, as_html, as_text, reason_of
from poolgrader.judging.judge import judge
from poolgrader.judging.verdict import Verdict
from poolgrader.judging.written import NotebookSources
from poolgrader.limits import MEMORY, Limits
from poolgrader.questions import find
from poolgrader.questions.finding import current_course
from poolgrader.questions.question import Question

MOST_PROBLEMS = 10  # a report names at most so many failed cells
NOTHING_RAN = "no code was run"  # in place of the sandbox's name, if the submission is no notebook


def grade_submission(
    submission: Submission,
    questions: Sequence[Question],
    secret: bytes,
    limits: Limits,
    nursery: Nursery | None = None,
) -> Result:
    """Grade one submission in this process's jails, and return the result.

    Raises:
        NoSandbox: if no sandbox can be set up.
    """
    nursery = nursery or shared()
    if submission.problem:
        return unread(submission, questions, limits, nursery.memory)
    seeds = submission.seeds(secret, [question.id for question in questions])
    return result_of(submission, judged_in_jails(submission.cells, questions, seeds, limits, nursery))


def result_of(submission: Submission, grading: Grading) -> Result:
    """The result of a submission: the grading, with the learner's name and the grader's version."""
    grader = grader_version(submission.assignment)
    return {
        "learner": submission.learner,
        "assignment": submission.assignment,
        "notebook": submission.notebook,
        "content": submission.content,
        "grader": grader,
        "problem": submission.problem,
        "sandbox": grading["sandbox"],
        "cells": grading["cells"],
        "questions": [
            {**_with_remark(judgement, submission.remarks), "grader": grader}
            for judgement in grading["questions"]
        ],
        "limits": grading["limits"],
        "seconds": grading["seconds"],
        "cpu_seconds": grading["cpu_seconds"],
        "peak_bytes": grading["peak_bytes"],
    }


def _with_remark(judgement: Judgement, remarks: Mapping[str, str]) -> Judgement:
    """The judgement, with the remark on the answer's cell, if there was no answer."""
    remark = remarks.get(find(judgement["question"]).grade_id, "")
    undefined = judgement["reason"].startswith("NameError")
    return _because(judgement, remark) if undefined or judgement["status"] == "not started" else judgement


def _because(judgement: Judgement, reason: str) -> Judgement:
    """The judgement with a reason that the judge did not know; unchanged if there is none."""
    if not reason:
        return judgement
    text, shown = f"{judgement['text']}\n{reason}.", f"{judgement['html']}<p>{html.escape(reason)}.</p>"
    return {**judgement, "reason": reason, "text": text, "html": shown}


def unread(
    submission: Submission, questions: Sequence[Question], limits: Limits, memory: int = MEMORY
) -> Result:
    """The result of a submission that cannot be read: no marks, and the reason."""
    nothing = [_nothing(question, submission.problem) for question in questions]
    return result_of(submission, _grading({}, nothing, NOTHING_RAN, limits, memory, (0.0, 0.0, 0)))


def _grading(
    problems: Mapping[str, str],
    judgements: list[Judgement],
    sandbox: str,
    limits: Limits,
    memory: int,
    spent: tuple[float, float, int],
) -> Grading:
    return {
        "sandbox": sandbox,
        "cells": _few([f"{cell}: {reason}" for cell, reason in problems.items()]),
        "questions": judgements,
        "limits": {
            "cell_seconds": limits.cell,
            "call_seconds": limits.call,
            "answer_seconds": limits.answer,
            "memory_bytes": memory,
        },
        "seconds": round(spent[0], 3),
        "cpu_seconds": round(spent[1], 3),
        "peak_bytes": spent[2],
    }


def _few(problems: list[str]) -> list[str]:
    """The first problems, and how many more there are: nobody reads a thousand."""
    left = len(problems) - MOST_PROBLEMS
    return [*problems[:MOST_PROBLEMS], f"other cells: {left} more failed"] if left > 1 else problems


def judged_in_jails(
    cells: Sequence[tuple[str, str]],
    questions: Sequence[Question],
    seeds: Mapping[str, int],
    limits: Limits,
    nursery: Nursery,
) -> Grading:
    """Run the cells and judge the answers.

    If the questions need different jails (see `_kind`), the cells run once in each of them.
    """
    started = time.monotonic()
    if any(question.library == "torch" for question in questions):
        import torch

        # the inputs are small: several threads would spend more time waiting for each other than they save
        torch.set_num_threads(1)
    sandbox, used = nursery.layers, (0.0, 0)
    judgements: dict[str, Judgement] = {}
    problems: dict[str, str] = {}
    absent, written = current_course().absent, NotebookSources(tuple(source for _, source in cells))
    for library, operators in sorted({_kind(question) for question in questions}):
        with Jail(cells, library, limits, nursery, operators, absent) as jail:
            for question in questions:
                if _kind(question) == (library, operators):
                    judgements[question.id] = _judged(question, seeds[question.id], jail, written)
            problems |= {problem.cell: problem.reason for problem in jail.problems}
        used = used[0] + jail.used.seconds, max(used[1], jail.used.peak)
    ordered = [judgements[question.id] for question in questions]
    return _grading(problems, ordered, sandbox, limits, nursery.memory, (time.monotonic() - started, *used))


def _kind(question: Question) -> tuple[str, tuple[str, ...]]:
    """The kind of jail that a question needs: its library,
    and the words that are banned in the names of torch's operators.
    """
    return question.library, operator_words(question.banned)


def _judged(question: Question, seed: int, jail: Jail, written: NotebookSources) -> Judgement:
    try:
        verdict = judge(question, seed, jail.ask, afresh=lambda: jail.afresh(question.name), written=written)
        return _because(judgement_of(verdict), _why_not_defined(verdict, jail.lost))
    except NoSandbox:
        raise
    except Exception as error:  # noqa: BLE001 - if the judge fails on an answer, only this question is lost
        return _nothing(question, f"the answer could not be judged ({type(error).__name__})")


NOT_DEFINED = re.compile(r"(?:name ')?(\w+)'? is not defined")


def _why_not_defined(verdict: Verdict, lost: Mapping[str, str]) -> str:
    """What became of the name that an answer did not find; "" if that is no reason, or not known.

    Args:
        verdict: on the answer.
        lost: see `Jail.lost`.
    """
    failure = verdict.example.got.failure if verdict.example else None
    found = NOT_DEFINED.fullmatch(failure.message) if failure and failure.type_name == "NameError" else None
    return f"`{found[1]}` {lost[found[1]]}" if found and found[1] in lost else ""


def judgement_of(verdict: Verdict) -> Judgement:
    """A verdict as plain data for a result, with the feedback as text and HTML."""
    parts = [[part.name, part.points, part.right] for part in verdict.parts]
    deductions = [[NAMES_OF_FACTS[one.aspect], -one.points, False] for one in verdict.deductions]
    return {
        "question": verdict.question.id,
        "points": verdict.points,
        "max_points": verdict.question.points,
        "status": verdict.status,
        "parts": [*parts, *deductions],
        "mistake": verdict.diagnosis.key,
        "reason": reason_of(verdict),
        "text": as_text(verdict),
        "html": as_html(verdict),
    }


def _nothing(question: Question, problem: str) -> Judgement:
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
