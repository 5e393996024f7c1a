"""Empty arrays with huge shapes: they take few bytes to send, but must not fill the judge's memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from poolgrader.calls.values import MAX_BYTES, MAX_NODES, Array, Opaque, describe
from poolgrader.jail import wire
from poolgrader.questions import chapters, questions_of
from poolgrader.questions.question import MOST_NUMBERS
from tests.poolgrader.test_wire import frame

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = [question for chapter in chapters() for question in questions_of(chapter)]
HUGE = [(2**26, 2**26, 0), (0, 2**26), (2**20, 2**6, 0, 3), (MAX_BYTES // 8 + 1, 0)]


@pytest.mark.parametrize("shape", HUGE)
def test_an_axis_of_length_zero_counts_as_one_when_an_array_is_decoded(shape: tuple[int, ...]) -> None:
    head = {"array": ["float64", list(shape), 0, "numpy", "contiguous", "cpu"]}
    with pytest.raises(wire.WireError, match="too many rows"):
        wire.decode(*frame(head))


@pytest.mark.parametrize("shape", HUGE)
def test_an_axis_of_length_zero_counts_as_one_when_a_value_is_described(shape: tuple[int, ...]) -> None:
    """check() in a learner's notebook calls `describe`, too, although it sends nothing to another process."""
    assert describe(np.empty(shape)) == Opaque("an empty array with too many rows")
    torch = pytest.importorskip("torch")
    assert describe(torch.empty(shape, dtype=torch.float64)) == Opaque("an empty array with too many rows")


@pytest.mark.parametrize("shape", [(0,), (3, 0, 2), (0, 64, 112, 112), (MAX_BYTES // 8, 0)])
def test_an_ordinary_empty_array_passes(shape: tuple[int, ...]) -> None:
    seen = describe(np.empty(shape))
    raw = wire.encode(seen)
    _, head_size, _ = wire.PREFIX.unpack(raw[: wire.PREFIX.size])
    assert wire.decode(raw[wire.PREFIX.size :], head_size).shape == shape


def test_a_list_that_is_too_long_becomes_one_opaque_value() -> None:
    assert describe([0] * MAX_NODES) == Opaque("too many values")
    assert describe([[0] * (MAX_NODES - 2)]) == [[0] * (MAX_NODES - 2)]
    assert describe([[0] * MAX_NODES, 1]) == [Opaque("too many values"), 1]


def test_empty_rows_count_towards_the_limit_on_an_answers_size() -> None:
    question = next(question for question in QUESTIONS if question.id == "7.3")
    case = question.cases(7)[0]
    too_many = Array(np.empty((MOST_NUMBERS + 1, 0), np.uint8), "uint8")
    assert question.refuses(case, too_many) == "That is too much to look at."
    assert question.refuses(case, [too_many]) == "That is too much to look at."


JUDGE = """
import resource
import sys

from poolgrader.jail.nursery import Nursery
from poolgrader.jail.parent import Jail
from poolgrader.limits import Limits
from poolgrader.judging.judge import judge
from poolgrader.questions import chapters, questions_of

ROOM = 256 * 2**20  # bytes that judging may take beyond those in use before
SHAPES = "(2**26, 2**26, 0)", "(4, 2, 2**22, 0)"
every = [one for chapter in chapters() for one in questions_of(chapter)]
questions = [one for one in every if one.accepts and one.library == "numpy"]


def answer(question, value):
    if question.call == "value":
        return f"{question.name} = {value}"
    return f"def {question.name}(*_): return {value}"


with Nursery(sys.argv[1]) as nursery:
    arrays = [f"np.empty({shape}, np.uint8)" for shape in SHAPES]
    for value in [*arrays, "[np.empty((2**22, 0), np.uint8)] * 4"]:
        cells = [("setup", "import numpy as np"), *(("answer", answer(one, value)) for one in questions)]
        with Jail(cells, "numpy", Limits(), nursery) as jail:
            jail.ask(questions[0].call_of(questions[0].cases(7)[0]))  # starts the child process
            with open("/proc/self/statm") as used:
                taken = int(used.read().split()[0]) * resource.getpagesize()
            before = resource.getrlimit(resource.RLIMIT_AS)
            resource.setrlimit(resource.RLIMIT_AS, (taken + ROOM, before[1]))
            for question in questions:
                assert judge(question, 7, jail.ask).status != "right", question.id
            resource.setrlimit(resource.RLIMIT_AS, before)
print(len(questions), "questions")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="learners' code is confined on Linux alone")
def test_huge_empty_arrays_do_not_fill_the_graders_memory() -> None:
    """Answer numpy questions that accept many answers with huge empty arrays; judging may take 256 MiB."""
    done = subprocess.run(
        [sys.executable, "-c", JUDGE, "none"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) > 10
