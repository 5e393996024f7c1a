"""Causes that have nothing to do with the course's subject: an undefined name, a missing `return`,
a list instead of an array.

They are looked for when no known mistake explains the answer. The error or the type of the value is examined
first, then the learner's code, then what the wrong shapes or numbers have in common on all inputs.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from poolgrader.calls.values import Array, Failure, Observation, Opaque, Plain
from poolgrader.judging.comparison import Difference, as_array
from poolgrader.judging.errors import known_error
from poolgrader.judging.errors_of_arrays import ARRAYS
from poolgrader.judging.errors_of_python import PYTHON
from poolgrader.judging.numbers import TURNED, how_numbers_differ, turned
from poolgrader.judging.shapes import how_shapes_differ
from poolgrader.judging.verdict import Cause
from poolgrader.judging.written import NotebookSources, calls, returns_in_loop, returns_nothing
from poolgrader.questions.question import Question

KNOWN_ERRORS = (*ARRAYS, *PYTHON)


@dataclass(frozen=True, eq=False)
class JudgedCase:
    """One case: the expected result, the actual one, and their difference, if there is one."""

    expected: Observation
    got: Observation
    difference: Difference | None


def cause_of(question: Question, seen: Sequence[JudgedCase], written: NotebookSources) -> Cause | None:
    """The cause that the errors, types, shapes and numbers of an answer suggest, or None.

    Args:
        question: the question that was answered.
        seen: all cases, at least one of them wrong.
        written: the learner's cells.
    """
    wrong = [one for one in seen if one.difference]
    function = written.function(question.name)
    failure = wrong[0].got.failure
    if failure and not wrong[0].expected.failure:
        return _cause_of_failure(question, failure)
    seen = [one for one in seen if not (one.got.failure or one.expected.failure)]
    wrong = [one for one in seen if one.difference]
    if not wrong:
        return None
    aspects = {one.difference.aspect for one in wrong if one.difference}
    if aspects <= {"values", "shape"} and turned(_pairs(question, wrong)):
        return TURNED
    if aspects == {"type"}:
        found = _cause_of_kind(wrong[0], function)
        if found:
            return found
    if function and aspects <= {"values", "shape", "type"}:
        found = _cause_in_the_text(function, wrong, aspects)
        if found:
            return found
    if aspects == {"shape"}:
        return how_shapes_differ(_pairs(question, wrong), lists=question.loose)
    if aspects == {"values"}:  # the rule must hold on the right cases too
        return how_numbers_differ(_pairs(question, seen))
    return None


def _pairs(question: Question, seen: Sequence[JudgedCase]) -> list[tuple[Plain, Plain]]:
    """The expected and the actual value of each case; lists become arrays if the question is `loose`."""
    pairs = [(one.expected.value, one.got.value) for one in seen]
    return [(as_array(one), as_array(other)) for one, other in pairs] if question.loose else pairs


def cause_of_nothing(question: Question, written: NotebookSources) -> Cause | None:
    """Why the learner's code is no answer that can be judged, or None.

    Either the cell is not valid Python, or the function has another name.
    """
    name = question.name
    broken = written.unreadable(name)
    if broken:
        at = f" in the line `{broken.line}`" if broken.line else ""
        return Cause(
            "the cell is no Python",
            f"The cell that defines {name} did not run: {broken.says}{at}. Until it does, the cell's old "
            "content counts.",
            "What does Python expect there: a bracket, a colon, an indent?",
        )
    other = written.renamed(name)
    if other:
        return Cause(
            "another name",
            f"You wrote {other}; the check calls {name}, which is still as it was handed out.",
            "How must your function be called?",
        )
    return None


def _cause_in_the_text(
    function: ast.FunctionDef, wrong: Sequence[JudgedCase], aspects: set[str]
) -> Cause | None:
    line = returns_in_loop(function)
    if line:
        return Cause(
            "return inside a loop",
            f"`{line}` stands inside a loop. A function ends at its `return`, so the loop stops in its first "
            "round.",
            "How far must that line be indented, so that it runs after all loops have ended?",
        )
    if (
        aspects == {"values"}
        and calls(function, "empty", "empty_like")
        and any(_never_set(one) for one in wrong)
    ):
        return Cause(
            "memory that was never set",
            "Some numbers are what happened to lie in memory: np.empty and torch.empty hand over memory as "
            "it is.",
            "Which cells of the output does no line write to?",
        )
    return None


def _cause_of_failure(question: Question, failure: Failure) -> Cause | None:
    if failure.type_name == "TypeError" and re.match(
        rf"{question.name}\(\) (takes|missing|got)", failure.message
    ):
        return Cause(
            "number of arguments",
            "The function was called with the arguments that the question names, and cannot take them: "
            f"{failure.message}.",
            "Which arguments does the question name? Put the function's first line back as it was handed "
            "out.",
        )
    return known_error(failure, KNOWN_ERRORS)


def _cause_of_kind(seen: JudgedCase, function: ast.FunctionDef | None) -> Cause | None:
    expected, got = seen.expected.value, seen.got.value
    if got is None:
        return _nothing_returned(function)
    if isinstance(got, Opaque):
        return _opaque(got.type_name)
    wanted = _container(expected)
    came = _container(got)
    if wanted == came or not wanted or not came:
        return None
    return Cause(
        "another container",
        f"What came back is a {came}; the question asks for a {wanted}.",
        HOW_TO_CONVERT.get((came, wanted), "What does the function hand back on this input? Print it."),
    )


HOW_TO_CONVERT = {
    ("list", "numpy array"): "What does np.array(...) make of a list of rows?",
    (
        "tuple",
        "numpy array",
    ): "Does your function hand back one thing, or several with a comma between them?",
    (
        "number",
        "numpy array",
    ): "Does the question ask for one number, or for an array with a number in each cell?",
    ("torch tensor", "numpy array"): "Which line makes a tensor? This question is answered with numpy.",
    (
        "numpy array",
        "torch tensor",
    ): "Which line turns the tensor into a numpy array? Gradients stop there, too.",
    ("list", "torch tensor"): "What does torch.stack(...) make of a list of tensors?",
    ("list", "tuple"): "Which brackets make a tuple?",
    (
        "numpy array",
        "number",
    ): "Does the question ask for one number? float(...) makes one of an array with one cell.",
    ("tuple", "number"): "Does your function hand back one thing, or several with a comma between them?",
}


def _container(value: Plain) -> str:
    if isinstance(value, Array):
        return "numpy array" if value.library == "numpy" else "torch tensor"
    if isinstance(value, bool):
        return "truth value"
    names = {int: "number", float: "number", str: "text", list: "list", tuple: "tuple"}
    return names.get(type(value), "")


def _nothing_returned(function: ast.FunctionDef | None) -> Cause:
    says = "The function came to its end and handed back nothing: no `return` was reached."
    asks = "Which line hands the result over, and is it reached on every input?"
    if function and returns_nothing(function):
        asks = "What should the function hand back, and at which line is that finished?"
    if function and returns_nothing(function) and calls(function, "print"):
        says = (
            "The function prints, and hands back nothing. print() shows a value to you; only `return` hands "
            "it over."
        )
    elif function and returns_nothing(function):
        says = "The function has no `return` with a value, so it hands back None."
    return Cause("nothing returned", says, asks)


def _opaque(type_name: str) -> Cause | None:
    if type_name in ("max", "min", "sort", "topk", "median", "mode", "kthvalue", "cummax", "cummin"):
        return Cause(
            "values and places together",
            f"torch's {type_name} along one axis hands back two things: the values, and the places where "
            "they stand.",
            f"Which of the two does the question ask for? `.values` is the first of them{_amax(type_name)}.",
        )
    if type_name in ("function", "method", "builtin_function_or_method", "type"):
        return Cause(
            "a function that was not called",
            "A function came back, not its result.",
            "After which name are the brackets ( ) missing: in the line with `return`, or where that name "
            "got its value?",
        )
    if type_name == "generator":
        return Cause(
            "not yet computed",
            "A generator came back: it holds no numbers yet. Round brackets around `... for ... in ...` make "
            "a generator, not a tuple.",
            "What comes out if you put list(...) around it?",
        )
    if type_name in ("map", "zip", "range", "filter"):
        return Cause(
            "not yet computed",
            f"A {type_name} came back: something that would give its values one by one, when asked.",
            "What comes out if you put list(...) around it?",
        )
    return None


def _amax(type_name: str) -> str:
    return f"; a{type_name}(dim=...) gives them alone" if type_name in ("max", "min") else ""


def _never_set(seen: JudgedCase) -> bool:
    """Whether a wrong cell holds a number so tiny or so huge that it must come from uninitialised memory."""
    expected, got = seen.expected.value, seen.got.value
    if not isinstance(expected, Array) or not isinstance(got, Array) or got.data.dtype.kind != "f":
        return False
    assert seen.difference is not None
    for cell in seen.difference.where:
        size = abs(float(got.data[cell]))
        if 0 < size < 1e-200 or (1e200 < size < float("inf") and abs(float(expected.data[cell])) < 1e100):
            return True
    return False
