"""Code that the book or poolkit shows, pasted as an answer, earns at most half of a notebook's points."""

import ast
import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from poolgrader.calls.observe import observe
from poolgrader.judging.judge import judge
from poolgrader.questions import chapters, questions_of
from poolgrader.questions.question import Question
from tests.poolgrader.answers import verdict_on

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```\{?(?:code-cell|code-block|python)\}?.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
each_chapter = pytest.mark.parametrize("chapter", chapters())


def judged(question: Question, source: str) -> float:
    """The points of a source if no call is forbidden."""
    return verdict_on(replace(question, forbidden=()), source).points


def half(chapter: str) -> float:
    return sum(question.points for question in questions_of(chapter)) / 2


@each_chapter
def test_pasted_code_with_adapted_calls_earns_at_most_half(chapter: str) -> None:
    """A question's pasted.py holds what somebody could put together from the chapters and from poolkit."""
    pasted = {question.id: question.folder / "pasted.py" for question in questions_of(chapter)}
    earned = {
        question.id: judged(question, pasted[question.id].read_text(encoding="utf-8"))
        for question in questions_of(chapter)
        if pasted[question.id].exists()
    }
    assert sum(earned.values()) <= half(chapter), earned


def test_most_questions_have_a_pasted_py() -> None:
    every = [question for chapter in chapters() for question in questions_of(chapter)]
    assert sum((question.folder / "pasted.py").exists() for question in every) > len(every) / 2


@pytest.fixture(scope="session")
def printed() -> list[Any]:
    """Every public function that poolkit or a code block of a chapter defines."""
    found = []
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "poolkit").glob("*.py"))]
    for page in sorted((ROOT / "book").glob("[0-9]*.md")):
        texts += [
            re.sub(r"^:.*\n", "", block, flags=re.M)
            for block in BLOCK.findall(page.read_text(encoding="utf-8"))
        ]
    for text in texts:
        try:
            names = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
            namespace: dict[str, Any] = {"np": np, "torch": torch, "__name__": "pasted"}
            if names:
                exec(compile(text, "<pasted>", "exec", dont_inherit=True), namespace)
        except Exception:  # noqa: BLE001 - a block that does not run by itself earns nothing
            continue
        found += [namespace[name] for name in names if not name.startswith("_")]
    return found


@each_chapter
def test_any_shown_function_renamed_to_the_questions_name_earns_at_most_half(
    chapter: str, printed: list[Any]
) -> None:
    assert len(printed) > 50
    best = dict.fromkeys((question.id for question in questions_of(chapter)), 0.0)
    for question in questions_of(chapter):
        free = replace(question, forbidden=())
        first = free.cases(free.public_seed)[0]
        for function in printed:
            namespace = {question.name: function}
            if observe(free.call_of(first), namespace).failure is None:
                points = judge(free, free.public_seed, partial(observe, namespace=namespace)).points
                best[question.id] = max(best[question.id], points)
    assert sum(best.values()) <= half(chapter), best
