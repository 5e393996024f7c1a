"""Grading fails closed: whatever cannot be graded gets no marks and a reason.

Neither a broken file, nor a process that ends, nor a missing layer of the sandbox costs others their marks.
"""

from __future__ import annotations

import io
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from poolgrader import __main__ as door
from poolgrader.calls.values import Call
from poolgrader.classroom import sample
from poolgrader.classroom.pages.reasons import explained, total
from poolgrader.classroom.pages.write_pages import table, write_pages
from poolgrader.classroom.run.grade_class import grade_class
from poolgrader.classroom.run.plan import Class
from poolgrader.classroom.run.result import Result
from poolgrader.classroom.secret import TEST_SECRET
from poolgrader.jail import syscalls
from poolgrader.jail.confine import BARE
from poolgrader.jail.nursery import NoSandbox, Nursery
from poolgrader.jail.parent import Jail
from poolgrader.limits import Limits
from poolgrader.questions import find, questions_of
from tests.course import SAMPLE

ROOT = Path(__file__).resolve().parents[2]
RELEASED = ROOT / "exercises" / SAMPLE.assignment / "max_pooling.ipynb"
QUESTIONS = questions_of(SAMPLE.assignment)
FULL = sum(question.points for question in QUESTIONS)


def honest() -> dict[str, Any]:
    answers = {question.grade_id: question.answer for question in QUESTIONS}
    return sample.fill(json.loads(RELEASED.read_text(encoding="utf-8")), answers)


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100 * 2**20)


def _without(path: Path, *gone: str) -> None:
    notebook = honest()
    notebook["cells"] = [
        cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") not in gone
    ]
    _text(path, json.dumps(notebook))


def _linked_folder(path: Path) -> None:
    path.parent.rmdir()
    path.parent.symlink_to(path.parents[2] / "honest" / path.parent.name)


def _many(path: Path) -> None:
    notebook = honest()
    notebook["cells"] += [{"cell_type": "code", "metadata": {}, "source": ""}] * 5000
    _text(path, json.dumps(notebook))


