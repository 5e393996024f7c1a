"""Wrong answers that are in no question's list of mistakes must lose points too, with every seed.

They are made in two ways. In a right answer, each array argument or the output is altered as strangers' wrong
answers did: negative numbers set to 0, numbers cut to whole ones, and so on. And there is a list of wrong
answers that once had full marks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pytest
import torch

from poolgrader import mutation
from poolgrader.calls.observe import observe
from poolgrader.calls.values import Array, Observation
from poolgrader.judging.comparison import difference
from poolgrader.questions import chapters, find, questions_of
from poolgrader.questions.question import Case, Mistake, Question
from poolgrader.slips.alterations import (
    ALTERATIONS,
    CUT,
    HALF,
    OF_OUTPUTS,
    SIGN,
    SINGLE,
    WHOLE,
    Alteration,
    altered,
)

pytestmark = pytest.mark.filterwarnings("ignore")  # a wrong answer may warn

OTHER_SEEDS = range(1, 20 if os.environ.get("NIGHTLY") else 2)
MANY_SEEDS = range(1, 20 if os.environ.get("NIGHTLY") else 4)
OUTPUT = -1  # the position that means the output, not an argument


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Iterator[None]:
    """Run torch with one thread: on a busy machine several wait for each other and take ten times as long."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def seeds(question: Question) -> list[int]:
    """The notebook's seed, and some more, as official grading might use them."""
    return [question.public_seed, *OTHER_SEEDS]


# --- altered arguments and outputs
# ----------------------------------------------------------------------------------


# HALF is left out here, where it would need further entries in HARMLESS; `mutation --generated` tests answers
# in half precision.
HERE = tuple(one for one in ALTERATIONS if one is not HALF)
# A maximum that starts from -1e30 turns smaller numbers into -1e30; a minimum that starts from 1e30 turns
# larger ones into 1e30.
FROM_BELOW = Alteration("a maximum from -1e30", lambda x: x.clip(min=-1e30))
FROM_ABOVE = Alteration("a minimum from 1e30", lambda x: x.clip(max=1e30))


def wrong_answer(question: Question, position: int, alteration: Alteration) -> Callable[..., Any]:
    """The course's own answer, called with an altered argument or with its output altered."""
    right = _right(question)

    def answer(*args: Any, **keywords: Any) -> Any:
        given = list(args)
        if 0 <= position < len(given):
            given[position] = altered(alteration, given[position])
        returned = right(*given, **keywords)
        return altered(alteration, returned) if position == OUTPUT else returned

    return answer


@cache
def _right(question: Question) -> Any:
    return question.define(question.answer)[question.name]


@lru_cache(maxsize=256)
def drawn(question: Question, seed: int) -> list[tuple[Case, Observation]]:
    """The cases of a seed, and the right result of each."""
    return [(case, question.expected(case)) for case in question.cases(seed)]


def loses_points(question: Question, answer: Callable[..., Any], seed: int) -> bool:
    """Whether the answer is wrong on some case: it then loses the points of the case's group."""

    def wrong(case: Case, expected: Observation) -> bool:
        got = observe(question.call_of(case), {question.name: answer})
        if question.accepts and not got.failure:
            return bool(question.refuses(case, got.value))
        return difference(question, case, expected, got) is not None

    return any(wrong(*one) for one in drawn(question, seed))


ASKED = [question for chapter in chapters() for question in questions_of(chapter) if question.call != "value"]


def array_arguments(question: Question) -> list[int]:
    """The positions at which an argument of some case is an array."""
    cases = question.cases(question.public_seed)
    return sorted({at for case in cases for at, value in enumerate(case.args) if isinstance(value, Array)})


PLACES = [(question, at) for question in ASKED for at in array_arguments(question)]
OUTPUTS = [(question, OUTPUT) for question in ASKED if array_arguments(question)]


