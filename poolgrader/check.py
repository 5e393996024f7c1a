"""The learner's door: `check`, `hint`, `solution` and `progress`, as a notebook's cells call them.

All of it runs in the learner's own kernel, needs no server, and writes only beside the notebook.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from poolgrader.calls.observe import observe
from poolgrader.calls.values import Call, Failure, Observation
from poolgrader.judging.judge import judge
from poolgrader.judging.written import NotebookSources
from poolgrader.limits import Limits
from poolgrader.notebook import (
    cells_run,
    in_notebook,
    namespace_of_caller,
    quiet,
    result_is_dropped,
)
from poolgrader.notes import notes_around, notes_here, remember
from poolgrader.questions import chapters, find, questions_of
from poolgrader.questions.question import Question
from poolgrader.shown import ShownText, ShownVerdict
from poolgrader.watchdog import TooLong, time_limit

SECONDS = Limits.call  # for one call of an answer, as when it is graded


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread of torch while an answer is judged: on small inputs threads wait for each other,
    long on a busy machine.
    """
    torch = sys.modules.get("torch")
    if torch is None:
        yield
        return
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def check(question_id: str) -> ShownVerdict:
    """Hold your answer to a question against the reference, and say what is wrong with it.

    Your last answer is the one that `progress()` counts. A cell that was not run, or is as it was handed out,
    is no answer.

    Args:
        question_id: chapter and number, as "3.2".

    Returns:
        the points, shown as the feedback: in a notebook, by print(), and in a script by the line
            `check("3.2")`.

    Raises:
        KeyError: if there is no such question; the message lists those there are.
    """
    question = find(question_id)
    namespace = namespace_of_caller()
    where = ""

    def call(one: Call) -> Observation:
        nonlocal where
        try:
            with quiet(), time_limit(SECONDS):
                return observe(one, namespace)
        except TooLong as late:
            where = f" in your line `{late.line}`" if late.line else ""
            return Observation(lost=f"no answer within {SECONDS:g} s: it was still{where or ' at work'}")
        except KeyboardInterrupt:
            return Observation(failure=Failure("KeyboardInterrupt", "the code interrupted itself"))

    with one_thread():
        verdict = judge(question, question.public_seed, call, written=NotebookSources(cells_run()))
    if verdict.answered:  # what is no answer leaves the points as they were
        remember(question_id, points=verdict.points, right=verdict.status == "right")
    shown = ShownVerdict(verdict)
    if result_is_dropped() and not in_notebook():  # a script's line, which shows nothing by itself
        print(shown)
    return shown


def hint(question_id: str, level: int | None = None) -> ShownText:
    """A hint in three steps: the concept, the place, nearly the solution. It costs nothing.

    Args:
        question_id: chapter and number.
        level: 1, 2 or 3; without it, the next one.
    """
    question = find(question_id)
    if level is None:
        level = min(int(notes_around().get(question_id, {}).get("hints", 0)) + 1, len(question.hints))
    if not 1 <= level <= len(question.hints):
        raise ValueError(f"hint: level: expected 1 to {len(question.hints)}, got {level}")
    remember(question_id, hints=level)
    return ShownText(f"Hint {level} of {len(question.hints)} for {question_id}: {question.hints[level - 1]}")


def solution(question_id: str, give_up: bool = False) -> ShownText:
    """One right answer, once yours is right or you give up.

    Args:
        question_id: chapter and number.
        give_up: show it all the same.
    """
    question = find(question_id)
    if os.environ.get("POOLGRADER_SOLUTIONS", "on") == "off":
        return ShownText("Solutions are turned off in this course. Ask for a hint instead.")
    if not (give_up or notes_around().get(question_id, {}).get("right")):
        return ShownText(
            f"{question_id} is not right yet. Try hint({question_id!r}) first, "
            f"or say solution({question_id!r}, give_up=True)."
        )
    return ShownText(question.answer)


def progress() -> ShownText:
    """Your points so far: of this folder's notebooks question by question, of the folders beside it in sums.

    Your last answer to a question counts; where two folders hold the same notebook, the better one.
    """
    here, around = notes_here(), notes_around()
    lines, total, out_of = [], 0.0, 0.0
    for chapter in chapters():
        questions = questions_of(chapter)
        points = sum(float(around.get(question.id, {}).get("points", 0.0)) for question in questions)
        whole = sum(question.points for question in questions)
        lines.append(f"{chapter:28} {points:6g} of {whole:g}")
        if any(question.id in here for question in questions):
            lines += [_line_of(question, around.get(question.id, {}).get("points")) for question in questions]
        total, out_of = total + points, out_of + whole
    return ShownText("\n".join([*lines, f"{'together':28} {total:6g} of {out_of:g}"]))


def _line_of(question: Question, points: float | None) -> str:
    earned = "-" if points is None else f"{points:g}"
    return f"  {question.id:26} {earned:>6} of {question.points:<4g} {question.title}"


def _warm() -> None:
    """Do torch's first backward step, which imports much, in the setup cell: no check is to wait for it.

    Only where the notebook has imported torch by now.
    """
    torch = vars(sys.modules["__main__"]).get("torch")
    if torch is not None and hasattr(torch, "autograd"):
        torch.zeros(1, requires_grad=True).backward(torch.ones(1))


_warm()
