"""Feedback: which parts are right, the smallest failing input, the learner's output beside the expected one,
and the likely cause.

The same content is given as HTML for notebooks and pages, and as text for a terminal. The feedback never
contains the solution.
"""

from __future__ import annotations

import inspect
from html import escape

import numpy as np

from poolgrader.calls.banned import operator_words
from poolgrader.calls.observe import merely_torch
from poolgrader.calls.values import Array, Failure, Observation, Plain
from poolgrader.judging.planes import (
    NOTHING,
    Cell,
    Draw,
    Panel,
    html_plane,
    number,
    plane_of,
    text_plane,
    wrong_cells,
)
from poolgrader.judging.verdict import UNTOUCHED, Example, Verdict
from poolgrader.questions.question import Question

HEADLINES = {
    "right": "All of it is right.",
    "wrong": "",
    "not started": (
        "Not started yet: the cell still raises NotImplementedError, or holds None. If you have changed "
        "it, run it: a cell that stops with an error changes nothing."
    ),
    "forbidden": "No marks: this is to be built, and a ready-made one was called.",
    "lost": "No answer came back.",
}
# Names of the facts that cost points. They are listed like the names of parts, so they say what should hold.
NAMES_OF_FACTS = {
    "dtype": "the dtype is the right one",
    "layout": "the memory layout is kept",
    "mutated": "the arguments are left as they were",
    "aliases": "the output has memory of its own",
}
TORCH_CALLED = "No marks: this question is answered with numpy, and torch was called."
UNKNOWN = "This is none of the mistakes that the check knows."
# One leading question for each aspect that can differ, for answers that no known mistake explains.
ASKS = {
    "failure": (
        "Which name or number does the message speak of? Print it, and its type, just before that line."
    ),
    "library": "Write it with numpy: where this question is graded, torch is not installed.",
    "type": "Does the function return what the question asks for, on every path through it?",
    "shape": "How many numbers should come out along each axis? Count them by hand, on this input.",
    "dtype": "Where is the output made, and what dtype does it get there?",
    "values": (
        "Work out by hand which numbers of the input this one is made of. Then print which ones your code "
        "takes. Where do they first differ?"
    ),
    "gradient": "Which input cells does each output depend on, and how strongly?",
    "mutated": "Which line writes into the array that came in?",
    "aliases": "Is the output a new array, or a view of the input?",
    "layout": "Does the output keep the memory layout that came in?",
    "device": "Where is the output made?",
    "repeatable": "What does the function keep from one call to the next?",
    "lost": "Is there a loop that may never end?",
    "forbidden": "Which line could you write out by hand?",
    "judged": "",  # `accepts` has already said what is wrong
}
# Leading questions for particular errors: for a wrong index or for shapes that do not fit, the learner must
# look at other numbers than for a wrong value.
ASKS_OF_ERRORS = (
    ("IndexError", "Which index does that line use on this input, and how many cells has that axis?"),
    ("shape", "Which shapes meet in that line on this input? Print them."),
)
NOT_REFUSED = "What does the question say of such an input, and which line looks for it?"
STILL_OPEN = "Which part of the function still raises NotImplementedError?"
MOST_INPUTS = 4  # at most so many input arrays are drawn
# If one of these aspects differs, the difference explains itself. It would not help the learner to read that
# it is no known mistake.
CLEAR = frozenset(
    {
        "failure",
        "library",
        "type",
        "dtype",
        "mutated",
        "aliases",
        "layout",
        "device",
        "repeatable",
        "judged",
    },
)


def as_text(verdict: Verdict) -> str:
    """The feedback for a terminal."""
    lines = [_headline(verdict)]
    lines += [f"  {part}" for part in _parts(verdict)]
    if verdict.status != "right" and verdict.answered and verdict.example:
        lines += ["", *_described(verdict, verdict.example)]
        lines += [text_plane(panel, _draw(verdict)) for panel in _panels(verdict, verdict.example)]
        lines += ["", *_cause(verdict)]
        words, address = _link(verdict)
        lines += [f"{words} {address}"] if address else []
    return "\n".join(lines)


