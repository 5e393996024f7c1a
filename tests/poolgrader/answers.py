"""How the tests put a source to a question: in this process, as the notebook does."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from poolgrader.calls.observe import observe
from poolgrader.judging.judge import judge
from poolgrader.judging.verdict import Verdict
from poolgrader.judging.written import NotebookSources
from poolgrader.questions.question import Case, Group, Question
from tests.course import COURSE


def verdict_on(question: Question, source: str, seed: int | None = None) -> Verdict:
    """Judge a source against a question."""
    namespace = question.define(source)
    drawn = question.public_seed if seed is None else seed
    return judge(question, drawn, lambda call: observe(call, namespace), written=NotebookSources((source,)))


Draw = Callable[[np.random.Generator], Sequence[Case]]
DOUBLE = "def answer(x):\n    return 2 * x\n"


class Asked(Question):
    """A question whose answer stands here and not in an exercise."""

    answer = DOUBLE


def question(draw: Draw, reference: Any, **fields: Any) -> Question:
    """A question with one group, worth 4 points."""
    chosen: dict[str, Any] = {
        "id": "0.1",
        "title": "made for a test",
        "name": "answer",
        "points": 4,
        "library": "numpy",
        "groups": (Group("all", 1.0),),
        "mistakes": (),
        "hints": ("", "", ""),
    }
    banned = {"forbidden": COURSE.banned(fields.get("library", "numpy"))}
    return Asked(draw=draw, reference=reference, **(chosen | banned | fields))


def verdict(asked: Question, answer: Any) -> Verdict:
    return judge(asked, 7, lambda call: observe(call, {"answer": answer}))


def defined(source: str) -> dict[str, Any]:
    """The namespace of a source, whose lines a failure can show."""
    namespace: dict[str, Any] = {"np": np, "torch": torch}
    linecache.cache["<cell>"] = (len(source), None, source.splitlines(keepends=True), "<cell>")
    exec(compile(source, "<cell>", "exec"), namespace)
    return namespace
