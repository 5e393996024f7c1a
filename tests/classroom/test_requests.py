"""Requests and bug reports of other graders' users: each has a test, named after the issue.

Issue jupyter/nbgrader#1338 asks for the exchange on Windows. This course needs no exchange: checks run in the
learner's notebook on Windows, submissions come as a zip from the LMS, and an instructor on Windows grades in
WSL2 or in a container. The parts that can be tested here are tested in test_canvas.py, test_moodle.py and
tests/test_readme.py.
"""

from __future__ import annotations

import csv
import io
import json
import re
import time
from pathlib import Path
from typing import Any

import pytest

from poolgrader.__main__ import main
from poolgrader.classroom import grade_command
from poolgrader.classroom.run import progress, workers
from poolgrader.classroom.run.grade_class import Outcome
from poolgrader.classroom.run.result import QuestionRecord, read_result
from poolgrader.classroom.secret import TEST_SECRET
from poolgrader.classroom.terminal import Terminal
from tests.classroom import work

ENDLESS = "def cut_window(*rest):\n    while True:\n        pass\n"
EXITS = "import os\n\n\ndef cut_window(*rest):\n    os._exit(0)\n"


@pytest.fixture(autouse=True)
def known_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grade_command, "course_secret", lambda folder: TEST_SECRET)


def command(folder: Path, *arguments: str) -> int:
    return main(["grade", "--folder", str(folder), "--cell-seconds", "3", "--call-seconds", "1", *arguments])


def record(folder: Path, learner: str, question: str) -> QuestionRecord:
    result = read_result(work.course(folder).result_path(learner))
    assert result
    return next(made for made in result["questions"] if made["question"] == question)


def points(folder: Path, learner: str) -> float:
    total: float = sum(record(folder, learner, question.id)["points"] for question in work.QUESTIONS)
    return total


def graded_cell(folder: Path, learner: str, grade_id: str) -> dict[str, Any]:
    notebook = json.loads((folder / "autograded" / learner / work.ASSIGNMENT / "setup.ipynb").read_bytes())
    return next(cell for cell in notebook["cells"] if cell["id"] == grade_id)


@pytest.mark.parametrize("count", [1, 2])
def test_nbgrader_174_parallel_grading(count: int, tmp_path: Path) -> None:
    """With two workers, two submissions are graded at the same time; with one worker, one after the other."""
    for name in ("a", "b"):
        work.hand_in(tmp_path, name, cells=["import time\ntime.sleep(2)"])
    class_ = work.course(tmp_path)
    outcomes = work.grade(class_, workers=count)
    spans = {}
    for name, outcome in outcomes.items():
        assert outcome.result
        ended = class_.result_path(name).stat().st_mtime
        spans[name] = ended - outcome.result["seconds"], ended
    first, second = sorted(spans.values())
    assert (second[0] < first[1] - 0.5) == (count == 2), spans


def test_nbgrader_1456_progress_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    output = io.StringIO()
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    with progress.shown("00_setup", Terminal(file=output, width=100)) as bar:
        bar.planned(7, 100)
        for _ in range(20):
            now[0] += 2.0
            bar.advance(Outcome("jo", "graded"))
    assert "00_setup: 8 of 100 graded, 3 min 04 s left" in output.getvalue()


def test_nbgrader_1399_partial_credit_together_with_messages(tmp_path: Path) -> None:
    work.hand_in(tmp_path, "jo", work.wrong("0.2"))
    assert command(tmp_path) == 0
    one = record(tmp_path, "jo", "0.2")
    assert 0 < one["points"] < one["max_points"]
    assert one["mistake"]
    outputs = graded_cell(tmp_path, "jo", "q0-2-check")["outputs"]
    assert float(outputs[1]["data"]["text/plain"]) == one["points"]
    assert one["text"] in outputs[0]["text"]
    assert outputs[1]["data"]["text/html"] == one["html"]


@pytest.mark.parametrize("request_", ["nbgrader_917", "nbgrader_1363"])
def test_hidden_tests_out_of_feedback(request_: str, tmp_path: Path) -> None:
    """Returned files contain no source of a check, no seed, no secret and no reference solution."""
    work.hand_in(
        tmp_path, "jo", work.wrong("0.2", "0.4"), cells=["print(open(__file__).read())", "print(dir())"]
    )
    assert command(tmp_path) == 0
    returned = "".join(
        path.read_text(encoding="utf-8")
        for step in ("autograded", "feedback")
        for path in (tmp_path / step).rglob("*.*")
        if path.is_file()
    )
    assert "0.2" in returned, request_
    for question in work.QUESTIONS:
        assert question.answer not in returned or question.id not in ("0.2", "0.4")
    for hidden in (
        "BEGIN HIDDEN",
        "default_rng",
        TEST_SECRET.decode(),
        "poolgrader.questions",
        "reference=",
    ):
        assert hidden not in returned


def test_nbgrader_1033_a_timed_out_submission_stays_needs_autograding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    work.hand_in(tmp_path, "slow", cells=["import time\ntime.sleep(30)"])
    work.hand_in(tmp_path, "jo")
    status = main(["grade", "--folder", str(tmp_path), "--cell-seconds", "60", "--submission-seconds", "5"])
    assert status == 1
    assert "slow: needs autograding: not graded within 5 s" in capsys.readouterr().out
    assert not (tmp_path / "autograded" / "slow").exists() or not list(
        (tmp_path / "autograded" / "slow").rglob("*.ipynb")
    )
    assert {row[1] for row in work.gradebook_rows(tmp_path)} == {"jo"}


