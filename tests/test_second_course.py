"""A course that is not about pooling works with every command of the grader."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from poolgrader import notes
from poolgrader.calls.observe import observe
from poolgrader.classroom.sample import fill
from poolgrader.judging.feedback import as_html, as_text
from poolgrader.judging.judge import judge
from poolgrader.questions import find, questions_of
from poolgrader.questions.course import Course, course_in
from tests.course import COURSE
from tests.patience import HANGS_AFTER

HERE = Path(__file__).parent / "second_course"
ASSIGNMENTS = ("01_sums", "02_shares")


def command(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run an instructor's command in the course's folder."""
    environment = {name: value for name, value in os.environ.items() if name != "POOLGRADER_COURSE"}
    line = [sys.executable, "-m", "poolgrader", *arguments]
    return subprocess.run(line, cwd=root, env=environment, text=True, capture_output=True, check=False)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the course, with its notebooks generated."""
    root = tmp_path_factory.mktemp("courses") / "sums"
    shutil.copytree(HERE, root, ignore=shutil.ignore_patterns("__pycache__"))
    done = command(root, "exercises")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "wrote exercises/01_sums/sums.ipynb",
        "wrote exercises/02_shares/shares.ipynb",
    ]
    return root


@pytest.fixture(scope="module")
def course(root: Path) -> Course:
    return course_in(root)


def released(root: Path, name: str) -> Path:
    (path,) = (root / "exercises" / name).glob("*.ipynb")
    return path


def answers(course: Course, name: str, mistakes: dict[str, str]) -> dict[str, str]:
    """The source of each answer by grade id: a right answer, or the mistake given for the question."""
    found = {}
    for question in questions_of(name, course):
        planted = [known for known in question.mistakes if known.key == mistakes.get(question.id)]
        source = question.mistaken(*planted)
        assert source
        found[question.grade_id] = source
    return found


def hand_in(root: Path, course: Course, learner: str, mistakes: dict[str, str]) -> None:
    for name in ASSIGNMENTS:
        path = released(root, name)
        notebook = json.loads(path.read_text(encoding="utf-8"))
        target = root / "grading" / "submitted" / learner / name / path.name
        target.parent.mkdir(parents=True)
        target.write_text(json.dumps(fill(notebook, answers(course, name, mistakes))), encoding="utf-8")


def test_numbers_points_and_tables_come_from_the_folders(root: Path, course: Course) -> None:
    assert [question.id for name in ASSIGNMENTS for question in questions_of(name, course)] == [
        *("1.1", "1.2", "1.3"),
        *("2.1", "2.2", "2.3"),
    ]
    first = nbformat.read(released(root, "01_sums"), as_version=4).cells[0].source
    assert "**Time:** about 20 minutes. **Points:** 9." in first
    assert "| 1.2 | compute running sums with a loop | 4 |" in first


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_a_notebook_is_checked_in_its_own_folder(
    root: Path, course: Course, name: str, tmp_path: Path
) -> None:
    """Only the question with a planted mistake shows the mistake's text; the other verdicts are right."""
    question = questions_of(name, course)[1]
    mistake = question.mistakes[0]
    notebook = nbformat.read(released(root, name), as_version=4)
    filled = nbformat.from_dict(fill(notebook, answers(course, name, {question.id: mistake.key})))
    folder = root / "work" / name
    folder.mkdir(parents=True)
    client = NotebookClient(filled, timeout=HANGS_AFTER, resources={"metadata": {"path": str(folder)}})
    client.execute(env={**os.environ, "POOLGRADER_COURSE": str(root)})
    shown = {
        cell.metadata.nbgrader.grade_id: cell.outputs[-1]["data"]["text/html"]
        for cell in filled.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    }
    for asked in questions_of(name, course):
        expected = mistake.says if asked is question else "All of it is right."
        assert expected in shown[asked.check_id]