# By name: a function that writes the file, the expected marks (None if full), and a part of the reason.
FILES: dict[str, tuple[Callable[[Path], object], float | None, str]] = {
    "absent": (lambda path: None, 0, "there is no notebook"),
    "empty": (lambda path: _text(path, ""), 0, "an empty file"),
    "cut": (lambda path: _text(path, json.dumps(honest())[:2000]), 0, "not JSON"),
    "binary": (lambda path: path.write_bytes(bytes(range(256))), 0, "not UTF-8"),
    "a-list": (lambda path: _text(path, "[]"), 0, "nbformat"),
    "old": (lambda path: _text(path, '{"nbformat": 3, "worksheets": []}'), 0, "nbformat"),
    "no-cells": (lambda path: _text(path, '{"nbformat": 4}'), 0, "cells"),
    "odd-cells": (
        lambda path: _text(path, '{"nbformat": 4, "cells": [1, null, {}, {"source": 3}]}'),
        0,
        "defined",
    ),
    "deep": (lambda path: _text(path, "[" * 200_000), 0, "not JSON"),
    "long-number": (lambda path: _text(path, '{"nbformat": ' + "4" * 10_000 + "}"), 0, "not JSON"),
    "huge": (_sparse, 0, "100 MiB"),
    "many-cells": (_many, 0, "cells"),
    "a-folder": (lambda path: path.mkdir(), 0, "expected a file"),
    "a-pipe": (lambda path: os.mkfifo(path), 0, "expected a file"),
    "a-link": (
        lambda path: path.symlink_to(path.parents[2] / "honest" / path.parent.name / path.name),
        0,
        "link",
    ),
    "a-linked-folder": (_linked_folder, 0, "link"),
    "no-checks": (lambda path: _without(path, *(q.check_id for q in QUESTIONS)), None, ""),
    "no-answer": (lambda path: _without(path, "q3-3"), FULL - find("3.3").points, "not defined"),
    "[red]markup[/nothing]": (lambda path: _text(path, json.dumps(honest())), None, ""),
    "honest": (lambda path: _text(path, json.dumps(honest())), None, ""),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """Grade all of FILES as one class; returns the results by learner."""
    folder = tmp_path_factory.mktemp("files")
    for name, (write, _, _) in FILES.items():
        path = folder / "submitted" / name.replace("/", "|") / SAMPLE.assignment / RELEASED.name
        path.parent.mkdir(parents=True)
        write(path)
    course = Class(folder, SAMPLE.assignment, RELEASED, TEST_SECRET)
    found = {outcome.learner: outcome.result for outcome in grade_class(course) if outcome.result}
    write_pages(folder, SAMPLE.assignment, list(found.values()))
    Console(file=io.StringIO()).print(table(SAMPLE.assignment, list(found.values())))
    return found


@pytest.mark.parametrize("name", FILES)
def test_every_file_has_a_row_with_its_reason(name: str, results: dict[str, Result]) -> None:
    _, marks, reason = FILES[name]
    result = results[name.replace("/", "|")]
    assert total(result) == (FULL if marks is None else marks)
    assert reason in "; ".join(explained(result))


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as made:
        yield made


ANSWER = [("cell", "def f(x):\n    return x + 1")]


def test_a_template_that_died_is_replaced(nursery: Nursery) -> None:
    template = nursery.template("numpy")
    with Jail(ANSWER, "numpy", nursery=nursery) as jail:
        assert jail.ask(Call("f", args=(1,))).value == 2
        # This ends the template and its children.
        template._control.shutdown(socket.SHUT_RDWR)
        assert template._process is not None
        template._process.wait(10)
        assert jail._child is not None
        assert jail._child.gone(10)
        # The process ended while no call was running, so no answer is blamed and this call is answered.
        assert jail.ask(Call("f", args=(1,))).value == 2
    assert nursery.template("numpy") is not template


def test_a_template_whose_layers_are_not_all_active_is_replaced(nursery: Nursery) -> None:
    template = nursery.template("numpy")
    template.layers = (*template.layers, "a moat")
    with Jail(ANSWER, "numpy", nursery=nursery) as jail:
        # The process that answers comes from a new template, whose sandbox layers are all active.
        assert jail.ask(Call("f", args=(1,))).value == 2
    assert nursery.template("numpy") is not template


def test_without_a_seccomp_filter_nothing_is_graded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syscalls, "program", lambda: b"")
    with (
        Nursery() as empty,
        pytest.raises(NoSandbox, match=r"nothing filters system calls.*apt install bubblewrap"),
    ):
        empty.template("numpy")


def test_without_bubblewrap_the_other_layers_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with Nursery() as alone:
        assert alone.layers == "limits, no privileges, Landlock, seccomp"
        assert alone.sandbox == "unprivileged"