def test_nbgrader_1035_submissions_of_the_wrong_person(tmp_path: Path) -> None:
    """Only the file in the learner's own folder counts, not a name in its metadata or a link elsewhere."""
    path = work.hand_in(tmp_path, "ann", {})
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"] |= {"learner": "bob", "authors": [{"name": "bob"}]}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    work.hand_in(tmp_path, "bob")
    linked = tmp_path / "submitted" / "eve" / work.ASSIGNMENT
    linked.mkdir(parents=True)
    (linked / "setup.ipynb").symlink_to(work.course(tmp_path).submitted("bob"))
    assert command(tmp_path) == 1, "a submission was set aside"
    assert [points(tmp_path, name) for name in ("ann", "bob")] == [0, work.FULL]
    assert read_result(work.course(tmp_path).result_path("eve")) is None


def test_nbgrader_1374_a_score_of_0_is_0(tmp_path: Path) -> None:
    work.hand_in(tmp_path, "jo", {question.grade_id: "0" for question in work.QUESTIONS})
    assert command(tmp_path) == 0
    assert points(tmp_path, "jo") == 0
    rows = [row for row in work.gradebook_rows(tmp_path) if row[0] == "grade"]
    assert [row[3] for row in rows] == [0.0] * len(work.QUESTIONS)
    assert not any(row[-1] for row in rows), "no manual grading is needed"


@pytest.mark.parametrize(
    "source", ["import os\nos._exit(0)", "import os\nos.kill(os.getpid(), 9)", "import sys\nsys.exit()"]
)
def test_nbgrader_427_a_dead_kernel_does_not_get_full_marks(source: str, tmp_path: Path) -> None:
    """A cell that ends the process gains no marks, and costs no answer its marks."""
    work.hand_in(tmp_path, "ends", {}, cells=[source])
    work.hand_in(tmp_path, "right", cells=[source])
    assert command(tmp_path) == 0
    assert [points(tmp_path, name) for name in ("ends", "right")] == [0, work.FULL]


def test_otter_469_time_limits_for_each_question(tmp_path: Path) -> None:
    work.hand_in(tmp_path, "jo", {**work.RIGHT, "q0-2": ENDLESS})
    assert command(tmp_path) == 0
    assert record(tmp_path, "jo", "0.2")["points"] == 0
    assert "no answer within 1 s" in record(tmp_path, "jo", "0.2")["reason"]
    assert points(tmp_path, "jo") == work.FULL - 1


def test_otter_813_one_timeout_keeps_the_csv(tmp_path: Path) -> None:
    work.hand_in(tmp_path, "slow", {**work.RIGHT, "q0-2": ENDLESS})
    work.hand_in(tmp_path, "jo")
    assert command(tmp_path) == 0
    target = tmp_path / "marks.csv"
    assert (
        main(["export", "--folder", str(tmp_path), "--assignment", work.ASSIGNMENT, "--to", str(target)]) == 0
    )
    with target.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert [row["learner"] for row in rows] == ["jo", "slow"]
    assert [float(row["total"]) for row in rows] == [work.FULL, work.FULL - 1]


def test_otter_305_a_result_file_after_a_crash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is a result for each learner, even if an answer ends its process."""
    work.hand_in(tmp_path, "crashes", {**work.RIGHT, "q0-2": EXITS})
    work.hand_in(tmp_path, "jo")
    monkeypatch.setattr(workers, "DEATHS", 1)
    assert command(tmp_path) == 0
    assert "exit 0" in record(tmp_path, "crashes", "0.2")["reason"]
    assert points(tmp_path, "crashes") == work.FULL - 1
    assert points(tmp_path, "jo") == work.FULL


def test_otter_558_the_same_results_between_machine_and_container(tmp_path: Path) -> None:
    """Marks, reasons and feedback are the same with each sandbox, and without one."""
    seen = {}
    for sandbox in ("bubblewrap", "unprivileged", "none"):
        folder = tmp_path / sandbox
        work.a_class(folder, 5)
        assert command(folder, "--sandbox", sandbox) == 0
        seen[sandbox] = [
            (one["points"], one["status"], one["reason"], one["text"], one["html"])
            for learner in work.course(folder).learners()
            for one in (record(folder, learner, question.id) for question in work.QUESTIONS)
        ]
    assert seen["bubblewrap"] == seen["unprivileged"] == seen["none"]
    assert len({one[0] for one in seen["none"]}) > 2


def test_nbgrader_1338_files_from_windows_editors_are_graded_alike(tmp_path: Path) -> None:
    """CRLF line ends and a byte-order mark, as editors on Windows write them, cost no marks."""
    path = work.hand_in(tmp_path, "jo")
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        cell["source"] = re.sub("\n", "\r\n", "".join(cell["source"]))
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(notebook, indent=1).replace("\n", "\r\n").encode())
    assert command(tmp_path) == 0
    assert points(tmp_path, "jo") == work.FULL
