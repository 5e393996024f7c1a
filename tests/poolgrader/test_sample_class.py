"""The sample class is graded: right styles get full marks, planted mistakes are named.

Broken answers cost no other question's points.
"""

import json
import shutil
from pathlib import Path

import pytest

from poolgrader import learner_notebooks
from poolgrader.__main__ import main
from poolgrader.classroom.gradebook import gradebook
from poolgrader.classroom.run.grade_class import grade_class
from poolgrader.classroom.run.plan import Class
from poolgrader.classroom.run.result import FORMAT, Result
from poolgrader.classroom.secret import TEST_SECRET
from poolgrader.questions import find, questions_of
from poolgrader.questions.sample import Pupil
from tests.course import COURSE, SAMPLE

ROOT = Path(__file__).resolve().parents[2]
RELEASED = ROOT / "exercises" / SAMPLE.assignment / "max_pooling.ipynb"
FULL = sum(question.points for question in questions_of(SAMPLE.assignment))
Results = dict[str, Result]


pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("class")


@pytest.fixture(scope="session")
def printed(folder: Path) -> str:
    """What `python -m poolgrader sample` prints; it is run once."""
    import contextlib
    import io

    learner_notebooks.write_source_notebooks(COURSE, ROOT / "build" / "source")
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert main(["sample", "--folder", str(folder)]) == 0
    return out.getvalue()


@pytest.fixture(scope="session")
def results(printed: str, folder: Path) -> Results:
    paths = (folder / "results" / SAMPLE.assignment).glob("*.json")
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


def total(result: Result) -> float:
    points: float = sum(record["points"] for record in result["questions"])
    return points


def test_the_results_are_those_of_eleven_learners_and_one_file_is_set_aside(
    results: Results, printed: str
) -> None:
    assert sorted([*results, "broken-file"]) == sorted(pupil.name for pupil in SAMPLE.pupils)
    assert len(SAMPLE.pupils) == 12
    assert "the file ends in the middle" in printed


@pytest.mark.parametrize(
    "pupil", [p for p in SAMPLE.pupils if p.name.startswith("right")], ids=lambda p: p.name
)
def test_every_right_style_has_full_marks(pupil: Pupil, results: Results) -> None:
    assert total(results[pupil.name]) == FULL


def test_a_blank_notebook_has_no_marks(results: Results) -> None:
    assert total(results["blank"]) == 0


@pytest.mark.parametrize("pupil", [p for p in SAMPLE.pupils if p.planted], ids=lambda p: p.name)
def test_the_planted_mistakes_are_named_and_no_others(pupil: Pupil, results: Results, printed: str) -> None:
    for record in results[pupil.name]["questions"]:
        planted = pupil.planted.get(record["question"], ())
        assert record["mistake"] == " + ".join(planted)
        assert (record["points"] < record["max_points"]) == bool(planted)
        assert record["mistake"] in printed


def test_an_answer_that_breaks_loses_only_its_own_questions_points(results: Results) -> None:
    broken = {record["question"]: record for record in results["broken-code"]["questions"]}
    lost = {"3.2", "3.5", "3.6"}
    assert {key: record["points"] for key, record in broken.items()} == {
        question.id: 0 if question.id in lost else question.points
        for question in questions_of(SAMPLE.assignment)
    }
    assert "no answer within" in broken["3.5"]["reason"]
    assert "exit 0" in broken["3.6"]["reason"]
    assert results["broken-code"]["cells"] == ["q3-2: SyntaxError: expected ':' (<q3-2>, line 1)"]


def test_the_gradebook_holds_every_mark(results: Results, folder: Path) -> None:
    scores = gradebook.scores(folder, SAMPLE.assignment)
    assert scores == pytest.approx({name: total(result) for name, result in results.items()})


def test_each_learner_has_a_page(results: Results, folder: Path) -> None:
    pages = folder / "reports" / SAMPLE.assignment
    assert {path.stem for path in pages.glob("*.html")} == {*results, "index"}
    page = (pages / "wrong-zero-padding.html").read_text(encoding="utf-8")
    assert "Which value can never win a maximum?" in page


def test_grading_again_changes_no_result_and_writes_no_file(results: Results, folder: Path) -> None:
    kept = folder / "results" / SAMPLE.assignment
    before = {path.name: path.stat().st_mtime_ns for path in kept.glob("*.json")}
    course = Class(folder, SAMPLE.assignment, RELEASED, TEST_SECRET)
    again = {outcome.learner: outcome.result for outcome in grade_class(course) if outcome.result}
    assert again == results
    assert {path.name: path.stat().st_mtime_ns for path in kept.glob("*.json")} == before


def test_a_changed_submission_is_graded_again(results: Results, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "submitted" / "blank", tmp_path / "submitted" / "blank")
    shutil.copytree(folder / "results", tmp_path / "results")
    other = folder / "submitted" / "right-shifts" / SAMPLE.assignment / RELEASED.name
    shutil.copyfile(other, tmp_path / "submitted" / "blank" / SAMPLE.assignment / RELEASED.name)
    course = Class(tmp_path, SAMPLE.assignment, RELEASED, TEST_SECRET)
    (outcome,) = grade_class(course)
    assert (outcome.how, outcome.why) == ("graded", "handed in anew")
    assert outcome.result
    assert total(outcome.result) == FULL


def test_a_learner_with_an_incomplete_result_file_is_graded_again(
    results: Results, folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder / "submitted" / "blank", tmp_path / "submitted" / "blank")
    course = Class(tmp_path, SAMPLE.assignment, RELEASED, TEST_SECRET)
    course.result_path("blank").parent.mkdir(parents=True)
    course.result_path("blank").write_text('{"content": "', encoding="utf-8")
    (outcome,) = grade_class(course)
    assert outcome.result
    assert outcome.result["questions"]
    kept = json.loads(course.result_path("blank").read_text(encoding="utf-8"))
    assert kept == outcome.result | {"format": FORMAT}


def test_a_question_without_an_answer_in_a_learners_style_gets_the_references_answer() -> None:
    """So a new question does not need an answer in each style of the sample class."""
    question = find("3.2")
    assert Pupil("somebody", style="of nobody").answer(question) == question.answer