def test_the_command_refuses_to_grade_without_a_sandbox(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(syscalls, "program", lambda: b"")
    monkeypatch.setattr("poolgrader.classroom.grade_command.course_secret", lambda root: TEST_SECRET)
    path = tmp_path / "submitted" / "honest" / SAMPLE.assignment / RELEASED.name
    path.parent.mkdir(parents=True)
    _text(path, json.dumps(honest()))
    with pytest.raises(SystemExit, match=r"nothing confines learners' code here.*--sandbox none"):
        door.main(["grade", "--folder", str(tmp_path)])
    assert not (tmp_path / "results").exists()


def test_work_graded_without_a_sandbox_is_graded_again(tmp_path: Path) -> None:
    path = tmp_path / "submitted" / "honest" / SAMPLE.assignment / RELEASED.name
    path.parent.mkdir(parents=True)
    _text(path, json.dumps(honest()))
    course = Class(tmp_path, SAMPLE.assignment, RELEASED, TEST_SECRET, sandbox="none")
    (first,), (second,) = (
        [outcome.result for outcome in grade_class(class_) if outcome.result]
        for class_ in (course, Class(tmp_path, SAMPLE.assignment, RELEASED, TEST_SECRET))
    )
    assert first["sandbox"] == BARE
    assert "seccomp" in second["sandbox"]
    assert total(first) == total(second) == FULL


def test_an_answer_that_ends_its_process_thirty_times_costs_no_other_answer(nursery: Nursery) -> None:
    cells = [*ANSWER, ("deadly", "import os\ndef g():\n    os._exit(0)")]
    with Jail(cells, "numpy", Limits(call=5.0), nursery) as jail:
        for _ in range(30):
            assert jail.ask(Call("g")).lost == "the process ended itself (exit 0)"
            assert jail.ask(Call("f", args=(1,))).value == 2


POISON = "import __main__\ndef g():\n    __main__.f = None\n    return 1"
TIMER = """
import os, signal, sys
def g():
    signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    return 1
def f(x):
    end = __import__('time').monotonic() + 0.1
    while __import__('time').monotonic() < end:
        pass
    return x + 1
"""


def test_afresh_repeats_an_answer_in_a_process_that_no_other_answer_used(
    nursery: Nursery,
) -> None:
    with Jail([*ANSWER, ("poison", POISON)], "numpy", nursery=nursery) as jail:
        assert not jail.afresh("f")
        assert jail.ask(Call("g")).value == 1
        assert jail.ask(Call("f", args=(1,))).failure is not None
        assert jail.afresh("f")
        assert jail.ask(Call("f", args=(1,))).value == 2
        assert not jail.afresh("f")


def test_a_timer_that_one_answer_sets_does_not_end_another(nursery: Nursery) -> None:
    with Jail([("timer", TIMER)], "numpy", nursery=nursery) as jail:
        assert jail.ask(Call("g")).value == 1
        assert jail.ask(Call("f", args=(1,))).value == 2
        assert not jail.problems


def test_an_answer_that_ends_the_process_after_its_call_costs_no_other_answer(nursery: Nursery) -> None:
    ends = (
        "import gc, os\ndef g():\n    gc.callbacks.append(lambda *_: os._exit(0))\n    gc.set_threshold(1)\n"
        "    return 1"
    )
    with Jail([*ANSWER, ("ends", ends)], "numpy", nursery=nursery) as jail:
        jail.ask(Call("g"))
        assert jail.ask(Call("f", args=(1,))).value == 2


def test_cells_that_take_long_together_are_run_one_by_one(nursery: Nursery) -> None:
    """If all cells together take too long, each is run alone, with a time limit of its own."""
    waits = "import time\ntime.sleep(0.7)\nwaited = globals().get('waited', 0) + 1"
    cells = [*ANSWER, ("first", waits), ("second", waits), ("counts", "def g():\n    return waited")]
    with Jail(cells, "numpy", nursery=nursery) as jail:
        assert jail.ask(Call("f", args=(1,))).value == 2
        assert jail.ask(Call("g")).value == 2
        assert jail.problems == []
        assert jail.afresh("g")
        assert jail.ask(Call("g")).value == 2


def test_the_problems_name_the_cell_that_hangs(nursery: Nursery) -> None:
    cells = [("before", "1 / 0"), ("hangs", "while True: pass"), *ANSWER]
    with Jail(cells, "numpy", Limits(cell=0.5), nursery) as jail:
        assert jail.ask(Call("f", args=(1,))).value == 2
        assert [problem.cell for problem in jail.problems] == ["before", "hangs"]


def test_jails_that_run_at_the_same_time_are_separate(nursery: Nursery) -> None:
    got: dict[int, Any] = {}

    def grade(number: int) -> None:
        cells = [("cell", f"mine = {number}\ndef f():\n    return mine")]
        with Jail(cells, "numpy", nursery=nursery) as jail:
            got[number] = jail.ask(Call("f")).value

    threads = [threading.Thread(target=grade, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == {number: number for number in range(12)}
