"""What is asked: one module per chapter, named as the chapter, each holding QUESTIONS."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from poolgrader.questions.question import Question


@cache
def chapters() -> dict[str, str]:
    """Chapter slug ("03_max_pooling") to the module that asks its questions."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return {name[1:]: f"{__name__}.{name}" for name in sorted(names) if name[:3].strip("q").isdigit()}


def questions_of(chapter: str) -> tuple[Question, ...]:
    """The questions of a chapter, in order.

    Raises:
        KeyError: if there is no such chapter.
    """
    if chapter not in chapters():
        raise KeyError(f"chapter: expected one of {', '.join(chapters())}, got {chapter!r}")
    questions: tuple[Question, ...] = importlib.import_module(chapters()[chapter]).QUESTIONS
    return questions


def find(question_id: str) -> Question:
    """The question of an id.

    Raises:
        KeyError: if there is none; the message lists those of the chapter.
    """
    number = question_id.partition(".")[0]
    for chapter in chapters():
        if number.isdigit() and int(chapter[:2]) == int(number):
            known = {question.id: question for question in questions_of(chapter)}
            if question_id in known:
                return known[question_id]
            raise KeyError(f"question: expected one of {', '.join(known)}, got {question_id!r}")
    raise KeyError(f"question: expected a chapter among {', '.join(chapters())}, got {question_id!r}")
