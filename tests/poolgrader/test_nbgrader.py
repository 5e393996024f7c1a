"""The stock nbgrader commands alone release, grade and give feedback, without poolgrader's own commands."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from poolgrader import learner_notebooks
from poolgrader.classroom import sample
from poolgrader.classroom.gradebook import gradebook
from poolgrader.questions import find, questions_of
from tests.course import COURSE, SAMPLE
from tests.sample_marks import earned, marks_of

ROOT = Path(__file__).resolve().parents[2]
FULL = sum(question.points for question in questions_of(SAMPLE.assignment))
HANDED_IN = ("right-loops", "wrong-zero-padding", "blank", "noisy")
# Warnings, prints and bytes on stderr, at definition and at every call: they must cost no marks.
NOISE = """
import os
import sys
import warnings

os.write(2, b"bytes\\n")
_quiet = max_pool_plane


def max_pool_plane(x, kernel_size):
    warnings.warn("a warning")
    print("a print")
    print("an error", file=sys.stderr)
    os.write(2, b"bytes")
    return _quiet(x, kernel_size)
"""


pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a course after the stock commands have released, graded and given feedback."""
    root = tmp_path_factory.mktemp("stock")
    shutil.copyfile(ROOT / "nbgrader_config.py", root / "nbgrader_config.py")
    learner_notebooks.write_source_notebooks(COURSE, root / "build" / "source")
    learner_notebooks.nbgrader(root, "generate_assignment", SAMPLE.assignment)
    released = root / "exercises" / SAMPLE.assignment / "max_pooling.ipynb"
    sample.write(released, root / "grading")
    noisy = root / "grading" / "submitted" / "noisy" / SAMPLE.assignment
    shutil.copytree(root / "grading" / "submitted" / "right-loops" / SAMPLE.assignment, noisy)
    _append(noisy / released.name, "q3-2", NOISE)
    for folder in (root / "grading" / "submitted").iterdir():
        if folder.name not in HANDED_IN:
            shutil.rmtree(folder)
    learner_notebooks.nbgrader(root, "autograde", SAMPLE.assignment)
    learner_notebooks.nbgrader(root, "generate_feedback", SAMPLE.assignment)
    learner_notebooks.nbgrader(root, "export", f"--to={root / 'grades.csv'}")
    return root


def _append(path: Path, grade_id: str, text: str) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
            cell["source"] = "".join(cell["source"]) + text
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_marks_in_the_gradebook_are_those_of_the_checks(course: Path) -> None:
    scores = gradebook.scores(course / "grading", SAMPLE.assignment)
    expected = {name: earned(name) for name in HANDED_IN if name != "noisy"}
    assert scores == pytest.approx({**expected, "noisy": FULL})
    assert expected["right-loops"] == FULL
    assert expected["blank"] == 0.0
    assert 0 < expected["wrong-zero-padding"] < FULL


def test_a_partly_right_answer_gets_partial_points(course: Path) -> None:
    """If a check's output is no number, nbgrader gives full marks, so this must be tested."""
    full, part = find("3.2").points, marks_of("wrong-zero-padding")["3.2"]
    assert 0 < part < full
    for name, points in (("wrong-zero-padding", part), ("blank", 0.0), ("right-loops", full)):
        with Gradebook(gradebook.database(course / "grading")) as book:
            grade = book.find_grade("q3-2-check", "max_pooling", SAMPLE.assignment, name)
            assert (grade.auto_score, grade.max_score) == (pytest.approx(points), full), name


def test_the_feedback_page_names_the_mistake(course: Path) -> None:
    page = course / "grading" / "feedback" / "wrong-zero-padding" / SAMPLE.assignment / "max_pooling.html"
    text = page.read_text(encoding="utf-8")
    assert "Which value can never win a maximum?" in text
    assert "poolgrader-verdict" in text
    assert text.count(f"{marks_of('wrong-zero-padding')['3.2']:g} of {find('3.2').points:g} points") == 1


def test_the_export_holds_every_mark(course: Path) -> None:
    with (course / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert rows == pytest.approx(gradebook.scores(course / "grading", SAMPLE.assignment))


def test_a_check_leaves_nothing_beside_a_graded_notebook(course: Path) -> None:
    assert not list((course / "grading" / "autograded").rglob(".poolgrader"))


@pytest.mark.parametrize(("name", "says"), [("right-loops", "Success"), ("blank", "")])
def test_validate(course: Path, name: str, says: str) -> None:
    folder = course / "grading" / "submitted" / name / SAMPLE.assignment
    printed = learner_notebooks.nbgrader(course, "validate", str(folder / "max_pooling.ipynb"))
    assert says in printed
    if not says:
        assert "Success" not in printed