@pytest.fixture(scope="module")
def graded(root: Path, course: Course) -> subprocess.CompletedProcess[str]:
    hand_in(root, course, "right", {})
    hand_in(
        root,
        course,
        "wrong",
        {"1.2": "one_late", "1.3": "small", "2.1": "of_columns", "2.2": "mean", "2.3": "no_offset"},
    )
    cheat = {"q2-2": "def distance(x, y):\n    return torch.nn.functional.mse_loss(x, y, reduction='sum')\n"}
    path = released(root, "02_shares")
    notebook = fill(json.loads(path.read_text(encoding="utf-8")), answers(course, "02_shares", {}) | cheat)
    target = root / "grading" / "submitted" / "cheat" / "02_shares" / path.name
    target.parent.mkdir(parents=True)
    target.write_text(json.dumps(notebook), encoding="utf-8")
    return command(root, "grade")


def results(root: Path, name: str, learner: str) -> dict[str, dict[str, Any]]:
    path = root / "grading" / "results" / name / f"{learner}.json"
    return {one["question"]: one for one in json.loads(path.read_text(encoding="utf-8"))["questions"]}


def test_the_jail_grades_and_names_the_mistakes(
    root: Path, course: Course, graded: subprocess.CompletedProcess[str]
) -> None:
    assert graded.returncode == 0, graded.stderr
    for name in ASSIGNMENTS:
        assert all(one["points"] == one["max_points"] for one in results(root, name, "right").values())
    wrong = results(root, "01_sums", "wrong") | results(root, "02_shares", "wrong")
    assert {key: one["mistake"] for key, one in wrong.items()} == {
        "1.1": "",
        "1.2": "one_late",
        "1.3": "small",
        "2.1": "of_columns",
        "2.2": "mean",
        "2.3": "no_offset",
    }
    assert "1.2 one_late" in graded.stdout


def test_a_banned_operator_earns_nothing(root: Path, graded: subprocess.CompletedProcess[str]) -> None:
    assert results(root, "02_shares", "cheat")["2.2"]["status"] == "forbidden"
    assert results(root, "02_shares", "cheat")["2.1"]["points"] == 3


def test_reports_gradebook_and_export(root: Path, graded: subprocess.CompletedProcess[str]) -> None:
    pages = root / "grading" / "reports" / "01_sums"
    assert "Each sum leaves its own number out." in " ".join(
        page.read_text(encoding="utf-8") for page in pages.glob("*wrong*")
    )
    done = command(root, "export", "--assignment", "01_sums", "--to", str(root / "marks.csv"))
    assert done.returncode == 0, done.stderr
    with (root / "marks.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2


def test_mutation_and_sample_class_of_the_second_course(root: Path) -> None:
    done = command(root, "mutation", "--seeds", "2")
    assert done.returncode == 0, done.stdout
    assert "| **all** | **18 of 18** | **18 of 18** | **18 of 18** | **8 of 8** |" in done.stdout
    assert done.stderr == ""
    sample = command(root, "sample", "--folder", str(root / "build" / "sample"))
    assert sample.returncode == 0, sample.stderr
    assert "1.2 one_late" in sample.stdout


def test_numbers_are_written_as_the_course_wants_them(course: Course) -> None:
    question = find("2.1", course)
    names = question.define(question.mistaken(question.mistakes[0]) or "")
    verdict = judge(question, 1, lambda call: observe(call, names))
    assert re.search(r"\d/\d", as_text(verdict))
    assert re.search(r">(≠ )?\d+/\d+<", as_html(verdict))


def test_notes_of_two_courses_in_one_folder_are_kept_apart(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Question 1.2 of one course is not question 1.2 of the other."""
    (tmp_path / "alone").mkdir()
    monkeypatch.chdir(tmp_path / "alone")
    monkeypatch.setenv("POOLGRADER_COURSE", str(course.folder))
    notes.remember("1.2", points=4.0)
    monkeypatch.setenv("POOLGRADER_COURSE", str(COURSE.folder))
    assert notes.notes_here() == {}
    notes.remember("1.2", points=1.0)
    assert notes.notes_here() == {"1.2": {"points": 1.0}}
    monkeypatch.setenv("POOLGRADER_COURSE", str(course.folder))
    assert notes.notes_around() == {"1.2": {"points": 4.0}}


def test_two_courses_can_be_used_in_one_process(course: Course) -> None:
    """Each course finds its own question 1.2."""
    assert find("1.2", course).name == "running_sum"
    assert find("1.2").name != "running_sum"
    assert find("1.2", course).course is course
