"""The functions that learners call in notebooks: `check`, `hint`, `solution` and `progress`.

They run in the learner's own kernel, need no server, and write only into the notebook's folder.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from poolgrader.absences import absences, watched
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
    """Let torch use only one thread while an answer is judged.

    On small inputs several threads mostly wait for each other, which takes long on a busy machine.
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
    """Compare your answer to a question with the reference, and show what is wrong with it.

    `progress()` counts your last answer. A cell that was not run, or that you have not changed, is no answer.

    Args:
        question_id: chapter and number, such as "3.2".

    What the answer uses that is not there where it is graded is named below the feedback.

    Returns:
        the points. A notebook and print() show them as the feedback; in a script, the line `check("3.2")`
            prints it.

    Raises:
        KeyError: if there is no such question; the message lists the questions of the chapter.
    """
    question = find(question_id)
    namespace = namespace_of_caller()
    where = ""
    notices: dict[str, None] = {}

    def call(one: Call) -> Observation:
        nonlocal where
        try:
            with quiet(), time_limit(SECONDS), watched() as used:
                observation = observe(one, namespace)
            notices.update(dict.fromkeys(used))
            return observation
        except TooLong as late:
            where = f" in your line `{late.line}`" if late.line else ""
            return Observation(lost=f"no answer within {SECONDS:g} s: it was still{where or ' at work'}")
        except KeyboardInterrupt:
            return Observation(failure=Failure("KeyboardInterrupt", "the code interrupted itself"))

    with one_thread():
        verdict = judge(question, question.public_seed, call, written=NotebookSources(cells_run()))
    if verdict.answered:  # otherwise the points stay as they were
        remember(question_id, points=verdict.points, right=verdict.status == "right")
    if verdict.points:
        notices.update(dict.fromkeys(absences(question.name, namespace, question.library, cells_run())))
    shown = ShownVerdict(verdict, tuple(notices) if verdict.points else ())
    if result_is_dropped() and not in_notebook():  # a script does not show the result by itself
        print(shown)
    return shown


def hint(question_id: str, level: int | None = None) -> ShownText:
    """A hint, in three levels: the concept, the place, nearly the solution. Hints cost no points.

    Args:
        question_id: chapter and number.
        level: 1, 2 or 3; by default the next one that you have not seen.
    """
    question = find(question_id)
    if level is None:
        level = min(int(notes_around().get(question_id, {}).get("hints", 0)) + 1, len(question.hints))
    if not 1 <= level <= len(question.hints):
        raise ValueError(f"hint: level: expected 1 to {len(question.hints)}, got {level}")
    remember(question_id, hints=level)
    return ShownText(f"Hint {level} of {len(question.hints)} for {question_id}: {question.hints[level - 1]}")


def solution(question_id: str, give_up: bool = False) -> ShownText:
    """One right answer. It is shown when your answer is right, or if you give up.

    Args:
        question_id: chapter and number.
        give_up: show the solution although your answer is not right yet.
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
    """Your points so far: for each question in this folder's notebooks, and a sum for each chapter.

    Your last answer to a question counts. If two folders contain the same notebook, the better answer counts.
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
    """Run torch's first backward pass in the setup cell, so that no check has to wait for its imports.

    Nothing is done if the notebook has not imported torch yet.
    """
    torch = vars(sys.modules["__main__"]).get("torch")
    if torch is not None and hasattr(torch, "autograd"):
        torch.zeros(1, requires_grad=True).backward(torch.ones(1))


_warm()
