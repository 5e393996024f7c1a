"""Feedback: what was asked, which parts hold, the smallest failing input, yours beside expected, the likely cause.

The same content three times: HTML for the notebook and the pages, text for a terminal. Never the answer.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from html import escape

import numpy as np

from poolgrader.jail.observe import merely_torch
from poolgrader.jail.values import Array, Failure, Observation, Plain
from poolgrader.judging.planes import (
    NOTHING,
    Cell,
    html_plane,
    plane_of,
    text_plane,
    wrong_cells,
)
from poolgrader.judging.playground import playground_link
from poolgrader.judging.verdict import Example, Verdict
from poolgrader.questions.question import Question

HEADLINES = {
    "right": "All of it is right.",
    "wrong": "",
    "not started": "Not started yet: the cell still raises NotImplementedError, or holds None. If you have changed "
    "it, run it: a cell that stops with an error changes nothing.",
    "forbidden": "No marks: this is to be built, and a ready-made one was called.",
    "lost": "No answer came back.",
}
TORCH_CALLED = "No marks: this question is answered with numpy, and torch was called."
# One leading question for each way to differ, where no known mistake explains the answer.
ASKS = {
    "failure": "Which value does that line get on this input?",
    "library": "Build it with numpy: torch is not there where this question is graded.",
    "type": "Does the function return what the question asks for, on every path through it?",
    "shape": "How many windows fit along each axis of this input?",
    "dtype": "Where is the output made, and which dtype does it get there?",
    "values": "Which numbers does the outlined window see, and what should come of them?",
    "gradient": "Which input cells does each output depend on, and how strongly?",
    "mutated": "Which line writes into the array that came in?",
    "aliases": "Is the output a new array, or a view of the input?",
    "layout": "Does the output keep the memory layout that came in?",
    "device": "Where is the output made?",
    "repeatable": "What does the function keep from one call to the next?",
    "lost": "Is there a loop that may never end?",
    "forbidden": "Which line could you write out by hand?",
    "judged": "Which part of your answer is that about?",
}
# The same, of questions where no window can be drawn: lists, numbers, sizes.
ASKS_WITHOUT_A_WINDOW = {
    "shape": "How many numbers should come out along each axis? Count them by hand, on this input.",
    "values": "What should stand there? Work it out by hand, on this input.",
}
# The same, of errors: a wrong index and two shapes that do not fit are seen in other numbers than a wrong value.
ASKS_OF_ERRORS = (
    ("NameError: ", "Which cell defines or imports that name? Run it, then check again."),
    ("IndexError", "Which index does that line use on this input, and how many cells has that axis?"),
    ("shape", "Which shapes meet in that line on this input? Print them."),
)
OTHER_ARGUMENTS = "Which arguments does the question hand over? Leave the function's first line as it was."
NO_TORCH = "This question is answered with numpy; torch is not there."
MOST_INPUTS = 4  # planes of the input that are drawn
# Where one of these differs, the difference says it all, and that no known mistake explains it says nothing more.
CLEAR = frozenset(
    {"failure", "library", "type", "dtype", "mutated", "aliases", "layout", "device", "repeatable", "judged"},
)


@dataclass(frozen=True)
class _Panel:
    plane: np.ndarray
    caption: str
    wrong: frozenset[Cell] = NOTHING
    window: frozenset[Cell] = NOTHING


def as_text(verdict: Verdict) -> str:
    """The feedback for a terminal."""
    lines = [_headline(verdict)]
    lines += [f"  {'✓' if part.right else '✗'} {part.name} ({part.points:g})" for part in verdict.parts]
    if verdict.status != "right" and verdict.answered and verdict.example:
        lines += ["", *_described(verdict, verdict.example)]
        lines += [text_plane(p.plane, p.caption, p.wrong, p.window) for p in _panels(verdict, verdict.example)]
        lines += ["", *_cause(verdict)]
        link = playground_link(verdict)
        lines += [f"{_invited(verdict)} {link}"] if link else []
    return "\n".join(lines)


def as_html(verdict: Verdict) -> str:
    """The feedback for a notebook or a page; colours come from the page, marks are signs as well."""
    colour = "#2e8540" if verdict.status == "right" else "#c9433a" if verdict.answered else "#767676"
    parts = "".join(
        f"<li>{'✓' if part.right else '✗'} {escape(part.name)} ({part.points:g})</li>" for part in verdict.parts
    )
    body = ""
    if verdict.status != "right" and verdict.answered and verdict.example:
        tables = "".join(html_plane(p.plane, p.caption, p.wrong, p.window) for p in _panels(verdict, verdict.example))
        words = "".join(f"<p>{escape(line)}</p>" for line in _described(verdict, verdict.example))
        cause = "".join(f"<p>{escape(line)}</p>" for line in _cause(verdict))
        link = playground_link(verdict)
        if link:
            cause += f'<p><a href="{escape(link)}" target="_blank" rel="noopener">{_invited(verdict)}</a></p>'
        body = f'{words}<div style="overflow-x:auto;margin-bottom:10px">{tables}</div>{cause}'
    return (
        f'<div class="poolgrader-verdict" role="status" style="border-left:4px solid {colour};padding:2px 12px">'
        f"<p><strong>{escape(_headline(verdict))}</strong></p>"
        f'<ul style="list-style:none;padding-left:0;margin:0 0 10px">{parts}</ul>{body}</div>'
    )


def _headline(verdict: Verdict) -> str:
    question = verdict.question
    points = f"{float(verdict):g} of {question.points:g} points"
    says = HEADLINES[verdict.status]
    if verdict.undefined:
        says = f"{question.name} is not defined: run the cell above first. If it stops with an error, mend that."
    elif _only_torch(verdict):
        says = TORCH_CALLED
    return f"{question.id} {question.title}: {points}. {says}".rstrip()


def _only_torch(verdict: Verdict) -> bool:
    """Whether a numpy question called torch, but nothing of it that pools."""
    called = verdict.example.got.forbidden if verdict.status == "forbidden" and verdict.example else ""
    return verdict.question.library == "numpy" and merely_torch(called)


def _invited(verdict: Verdict) -> str:
    """What the playground asks about this input."""
    example = verdict.example
    size = example is not None and example.difference.aspect == "shape"
    return f"This input in the playground: {'how many outputs are there' if size else 'what does its first wrong window give'}?"


def _described(verdict: Verdict, example: Example) -> list[str]:
    case, difference = example.case, example.difference
    named = dict(zip(_names(verdict.question), case.args, strict=False)) | dict(case.keywords)
    arguments = [_argument(name, value) for name, value in named.items()]
    lines = []
    if case.note:
        lines.append(f"Input: {case.note}.")
    if arguments:
        lines.append(f"Arguments: {', '.join(arguments)}.")
    if difference.aspect == "judged":
        lines.append(difference.got)
    elif difference.aspect == "library":
        lines.append(f"Your answer returned a torch tensor; this question asks for {difference.expected}.")
    elif _only_torch(verdict):
        lines.append(f"Expected an answer in numpy; {difference.got} was called.")
    else:
        lines.append(f"Expected {difference.expected}; got {difference.got}.")
    return lines


def _names(question: Question) -> list[str]:
    """Names of the answer's arguments, as the reference spells them."""
    return list(inspect.signature(question.reference).parameters) if callable(question.reference) else []