def as_html(verdict: Verdict) -> str:
    """The feedback for a notebook or a page. Whatever a colour tells is told by a sign too."""
    colour = "#2e8540" if verdict.status == "right" else "#c9433a" if verdict.answered else "#767676"
    parts = "".join(f"<li>{escape(part)}</li>" for part in _parts(verdict))
    body = ""
    if verdict.status != "right" and verdict.answered and verdict.example:
        tables = "".join(html_plane(panel, _draw(verdict)) for panel in _panels(verdict, verdict.example))
        words = "".join(f"<p>{escape(line)}</p>" for line in _described(verdict, verdict.example))
        cause = "".join(f"<p>{escape(line)}</p>" for line in _cause(verdict))
        linked, address = _link(verdict)
        if address:
            cause += f'<p><a href="{escape(address)}" target="_blank" rel="noopener">{escape(linked)}</a></p>'
        body = f"{words}{_scrolling(verdict.question.id, tables) if tables else ''}{cause}"
    return (
        f'<div class="poolgrader-verdict" role="status" style="border-left:4px solid {colour};padding:2px'
        f' 12px"><p><strong>{escape(_headline(verdict))}</strong></p><ul'
        f' style="list-style:none;padding-left:0;margin:0 0 10px">{parts}</ul>{body}</div>'
    )


def _scrolling(name: str, tables: str) -> str:
    """The drawn arrays in a box that scrolls if the window is narrow; the keyboard can scroll it too."""
    return (
        f'<div role="region" aria-label="the arrays of {escape(name)}" tabindex="0" '
        f'style="overflow-x:auto;margin-bottom:10px">{tables}</div>'
    )


def reason_of(verdict: Verdict) -> str:
    """Why an answer is not right, in a few words; "" if it is right."""
    if verdict.status == "wrong" and verdict.diagnosis.mistakes:
        return verdict.diagnosis.key
    if verdict.status == "not started" and verdict.cause:
        return verdict.cause.key
    if verdict.status in ("right", "not started") or verdict.example is None:
        return "" if verdict.status == "right" else verdict.status
    difference = verdict.example.difference
    if difference.aspect in ("lost", "failure", "forbidden"):
        return difference.got
    if verdict.cause:
        return verdict.cause.key
    if difference.aspect == "library":
        return "a torch tensor, where numpy was asked for"
    return f"cause not known ({difference.aspect})"


def explained(verdict: Verdict) -> tuple[str, list[str]]:
    """What differs in the example, and the lines about its cause, for a table;
    both are empty if nothing is wrong.
    """
    if verdict.status == "right" or verdict.example is None:
        return "", []
    if not verdict.answered:
        return _headline(verdict).partition("points. ")[2], []
    return _described(verdict, verdict.example)[-1], _cause(verdict)


def _parts(verdict: Verdict) -> list[str]:
    """A line for each part, and one for each deduction."""
    lines = [f"{'✓' if part.right else '✗'} {part.name} ({part.points:g})" for part in verdict.parts]
    return [*lines, *(f"✗ {NAMES_OF_FACTS[one.aspect]} (−{one.points:g})" for one in verdict.deductions)]


def _headline(verdict: Verdict) -> str:
    question = verdict.question
    points = f"{verdict.points:g} of {question.points:g} points"
    says = HEADLINES[verdict.status]
    if verdict.cause and not verdict.answered:
        says = f"{verdict.cause.says} {verdict.cause.asks}"
    elif verdict.undefined:
        says = (
            f"{question.name} is not defined: run the cell above first. If it stops with an error, mend that."
        )
    elif _only_torch(verdict):
        says = TORCH_CALLED
    return f"{question.id} {question.title}: {points}. {says}".rstrip()


def _only_torch(verdict: Verdict) -> bool:
    """Whether the answer to a numpy question called torch, but no function that is banned in torch too."""
    called = verdict.example.got.forbidden if verdict.status == "forbidden" and verdict.example else ""
    return verdict.question.library == "numpy" and merely_torch(
        called, operator_words(verdict.question.banned)
    )


def _draw(verdict: Verdict) -> Draw:
    """The function that formats a cell's value: the course's own, or `number`."""
    question = verdict.question
    chosen: Draw | None = question.course.named("number") if question.place else None
    return chosen or number


def _link(verdict: Verdict) -> tuple[str, str]:
    """Text and address of the link that the course adds to a failed check; both are empty if it adds none."""
    question, example = verdict.question, verdict.example
    gives = question.course.named("link") if question.place and example else None
    if gives is None or example is None:
        return "", ""
    difference = example.difference
    words, address = gives(
        question, example.case, difference.aspect, difference.where[0] if difference.where else ()
    )
    return str(words), str(address)


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
    """The names of the reference's parameters."""
    return list(inspect.signature(question.reference).parameters) if callable(question.reference) else []


def _argument(name: str, value: object) -> str:
    if not isinstance(value, Array):
        return f"{name}={value!r}"
    special = ", all negative" if value.data.size and bool(np.all(value.data < 0)) else ""
    return f"{name} of shape {tuple(value.shape)} ({value.dtype}{special})"