def name_of(place: tuple[Question, int]) -> str:
    """A name such as "3.2 x0" for the first argument of question 3.2, or "3.2 y" for its output."""
    return f"{place[0].id} {'y' if place[1] == OUTPUT else f'x{place[1]}'}"


# Alterations that cannot change a result, because of the inputs that the question's text allows, and why.
NO_SIGNS = {CUT.name, SIGN.name}
COUNTS = "whole numbers from 0 on"
HARMLESS: dict[str, tuple[set[str], str]] = {
    "4.4 x0": ({one.name for one in HERE}, "only its shape, dtype and device count"),
    "4.6 x0": (NO_SIGNS, "numbers above 0"),
    "4.6 x1": (NO_SIGNS, "weights of 0 or more"),
    "6.4 x0": ({SINGLE.name}, "differences: six digits are asked for"),
    "6.4 x1": ({SINGLE.name}, "differences: six digits are asked for"),
    "6.6 x2": (NO_SIGNS, "weights above 0"),
    "8.1 x0": (NO_SIGNS, COUNTS),
    "9.2 x0": ({SINGLE.name}, "six digits are asked for"),
    "9.2 x1": (NO_SIGNS, COUNTS),
    "9.2 x2": ({SINGLE.name}, "six digits are asked for"),
    "9.3 x0": (NO_SIGNS, COUNTS),
    "9.3 x1": (NO_SIGNS, "accuracies"),
    "9.3 x2": (NO_SIGNS, COUNTS),
    "9.3 x3": (NO_SIGNS, "accuracies"),
    "9.5 x0": (NO_SIGNS | {SINGLE.name}, "accuracies; one of six words comes back"),
    "9.5 x1": (NO_SIGNS | {SINGLE.name}, "accuracies; one of six words comes back"),
    "9.6 x0": (NO_SIGNS | {SINGLE.name}, "accuracies or errors that are only compared"),
    "9.6 x1": (NO_SIGNS, "accuracies or errors"),
    "10.3 x1": ({SINGLE.name}, "counts, places and shares come back"),
    "12.1 x0": ({CUT.name}, "what is below eps counts as eps"),
    "12.2 x0": (NO_SIGNS | {SINGLE.name}, "numbers above 0; six digits are asked for"),
    "12.5 x1": (NO_SIGNS, "weights of 0 or more"),
    "13.6 x1": (NO_SIGNS, COUNTS),
    "14.6 x0": ({WHOLE.name}, "whole numbers"),
    "1.4 y": (NO_SIGNS, COUNTS),
    "4.4 y": (NO_SIGNS, "weights of 0 or more"),
    "6.4 y": ({SINGLE.name}, "differences: six digits are asked for"),
    "8.1 y": (NO_SIGNS, "a share"),
    "9.2 y": ({SINGLE.name}, "six digits are asked for"),
    "10.3 y": (NO_SIGNS | {SINGLE.name}, "counts, places and shares, to five digits"),
    "12.1 y": (NO_SIGNS, "means of numbers above 0"),
    "12.2 y": ({SINGLE.name}, "six digits are asked for"),
    "14.6 y": ({WHOLE.name}, "whole numbers"),
}
# Arguments of which the question takes a maximum (below: a minimum).
UNDER_A_MAXIMUM = {
    *(
        "1.4 x0",
        "3.2 x0",
        "3.3 x0",
        "3.5 x0",
        "3.6 x0",
        "5.2 x0",
        "6.2 x1",
        "6.3 x0",
        "6.6 x1",
        "7.6 x0",
        "11.3 x0",
    ),
    *("12.3 x0", "13.2 x0", "13.6 x0", "14.2 x0", "14.4 x0", "14.6 x0"),
}
UNDER_A_MINIMUM = {"1.4 x0", "3.5 x0", "6.6 x1", "13.6 x0", "14.6 x0"}


