"""A submission as a job for another process or machine: plain bytes are sent, plain bytes come back."""

from __future__ import annotations

import atexit
import json
import threading
from collections.abc import Sequence
from typing import Any

from poolgrader.classroom.handed_in.submission import Submission
from poolgrader.classroom.run.grading import judged_in_jails
from poolgrader.classroom.run.result import Grading
from poolgrader.classroom.run.version import grader_version
from poolgrader.jail.nursery import NoSandbox, Nursery
from poolgrader.limits import Limits
from poolgrader.questions import questions_of
from poolgrader.questions.course import CourseError

_NURSERIES: dict[tuple[str, int], Nursery] = {}
_LOCK = threading.Lock()


class OtherGrader(RuntimeError):
    """A worker has another version of the grader than this process; the message names both."""


def job_of(
    submission: Submission,
    questions: Sequence[str],
    secret: bytes,
    limits: Limits,
    sandbox: str,
    memory: int,
) -> bytes:
    """What a worker needs to grade a submission: no name, no secret, no path.

    Args:
        submission: one that was read without a problem.
        questions: ids of those to judge.
        secret: the seeds are computed from it; only the seeds are sent.
        limits, sandbox, memory: see Limits and Nursery.
    """
    return json.dumps(
        {
            "assignment": submission.assignment,
            "grader": grader_version(submission.assignment),
            "cells": submission.cells,
            "seeds": submission.seeds(secret, questions),
            "limits": {name: getattr(limits, name) for name in Limits.__dataclass_fields__},
            "sandbox": sandbox,
            "memory": memory,
        }
    ).encode()


def grade_bytes(job: bytes) -> bytes:
    """Grade a job that `job_of` made; return bytes that `read_reply` reads.

    The jails' templates are kept for the next job.
    """
    task: dict[str, Any] = json.loads(job)
    try:
        here = grader_version(task["assignment"])
    except (CourseError, KeyError) as error:  # it has another course, or none
        return _reply(other=f"a worker has no course with {task['assignment']}: {error.args[0]}")
    if here != task["grader"]:
        return _reply(
            other=f"a worker has grader {here}, this is {task['grader']}: install the same course on both"
        )
    questions = [question for question in questions_of(task["assignment"]) if question.id in task["seeds"]]
    cells = [(str(name), str(source)) for name, source in task["cells"]]
    try:
        nursery = _nursery(task["sandbox"], task["memory"])
        return _reply(
            graded=judged_in_jails(cells, questions, task["seeds"], Limits(**task["limits"]), nursery)
        )
    except NoSandbox as error:
        return _reply(no_sandbox=str(error))


def read_reply(reply: bytes) -> Grading:
    """What came of the job, from a worker's reply.

    Raises:
        NoSandbox: if no sandbox works on the worker.
        OtherGrader: if another version of the grader is installed there.
    """
    answer: dict[str, Any] = json.loads(reply)
    if "no_sandbox" in answer:
        raise NoSandbox(answer["no_sandbox"])
    if "other" in answer:
        raise OtherGrader(answer["other"])
    graded: Grading = answer["graded"]
    return graded


def _reply(**answer: Any) -> bytes:
    return json.dumps(answer).encode()


def _nursery(sandbox: str, memory: int) -> Nursery:
    with _LOCK:
        if (sandbox, memory) not in _NURSERIES:
            _NURSERIES[sandbox, memory] = Nursery(sandbox, memory)
        return _NURSERIES[sandbox, memory]


@atexit.register
def close_nurseries() -> None:
    """End the templates that this process keeps for the next job."""
    with _LOCK:
        while _NURSERIES:
            _NURSERIES.popitem()[1].close()