def _argument(name: str, value: object) -> str:
    if not isinstance(value, Array):
        return f"{name}={value!r}"
    special = ", all negative" if value.data.size and bool(np.all(value.data < 0)) else ""
    return f"{name} of shape {tuple(value.shape)} ({value.dtype}{special})"


def _panels(verdict: Verdict, example: Example) -> list[_Panel]:
    """The inputs, the first wrong window outlined in the first of them; then yours, then expected."""
    gradient = example.difference.aspect == "gradient"
    expected, got = _compared(example.expected, gradient), _compared(example.got, gradient)
    leading, wrong = wrong_cells(example.difference, getattr(expected, "shape", ()))
    panels: list[_Panel] = []
    for name, value in zip(_names(verdict.question), example.case.args, strict=False):
        found = plane_of(value, leading)
        if found and len(panels) < MOST_INPUTS:
            outlined = NOTHING if panels or gradient else _outlined(verdict, leading, wrong)
            panels.append(_Panel(found[0], f"{name} {found[1]}", window=outlined))
    of = "gradient, " if gradient else ""
    for name, value in (("yours", got), ("expected", expected)):
        found = plane_of(value, leading)
        if found:
            caption = f"{of}{name} {found[1]}"
            panels.append(_Panel(found[0], caption, wrong=wrong if name == "yours" else NOTHING))
    return panels


def _compared(observation: Observation, gradient: bool) -> Plain:
    """What was compared: the value, or the first gradient."""
    if not gradient:
        return observation.value
    return next((one for one in observation.gradients if one is not None), None)


def _outlined(verdict: Verdict, leading: tuple[int, ...], wrong: frozenset[Cell]) -> frozenset[Cell]:
    """The taps of the window that produced the first wrong cell, where the question says which window it is."""
    example = verdict.example
    if example is None or verdict.question.window is None or not wrong:
        return NOTHING
    plane = next((value for value in example.case.args if isinstance(value, Array)), None)
    if plane is None or plane.data.ndim < 2:
        return NOTHING
    try:
        taps = verdict.question.window(example.case).taps(min(wrong), plane.shape[-2:])
    except ValueError:  # the answer is larger than the output: there is no such window
        return NOTHING
    return frozenset((tap[0], tap[1]) for tap in taps)


def _cause(verdict: Verdict) -> list[str]:
    mistakes = verdict.diagnosis.mistakes
    if not mistakes:
        assert verdict.example is not None
        difference = verdict.example.difference
        known = verdict.status != "wrong" or difference.aspect in CLEAR
        unknown = [] if known else ["The cause is not one that is known here."]
        return [*unknown, _asked(verdict, verdict.example)]
    if len(mistakes) == 1:
        return [f"Likely cause: {mistakes[0].says}", mistakes[0].asks]
    joined = "Two things at once:" if verdict.diagnosis.together else "Any one of these explains it:"
    return [joined, *(f"· {mistake.says} {mistake.asks}" for mistake in mistakes)]


def _asked(verdict: Verdict, example: Example) -> str:
    """The leading question where no known mistake explains the answer."""
    question, difference = verdict.question, example.difference
    if difference.aspect == "failure" and example.got.failure:
        return _asked_of_error(question, example.got.failure)
    if _only_torch(verdict):
        return ASKS["library"]
    asks = ASKS if question.window else ASKS | ASKS_WITHOUT_A_WINDOW
    return asks[difference.aspect]


def _asked_of_error(question: Question, failure: Failure) -> str:
    missing = failure.type_name in ("NameError", "ModuleNotFoundError")
    if missing and question.library == "numpy" and re.search(r"\btorch\b", failure.message):
        return NO_TORCH
    if failure.type_name == "TypeError" and failure.message.startswith(f"{question.name}()"):
        return OTHER_ARGUMENTS
    said = f"{failure.type_name}: {failure.message} {failure.line}"
    return next((ask for word, ask in ASKS_OF_ERRORS if word in said), ASKS["failure"])