def concerns(alteration: Alteration, values: list[Any]) -> bool:
    """Whether an alteration can change arrays like these; SINGLE, for example, cannot change float32 ones."""
    flat = [one for value in values for one in (value if isinstance(value, tuple | list) else [value])]
    flat = [Array(np.array(one), "float64") if isinstance(one, float) else one for one in flat]
    return any(
        isinstance(one, Array)
        and one.data.dtype.kind in alteration.kinds
        and alteration.axes in (0, one.data.ndim)
        and (alteration is not SINGLE or one.dtype == "float64")
        for one in flat
    )


def let_through(question: Question, position: int, alterations: tuple[Alteration, ...]) -> set[str]:
    """The names of the alterations with which the answer loses no points for some seed."""
    shown = drawn(question, question.public_seed)
    values = [expected.value if position == OUTPUT else case.args[position] for case, expected in shown]
    return {
        one.name
        for one in alterations
        if concerns(one, values)
        and not all(
            loses_points(question, wrong_answer(question, position, one), seed) for seed in seeds(question)
        )
    }


@pytest.mark.parametrize("place", PLACES, ids=name_of)
def test_an_altered_argument_loses_points(place: tuple[Question, int]) -> None:
    harmless, _ = HARMLESS.get(name_of(place), (set(), ""))
    further = [one for one in HERE if one.name not in harmless]
    if name_of(place) in UNDER_A_MAXIMUM:
        further.append(FROM_BELOW)
    if name_of(place) in UNDER_A_MINIMUM:
        further.append(FROM_ABOVE)
    assert let_through(*place, tuple(further)) == set()


@pytest.mark.parametrize("place", OUTPUTS, ids=name_of)
def test_an_altered_output_loses_points(place: tuple[Question, int]) -> None:
    harmless, _ = HARMLESS.get(name_of(place), (set(), ""))
    assert (
        let_through(*place, tuple(one for one in HERE if one in OF_OUTPUTS and one.name not in harmless))
        == set()
    )


EXCUSED = [place for place in PLACES + OUTPUTS if name_of(place) in HARMLESS]


@pytest.mark.parametrize("place", EXCUSED, ids=name_of)
def test_alterations_listed_as_harmless_lose_no_points(place: tuple[Question, int]) -> None:
    question, position = place
    names, _ = HARMLESS[name_of(place)]
    for one in HERE:
        if one.name in names:
            assert not loses_points(question, wrong_answer(question, position, one), question.public_seed), (
                one.name
            )


def test_the_lists_above_name_only_arguments_and_outputs_that_exist() -> None:
    places = set(map(name_of, PLACES + OUTPUTS))
    asked = {place.partition(" ")[0] for place in places}
    named = {*HARMLESS, *UNDER_A_MAXIMUM, *UNDER_A_MINIMUM}
    assert {place for place in named if place.partition(" ")[0] in asked} <= places


# 12.2 accepts any right p, and its text does not say that the window must stay unchanged.
@pytest.mark.parametrize("place", [one for one in PLACES if one[0].id != "12.2"], ids=name_of)
def test_an_answer_that_overwrites_an_argument_loses_points(place: tuple[Question, int]) -> None:
    question, position = place
    right = _right(question)

    def answer(*args: Any, **keywords: Any) -> Any:
        returned = right(*args, **keywords)
        if position < len(args):
            with torch.no_grad():
                args[position][...] = 0
        return returned

    assert loses_points(question, answer, question.public_seed)


# --- answers that once had full marks
# -------------------------------------------------------------------------------

Edits = tuple[tuple[str, str], ...]
_TAKES = "if value > best or np.isnan(value):"
_BY_NUMPY = ((_TAKES, "if True:"), ("best = value", "best = np.maximum(best, value)"))
_READ = "weights[u, v] * x[row, column]"
_BORDER = 'lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min'
_SIZE = "height = (top + h + bottom - kh) // sh + 1\n    width = (left + w + right - kw) // sw + 1\n"
_ROUNDED_UP = """height = -(-(top + h + bottom - kh) // sh) + 1
    width = -(-(left + w + right - kw) // sw) + 1
    height -= (height - 1) * sh >= h + top
    width -= (width - 1) * sw >= w + left
"""
_IN_PLACE = "np.maximum(x, 0, out=x)"
NUMBERS = ("-8", "-100", "-1000", "-1e9", "-1e30", "-np.finfo(float).max")