def _panels(verdict: Verdict, example: Example) -> list[Panel]:
    """The inputs, then the learner's output, then the expected output.

    In the first input, the cells that the first wrong output cell is computed from are outlined.
    """
    gradient = example.difference.aspect == "gradient"
    expected, got = _compared(example.expected, gradient), _compared(example.got, gradient)
    leading, wrong = wrong_cells(example.difference, getattr(expected, "shape", ()))
    panels: list[Panel] = []
    for name, value in zip(_names(verdict.question), example.case.args, strict=False):
        found = plane_of(value, leading)
        if found and len(panels) < MOST_INPUTS:
            outlined = NOTHING if panels or gradient else _outlined(verdict, leading, wrong)
            panels.append(Panel(found[0], f"{name} {found[1]}", outlined=outlined))
    prefix = "gradient, " if gradient else ""
    for name, value in (("yours", got), ("expected", expected)):
        found = plane_of(value, leading)
        if found:
            caption = f"{prefix}{name} {found[1]}"
            panels.append(Panel(found[0], caption, wrong=wrong if name == "yours" else NOTHING))
    return panels


def _compared(observation: Observation, gradient: bool) -> Plain:
    """What was compared: the returned value, or the first gradient that is there."""
    if not gradient:
        return observation.value
    return next((one for one in observation.gradients if one is not None), None)


def _outlined(verdict: Verdict, leading: tuple[int, ...], wrong: frozenset[Cell]) -> frozenset[Cell]:
    """The input cells that the first wrong cell is computed from, if the question defines `outline`."""
    example, outline = verdict.example, verdict.question.outline
    if example is None or outline is None or not wrong:
        return NOTHING
    plane = next((value for value in example.case.args if isinstance(value, Array)), None)
    if plane is None or plane.data.ndim < 2:
        return NOTHING
    return frozenset(outline(example.case, min(wrong), (plane.shape[-2], plane.shape[-1])))


def _cause(verdict: Verdict) -> list[str]:
    mistakes = verdict.diagnosis.mistakes
    if verdict.cause:
        return [f"Likely cause: {verdict.cause.says}", verdict.cause.asks]
    if not mistakes:
        assert verdict.example is not None
        difference = verdict.example.difference
        known = verdict.status != "wrong" or difference.aspect in CLEAR
        unknown = [] if known else [UNKNOWN, *_elsewhere(verdict, verdict.example)]
        return [*unknown, *filter(None, [_asked(verdict, verdict.example)])]
    if len(mistakes) == 1:
        return [f"Likely cause: {mistakes[0].says}", mistakes[0].asks]
    joined = "Two things at once:" if verdict.diagnosis.together else "Any one of these explains it:"
    return [joined, *(f"· {mistake.says} {mistake.asks}" for mistake in mistakes)]


def _elsewhere(verdict: Verdict, example: Example) -> list[str]:
    """A line on where the first wrong number is found in the input.

    There is none unless the number occurs exactly once in the input, and outside of the outlined cells.
    """
    leading, wrong = wrong_cells(example.difference, getattr(example.expected.value, "shape", ()))
    outlined = _outlined(verdict, leading, wrong)
    got, given = example.got.value, next((one for one in example.case.args if isinstance(one, Array)), None)
    if example.difference.aspect != "values" or not outlined or given is None or not isinstance(got, Array):
        return []
    if given.data.ndim != len(leading) + 2:
        return []
    number_got = got.data[example.difference.where[0]]
    places = [(int(row), int(column)) for row, column in np.argwhere(given.data[leading] == number_got)]
    if len(places) != 1 or places[0] in outlined:
        return []
    row, column = places[0]
    name = _names(verdict.question)[0]
    return [
        f"Your {_draw(verdict)(float(number_got))} stands in {name} at row {row}, column {column} (counted "
        "from 0), outside of the outlined window. Which index took it from there?"
    ]


def _asked(verdict: Verdict, example: Example) -> str:
    """The leading question for an answer that no known mistake explains."""
    question, difference = verdict.question, example.difference
    if difference.aspect == "failure":
        return _asked_of_error(example.got.failure) if example.got.failure else NOT_REFUSED
    if _only_torch(verdict):
        return ASKS["library"]
    outlined = question.course.settings.get("asks", {}) if question.outline and question.place else {}
    return str((ASKS | outlined)[difference.aspect])


def _asked_of_error(failure: Failure) -> str:
    if failure.type_name == UNTOUCHED:
        return STILL_OPEN
    said = f"{failure.type_name}: {failure.message}"
    return next((ask for word, ask in ASKS_OF_ERRORS if word in said), ASKS["failure"])
