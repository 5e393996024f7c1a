"""Causes that have nothing to do with the subject: each is named in words of its own,
and only where it is the cause.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from poolgrader.calls.observe import failure_of, observe
from poolgrader.calls.values import Failure, describe
from poolgrader.judging.errors import known_error
from poolgrader.judging.feedback import as_html, as_text, reason_of
from poolgrader.judging.judge import judge
from poolgrader.judging.numbers import how_numbers_differ, turned
from poolgrader.judging.other_causes import KNOWN_ERRORS
from poolgrader.judging.shapes import how_shapes_differ
from poolgrader.judging.verdict import Verdict
from poolgrader.judging.written import NotebookSources
from poolgrader.questions.question import Case, Question, arrays
from tests.poolgrader.answers import defined, question


def planes(rng: np.random.Generator) -> list[Case]:
    """Planes of three sizes, with numbers of both signs and digits after the decimal point."""
    return [Case("all", arrays(rng.normal(size=shape) * 9)) for shape in ((3, 4), (2, 5), (4, 2))]


def images(rng: np.random.Generator) -> list[Case]:
    return [Case("all", arrays(rng.normal(size=shape) * 9)) for shape in ((2, 3, 4, 5), (3, 2, 5, 2))]


def doubled(x: Any) -> Any:
    return 2 * x


def said(source: str, asked: Question | None = None, *cells: str) -> Verdict:
    """The verdict on a cell, with the cells that were run before it."""
    namespace = defined(source)
    asked = asked or question(planes, doubled)
    return judge(asked, 7, lambda call: observe(call, namespace), written=NotebookSources((*cells, source)))


WRONG: dict[str, tuple[str, str]] = {
    "nothing returned": ("def answer(x):\n    y = 2 * x\n", "no `return` with a value"),
    "printed": ("def answer(x):\n    print(2 * x)\n", "only `return` hands it over"),
    "one path without return": (
        "def answer(x):\n    if x.shape[0] > 9:\n        return x\n",
        "no `return` was reached",
    ),
    "a list": ("def answer(x):\n    return (2 * x).tolist()\n", "np.array(...)"),
    "a tuple": ("def answer(x):\n    return 2 * x, x.shape\n", "several with a comma"),
    "a number": ("def answer(x):\n    return float(x.max())\n", "a number in each cell"),
    "not called": ("def answer(x):\n    return x.max\n", "are the brackets ( ) missing"),
    "a generator": ("def answer(x):\n    return (2 * row for row in x)\n", "A generator came back"),
    "return in the loop": (
        (
            "def answer(x):\n    y = np.zeros_like(x)\n    for i in range(len(x)):\n        y[i] = 2 * "
            "x[i]\n        return y\n"
        ),
        "stands inside a loop",
    ),
    "a name that is not there": ("def answer(x):\n    return factor * x\n", "`factor` is not defined"),
    "an import that is not there": (
        "def answer(x):\n    import no_such_package\n",
        "`no_such_package` is not there",
    ),
    "arguments": ("def answer():\n    return 0\n", "takes 0 positional arguments but 1 was given"),
    "calls itself": ("def answer(x):\n    return answer(x)\n", "calls itself"),
    "all zeros": ("def answer(x):\n    return np.zeros_like(x)\n", "All numbers are 0."),
    "whole numbers": (
        "def answer(x):\n    return np.trunc(2 * x)\n",
        "everything after the decimal point is gone",
    ),
    "no signs": ("def answer(x):\n    return abs(2 * x)\n", "without their signs"),
    "nothing below zero": (
        "def answer(x):\n    return np.maximum(2 * x, 0)\n",
        "in place of every negative one",
    ),
    "nothing below -5": (
        "def answer(x):\n    return np.maximum(2 * x, -5)\n",
        "-5 stands wherever the right number is lower",
    ),
    "rounded": ("def answer(x):\n    return np.round(2 * x)\n", "rounded to whole ones"),
    "half precision": (
        "def answer(x):\n    return (2 * x).astype(np.float16).astype(float)\n",
        "half precision",
    ),
    "a row left out": (
        "def answer(x):\n    y = 0 * x\n    y[:-1] = 2 * x[:-1]\n    return y\n",
        "that no line writes to",
    ),
    "one number": ("def answer(x):\n    return np.asarray(2 * x[0, 0])\n", "One number came back"),
    "other sign": ("def answer(x):\n    return -2 * x\n", "with the other sign"),
    "one factor": ("def answer(x):\n    return 5 * x\n", "All numbers are 2.5 times"),
    "a fixed size": ("def answer(x):\n    return np.ones((28, 28))\n", "whatever comes in"),
    "on its side": ("def answer(x):\n    return 2 * x.T\n", "with rows and columns swapped"),
    "another shape of the same size": (
        "def answer(x):\n    return x.reshape(x.shape[::-1])\n",
        "in another order",
    ),
    "one long row": ("def answer(x):\n    return 2 * x.ravel()\n", "all in one row"),
    "rounded to three digits": ("def answer(x):\n    return np.round(2 * x, 3)\n", "rounded to 3 digits"),
    "single precision": (
        "def answer(x):\n    return (2 * x).astype(np.float32).astype(float)\n",
        "single precision",
    ),
    "rounded down": ("def answer(x):\n    return 2 * x // 1\n", "rounded down"),
    "an axis too many": ("def answer(x):\n    return 2 * x[None]\n", "An axis of length 1 is too many"),
    "an axis summed away": (
        "def answer(x):\n    return 2 * x.max(axis=0)\n",
        "should have 2 axes; it has 1 axis",
    ),
    "one axis too short": ("def answer(x):\n    return 2 * x[:, 1:]\n", "Only the length along axis 1"),
    "sizes with a point": (
        "def answer(x):\n    return np.zeros((len(x) / 1, 2))\n",
        "Which division should be `//`?",
    ),
}


@pytest.mark.parametrize(("source", "says"), WRONG.values(), ids=WRONG)
def test_a_cause_is_named(source: str, says: str) -> None:
    verdict = said(source)
    assert verdict.points == 0
    assert says in as_text(verdict)
    assert "Likely cause: " in as_text(verdict)
    assert "Likely cause: " in as_html(verdict)


def test_the_first_image_or_channel_for_all_is_named() -> None:
    asked = question(images, doubled)
    for index, axis in ((":1", 0), (":, :1", 1)):  # images and channels
        verdict = said(f"def answer(x):\n    return 0 * x + 2 * x[{index}]\n", asked)
        assert f"along axis {axis} shows what is right for the first" in as_text(verdict)


def test_values_and_places_of_torch_are_told_apart() -> None:
    def rows(rng: np.random.Generator) -> list[Case]:
        return [Case("all", arrays(torch.from_numpy(rng.normal(size=(3, 4)))))]

    asked = question(rows, lambda x: x.amax(dim=1), library="torch")
    text = as_text(said("def answer(x):\n    return x.max(dim=1)\n", asked))
    assert "`.values` is the first of them" in text


def test_memory_that_was_never_set_is_named() -> None:
    """What lay in memory is made certain here: numbers that no computation gives."""
    source = (
        "def answer(x):\n    y = np.empty_like(x)\n    y[:] = 1e-310\n    y[0] = 2 * x[0]\n    return y\n"
    )
    assert "memory as it is" in as_text(said(source))
    assert "memory as it is" not in as_text(said(source.replace("1e-310", "0.5")))


RIGHT_IN_KIND = {
    "another number in one cell": "def answer(x):\n    y = 2 * x\n    y[0, 0] += 1\n    return y\n",
    "whole numbers in one row": (
        "def answer(x):\n    y = 2 * x\n    y[0] = np.trunc(y[0])\n    y[-1, -1] += 3\n    return y\n"
    ),
    "another low number in each case": "def answer(x):\n    return np.maximum(2 * x, -x.shape[0])\n",
}


@pytest.mark.parametrize("source", RIGHT_IN_KIND.values(), ids=RIGHT_IN_KIND)
def test_what_is_not_the_cause_is_not_named(source: str) -> None:
    verdict = said(source)
    assert verdict.cause is None
    assert "This is none of the mistakes that the check knows." in as_text(verdict)


def test_a_loop_that_returns_what_it_found_is_not_blamed_for_wrong_numbers() -> None:
    """Only a `return` with which the body ends always leaves in the first round."""
    source = "def answer(x):\n    for k in (3, 2):\n        if k == 3:\n            return k * x\n"
    verdict = said(source)
    assert verdict.cause is not None
    assert verdict.cause.key == "one factor too many"


STUB = "def answer(x):\n    raise NotImplementedError\n"


def test_a_cell_that_is_no_python_is_named() -> None:
    verdict = said(STUB, None)
    assert "Not started yet" in as_text(verdict)
    broken = "def answer(x):\n    y = (2 * x\n    return y\n"
    namespace = defined(STUB)
    asked = question(planes, doubled)
    seen = judge(asked, 7, lambda call: observe(call, namespace), written=NotebookSources((STUB, broken)))
    assert (seen.status, reason_of(seen)) == ("not started", "the cell is no Python")
    assert "SyntaxError" in as_text(seen)
    assert "y = (2 * x" in as_text(seen)
    mended = judge(
        asked, 7, lambda call: observe(call, namespace), written=NotebookSources((STUB, broken, STUB))
    )
    assert "Not started yet" in as_text(mended)


def test_a_function_of_another_name_beside_the_stub_is_named() -> None:
    other = "def my_answer(x):\n    return 2 * x\n"
    verdict = said(STUB, None, other)
    assert reason_of(verdict) == "another name"
    assert "You wrote my_answer" in as_text(verdict)
    helper = "def pair(value):\n    return value\n"
    assert "Not started yet" in as_text(said(STUB, None, helper)), "a helper with other arguments is none"


def test_a_cell_that_was_not_run_is_named_though_it_is_no_python() -> None:
    broken = "def answer(x)\n    return 2 * x\n"
    seen = judge(
        question(planes, doubled), 7, lambda call: observe(call, {}), written=NotebookSources((broken,))
    )
    assert "did not run: SyntaxError" in as_text(seen)


def raised(act: Callable[[], Any]) -> BaseException:
    try:
        act()
    except Exception as error:  # noqa: BLE001 - whatever it is
        return error
    raise AssertionError("expected an error")


def unbound(never: Any = False) -> Any:
    if never:
        value = 1
    return value


ROW: Any = [1, 2]
NONE: Any = None
PLANE: Any = np.arange(6.0).reshape(2, 3)
WHOLE: Any = np.arange(6).reshape(2, 3)
TENSOR: Any = torch.arange(24.0).reshape(1, 1, 4, 6)
GRADIENT: Any = torch.ones(2, 3, requires_grad=True)
# What each of them does is wrong on purpose.
ERRORS: list[tuple[str, Callable[[], Any]]] = [
    ("a name that is not there", lambda: numpy.zeros(2)),  # type: ignore[name-defined] # noqa: F821
    ("a name that is not there", lambda: no_such_name),  # type: ignore[name-defined] # noqa: F821
    ("a name without a value", unbound),
    ("an import that is not there", lambda: __import__("no_such_package")),
    ("an import that is not there", lambda: exec("from numpy import relu")),
    ("something called that is not a function", lambda: np.float64(1.0)(2)),  # type: ignore[operator]
    ("something called that is not a function", lambda: PLANE.shape(0)),
    ("numpy's word for torch's, or the reverse", lambda: PLANE.max(dim=0)),
    (
        "sizes that are not in one pair of brackets",
        lambda: np.empty(2, 3, 4, 5),  # type: ignore[call-overload]
    ),
    ("sizes or axes that are not in one pair of brackets", lambda: np.zeros(2, 3)),
    ("sizes or axes that are not in one pair of brackets", lambda: PLANE.sum(0, 1)),
    ("number of arguments", lambda: len(1, 2)),  # type: ignore[call-arg, arg-type]
    ("one number where several were expected", lambda: [i + 1 for i in PLANE.shape[0]]),
    ("one number where several were expected", lambda: max(3)),  # type: ignore[call-overload]
    ("one number where a pair was expected", lambda: [None for a, b in [3]]),  # type: ignore[misc]
    ("one number where a pair was expected", lambda: PLANE.shape[0][1]),
    ("another number of values", lambda: [None for a, b in [(1, 2, 3)]]),  # type: ignore[misc]
    ("a pair used like a number", lambda: PLANE.shape - (1, 1)),
    ("a pair used like a number", lambda: PLANE.shape + 1),
    ("a pair used like a number", lambda: PLANE.shape > 3),
    ("a pair used like a number", lambda: 3 - PLANE.shape),
    ("None where a value was expected", lambda: NONE + 1),
    ("a list or a number taken for an array", lambda: ROW.shape),
    ("an attribute that is not there", lambda: np.maxx),  # type: ignore[attr-defined]
    ("an attribute that is not there", lambda: ROW.nosuch(3)),
    ("an attribute that is not there", lambda: TENSOR.no_such_name),
    ("a name that numpy no longer has", lambda: np.NaN),  # type: ignore[attr-defined]
    ("a division by zero", lambda: 1 // 0),
    ("a list taken for an array", lambda: ROW[0, 1]),
    ("a place that a list does not have", lambda: [].__setitem__(0, 1)),  # type: ignore[call-overload]
    ("an index beyond the end", lambda: ROW[5]),
    ("an index beyond the end", lambda: PLANE[2]),
    ("an index beyond the end", lambda: TENSOR[2]),
    ("an index below 0", lambda: PLANE[-3]),
    ("something that cannot be changed in place", lambda: exec("t = (1, 2)\nt[0] = 3")),
    ("a length of one number", lambda: len(3)),  # type: ignore[arg-type]
    ("infinity or NaN as a whole number", lambda: int(np.inf)),
    ("text where a number is needed", lambda: float("a")),
    ("a key that is not there", lambda: {"a": 1}["b"]),
    ("a window without a cell", lambda: max([])),
    ("a window without a cell", lambda: np.ones((0, 2)).max()),
    ("a window without a cell", lambda: torch.ones(0).max()),
    ("np.max of two numbers", lambda: np.max(np.int64(3), 1)),
    ("an axis that is not there", lambda: PLANE.max(axis=2)),
    ("an axis that is not there", lambda: TENSOR.amax(dim=7)),
    (
        "axes that are not in one pair of brackets",
        lambda: np.ones((2, 3, 4, 5)).max(2, 3),  # type: ignore[call-overload]
    ),
    ("axes that are not in one pair of brackets", lambda: TENSOR.amax(2, 3)),
    ("several axes for torch's max", lambda: TENSOR.max(dim=(-2, -1))),
    ("numpy and torch in one line", lambda: torch.relu(PLANE)),
    ("arguments of another kind", lambda: TENSOR.view(2.0)),
    ("arguments of another kind", lambda: TENSOR.unfold(2.0, 2, 1)),
    ("a dtype that is not there", lambda: PLANE.astype("nosuchtype")),
    ("a size or an index that is no whole number", lambda: ROW[1.0]),
    ("a size or an index that is no whole number", lambda: PLANE[1.0]),
    ("a size or an index that is no whole number", lambda: np.zeros(4 / 2)),
    ("several numbers where one is needed", lambda: range(PLANE.shape)),
    ("several numbers where one is needed", lambda: math.sqrt(PLANE)),
    ("several numbers where one is needed", lambda: int(PLANE)),
    ("several numbers where one is needed", lambda: float(TENSOR)),
    ("more indices than axes", lambda: PLANE[0, 0, 0]),
    ("more indices than axes", lambda: PLANE[0, 0][0]),
    ("more indices than axes", lambda: TENSOR[0, 0, 0, 0, 0]),
    ("values used as an index", lambda: PLANE[PLANE[0]]),
    ("two shapes that do not fit", lambda: PLANE + np.ones((2, 4))),
    ("two shapes that do not fit", lambda: PLANE.__setitem__(0, np.ones(4))),
    ("two shapes that do not fit", lambda: TENSOR + torch.ones(5)),
    ("a shape for another number of cells", lambda: PLANE.reshape(5, 5)),
    ("a shape for another number of cells", lambda: TENSOR.reshape(5, 5)),
    ("a window longer than its axis", lambda: TENSOR.unfold(2, 5, 1)),
    ("a size below 0", lambda: np.zeros((-1, 2))),
    ("rows of several lengths", lambda: np.array([[1, 2], [3]])),
    ("several numbers for one cell", lambda: np.ones(2).__setitem__(0, [1, 2])),
    ("a whole array in a condition", lambda: bool(PLANE)),
    ("a whole array in a condition", lambda: bool(TENSOR)),
    ("& without brackets", lambda: PLANE > 1 & PLANE < 3),
    ("a result that does not fit into its array", lambda: np.multiply(WHOLE, 2.5, out=WHOLE)),
    ("a number that a dtype cannot hold", lambda: np.array([300], np.uint8)),
    ("numpy in a question about gradients", lambda: GRADIENT.numpy()),
    ("an array that must not change", lambda: np.broadcast_to(PLANE, (2, 2, 3)).__setitem__(0, 1)),
]


@pytest.mark.parametrize(("key", "act"), ERRORS, ids=lambda value: value if isinstance(value, str) else "")
def test_an_error_of_python_is_explained(key: str, act: Callable[[], Any]) -> None:
    failure = failure_of(raised(act))
    found = known_error(failure, KNOWN_ERRORS)
    assert found is not None, failure
    assert found.key == key, failure
    assert "{" not in found.says


def test_every_known_error_is_met_by_a_test() -> None:
    elsewhere = {"a function that calls itself", "code that ends the program"}
    assert {one.key for one in KNOWN_ERRORS} == {key for key, _ in ERRORS} | elsewhere


def test_an_error_of_somebodys_own_is_not_explained() -> None:
    assert known_error(Failure("ValueError", "the window does not fit"), KNOWN_ERRORS) is None
    assert known_error(Failure("PoolingError", "index 3 is out of bounds"), KNOWN_ERRORS) is None


def test_a_number_for_a_list_is_named() -> None:
    def draw(rng: np.random.Generator) -> list[Case]:
        return [Case("all", (n,)) for n in (3, 4)]

    asked = question(draw, lambda n: list(range(n)), loose=True)
    assert "A number came back by itself" in as_text(said("def answer(n):\n    return n\n", asked))


def test_a_return_at_the_end_of_a_loop_that_goes_on_is_not_blamed() -> None:
    source = (
        "def answer(x):\n    for k in (1, 3):\n        if k == 1:\n            continue\n        return k "
        "* x\n"
    )
    verdict = said(source)
    assert verdict.cause is not None
    assert verdict.cause.key == "one factor too many"


def test_a_return_outside_of_every_function_is_no_python() -> None:
    broken = "def answer(x):\n    y = 2 * x\nreturn y\n"
    seen = judge(
        question(planes, doubled), 7, lambda call: observe(call, {}), written=NotebookSources((broken,))
    )
    assert "'return' outside function" in as_text(seen)


SHAPES = [(), (3,), (1, 4), (4, 1), (3, 4), (2, 3, 4), (1, 1, 3, 4)]


@pytest.mark.parametrize("lists", [False, True])
def test_any_shapes_together_stop_nobody(lists: bool) -> None:
    """Shapes of several numbers of axes come from one answer too: whatever they are,
    a cause or none comes back.
    """
    for first in itertools.product(SHAPES, repeat=2):
        for second in itertools.product(SHAPES, repeat=2):
            pairs = [tuple(describe(np.zeros(shape)) for shape in one) for one in (first, second)]
            found = how_shapes_differ(pairs, lists)
            assert found is None or (found.says and found.asks)


ODD = (
    np.array([]),
    np.zeros((0, 3)),
    np.array(2.5),
    np.array([np.nan, np.inf, -np.inf]),
    np.array([[np.nan, 1.0], [1e308, -1e-308]]),
    np.array([[True, False]]),
    np.array([[1, 2], [3, 2**62]]),
    np.zeros((2, 3, 4, 5)),
)


@pytest.mark.filterwarnings("error")
def test_any_numbers_together_stop_nobody() -> None:
    """Whatever numbers were expected and came, of any shape: a cause or none comes back,
    and nothing is warned of.
    """
    for expected, got in itertools.product(ODD, repeat=2):
        for others in ODD:
            pairs = [(describe(expected), describe(got)), (describe(others), describe(others * 1))]
            turned(pairs)
            if all(one.shape == other.shape for one, other in pairs):
                found = how_numbers_differ(pairs)
                assert found is None or (found.says and found.asks)