ANSWERS: list[tuple[str, str, Edits]] = [
    *(("3.2", f"starts from {start}", (("best = x[i, j]", f"best = {start}"),)) for start in NUMBERS),
    *(("3.2", f"np.maximum from {start}", (("best = x[i, j]", f"best = {start}"), *_BY_NUMPY))
      for start in NUMBERS),
    *(("3.3", f"a border of {fill}", (("-np.inf", fill),)) for fill in ("-50", *NUMBERS)),
    *(
        ("3.5", f"a maximum from {start}",
         (("= identity\n", f'= {start} if operation == "max" else identity\n'),))
        for start in NUMBERS
    ),
    ("3.5", "a minimum from 1e9", (("= identity\n", '= 1e9 if operation == "min" else identity\n'),)),
    ("3.5", "minus the magnitude", ((_READ, f"-abs({_READ})"),)),
    ("3.5", "nothing above 0", ((_READ, f"min(0, {_READ})"),)),
    ("3.5", "the magnitude of the weight", ((_READ, "abs(weights[u, v]) * x[row, column]"),)),
    *(("5.2", f"a border of {fill}",
       ((_BORDER, f"lowest = {fill} if x.dtype.kind == 'f' else np.iinfo(x.dtype).min"),))
      for fill in NUMBERS),
    *(("6.2", f"a border of {fill}", (("-np.inf", fill),)) for fill in NUMBERS[:-1]),
    ("6.6", "a maximum from 0", (("best = max(taps)[0] if", "best = max(0.0, max(taps)[0]) if"),)),
    ("7.6", "a maximum from 0",
     (('"max": np.max', '"max": lambda seen, axis: np.max(seen, axis=axis, initial=0.0)'),)),
    *(("11.3", f"a border of {fill}", (("-torch.inf", fill),)) for fill in NUMBERS[:-1]),
    ("4.2", "the input set to 0 below 0, in place",
     (("kh, kw = kernel_size", f"{_IN_PLACE}\n    kh, kw = kernel_size"),)),
    ("5.3", "the input set to 0 below 0, in place",
     (("kh, kw = kernel_size", f"{_IN_PLACE}\n    kh, kw = kernel_size"),)),
    ("5.5", "rows and columns of the kernel swapped", (("kh, kw = kernel_size", "kw, kh = kernel_size"),)),
    ("5.5", "one number of the kernel for both", (("kh, kw = kernel_size", "kh = kw = kernel_size[0]"),)),
    ("5.5", "rows for columns", (("(left + w + right", "(left + h + right"),)),
    ("5.5", "empty where the sum is 0", (("if weight else empty", "if total else empty"),)),
    ("5.5", "rounded up, with torch's rule for the last window", ((_SIZE, _ROUNDED_UP),)),
]  # fmt: skip

# Wrong where windows overlap: a cell that wins one window gets the gradients of all windows that contain it.
ONE_MASK_FOR_ALL = """
def max_pool2d_backward(grad_output, x, kernel_size, stride, padding):
    n, c, h, w = x.shape
    kh, kw = kernel_size
    padded = np.full((n, c, h + 2 * padding, w + 2 * padding), -np.inf)
    padded[:, :, padding : padding + h, padding : padding + w] = x
    mask, dx = np.zeros(padded.shape), np.zeros(padded.shape)
    places = list(np.ndindex(grad_output.shape))
    def window(b, q, i, j):
        return b, q, slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw)
    for place in places:
        cells = padded[window(*place)]
        mask[window(*place)][np.unravel_index(cells.argmax(), cells.shape)] = 1
    for place in places:
        dx[window(*place)] += grad_output[place] * mask[window(*place)]
    return dx[:, :, padding : padding + h, padding : padding + w]
"""


def edited(question: Question, edits: Edits) -> str:
    """The course's own answer with edits, each of which must match exactly one place."""
    mistake = Mistake("", "", "", edits)
    source = question.mistaken(mistake)
    assert source is not None, f"{question.id}: an edit finds nothing to change"
    return source


def points(question: Question, source: str, seed: int) -> float:
    """The points that the judge gives, in a notebook and in official grading alike."""
    return mutation.Implementation(question, "", "", source).verdict(seed).points


@pytest.mark.parametrize(
    ("question_id", "what", "edits"), ANSWERS, ids=lambda value: value if type(value) is str else ""
)
def test_an_answer_that_once_had_full_marks_loses_points(question_id: str, what: str, edits: Edits) -> None:
    question = find(question_id)
    answer = question.define(edited(question, edits))[question.name]
    assert all(loses_points(question, answer, seed) for seed in seeds(question))


@pytest.mark.parametrize("seed", [None, *OTHER_SEEDS])
def test_one_mask_of_all_winners_loses_points(seed: int | None) -> None:
    question = find("6.2")
    assert (
        points(question, ONE_MASK_FOR_ALL, question.public_seed if seed is None else seed) < question.points
    )


def test_loses_points_agrees_with_the_judge() -> None:
    """The tests above use `loses_points`, which is faster than the judge."""
    question = find("3.2")
    source = edited(question, (("best = x[i, j]", "best = -1e9"),))
    assert 0 < points(question, source, question.public_seed) < question.points
    assert points(question, question.answer, question.public_seed) == question.points
    assert not loses_points(question, _right(question), question.public_seed)


# --- points do not depend on the seed
# ---------------------------------------------------------------------------------

_WINDOW = "i * sh : i * sh + kh, j * sw : j * sw + kw"
DRAWS: list[tuple[str, str, Edits]] = [
    ("3.3", "the stride of the rows in the default", (("sh, sw = (kh, kw) if", "sh, sw = (kh, kh) if"),)),
    ("3.3", "a window as tall as wide", ((_WINDOW, _WINDOW.replace("i * sh + kh", "i * sh + kw")),)),
    ("3.3", "a start by the other stride", ((_WINDOW, _WINDOW.replace("i * sh :", "i * sw :")),)),
    ("3.5", "one number of the window for both", (("kh, kw = weights.shape", "kh = kw = weights.shape[1]"),)),
    ("3.5", "rows and columns of the window swapped",
     (("kh, kw = weights.shape", "kw, kh = weights.shape"),)),
    ("3.5", "the last row of the window left out", (("for u in range(kh)", "for u in range(kh - 1)"),)),
    ("5.2", "a window as tall as wide", ((_WINDOW, _WINDOW.replace("i * sh + kh", "i * sh + kw")),)),
    ("5.2", "a start by the other stride", ((_WINDOW, _WINDOW.replace("i * sh :", "i * sw :")),)),
    ("5.2", "an end by the other stride", ((_WINDOW, _WINDOW.replace("j * sw + kw", "j * sh + kw")),)),
    ("11.3", "zeros in the border", (("-torch.inf", "0.0"),)),
    ("11.3", "a border of -8", (("-torch.inf", "-8.0"),)),
    ("11.3", "one dilation for both axes",
     (("(dh, dw) = stride, padding, dilation", "(dh, _) = stride, padding, dilation"),
      ("tall, wide = dh", "dw = dh\n    tall, wide = dh"))),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question_id", "what", "edits"), DRAWS, ids=lambda value: value if type(value) is str else ""
)
def test_the_same_answer_has_the_same_points_with_every_seed(
    question_id: str, what: str, edits: Edits
) -> None:
    question = find(question_id)
    source = edited(question, edits)
    marks = {points(question, source, seed) for seed in [question.public_seed, *MANY_SEEDS]}
    assert len(marks) == 1
    assert marks.pop() < question.points
