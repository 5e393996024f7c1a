"""Exercises graded in all three ways: the reference's answers get all points, untouched notebooks none.

The ways are the checks in a kernel, stock `nbgrader autograde`, and `python -m poolgrader grade`. The
chapters are those in exercises/. The checks run with the reference's answers to all of them; everything else
is done for every third chapter. The stock command starts a kernel for each notebook, so it grades only the
reference's answers. If NIGHTLY is set, all ways grade both notebooks of all chapters.
"""

import contextlib
import json
import os
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.apps.api import NbGraderAPI
from traitlets.config.loader import PyFileConfigLoader

from poolgrader import learner_notebooks
from poolgrader.__main__ import main
from poolgrader.classroom import sample
from poolgrader.classroom.gradebook import gradebook
from poolgrader.questions import questions_of
from tests.course import COURSE
from tests.patience import HANGS_AFTER

ROOT = Path(__file__).resolve().parents[2]
RELEASED = {path.parent.name: path for path in sorted((ROOT / "exercises").glob("*/*.ipynb"))}
POINTS = {chapter: sum(question.points for question in questions_of(chapter)) for chapter in RELEASED}
LEARNERS = ("reference", "untouched")
CHOSEN = list(RELEASED) if os.environ.get("NIGHTLY") else list(RELEASED)[::3]
CHAPTERS_OF = {"reference": list(RELEASED), "untouched": CHOSEN}  # those whose checks run in a kernel
SPLIT = "%reset -f"  # one kernel runs all chapters, so each one's names are deleted before the next
Marks = dict[str, dict[str, float]]  # points by chapter and learner


def handed_in(chapter: str, learner: str) -> dict[str, Any]:
    """The released notebook: untouched, or filled with the reference's answers."""
    notebook: dict[str, Any] = json.loads(RELEASED[chapter].read_text(encoding="utf-8"))
    if learner == "untouched":
        return notebook
    return sample.fill(notebook, {question.grade_id: question.answer for question in questions_of(chapter)})


pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def submissions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a class of two learners who handed in the chosen exercises.

    The files are submitted/<learner>/<assignment>/<notebook>.
    """
    folder = tmp_path_factory.mktemp("class")
    for chapter in CHOSEN:
        for learner in LEARNERS:
            target = folder / "submitted" / learner / chapter / RELEASED[chapter].name
            target.parent.mkdir(parents=True)
            target.write_text(json.dumps(handed_in(chapter, learner)), encoding="utf-8")
    return folder


def run(learner: str, folder: Path) -> list[Any]:
    """Run the code cells of a learner's chapters in one kernel, with a reset before each chapter."""
    cells = []
    for chapter in CHAPTERS_OF[learner]:
        cells.append(nbformat.v4.new_code_cell(SPLIT))
        notebook = nbformat.reads(json.dumps(handed_in(chapter, learner)), as_version=4)
        cells += [cell for cell in notebook.cells if cell.cell_type == "code"]
    whole = nbformat.v4.new_notebook(cells=cells)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(
        whole, timeout=HANGS_AFTER, kernel_name="python3", allow_errors=True, resources=resources
    ).execute()
    return list(whole.cells)


@pytest.fixture(scope="session")
def checked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """The executed cells of each learner."""
    return {learner: run(learner, tmp_path_factory.mktemp(learner)) for learner in LEARNERS}


@pytest.fixture(scope="session")
def marks_of_checks(checked: dict[str, list[Any]]) -> Marks:
    """The points that the check cells return, added up."""
    marks: Marks = {chapter: {} for chapter in RELEASED}
    for learner, cells in checked.items():
        chapters = iter(CHAPTERS_OF[learner])
        for cell in cells:
            if cell.source == SPLIT:
                chapter = next(chapters)
                marks[chapter][learner] = 0.0
            elif cell.source.startswith("check("):
                (shown,) = [output for output in cell.outputs if output.output_type == "execute_result"]
                marks[chapter][learner] += float(shown.data["text/plain"])
    return marks


@pytest.mark.parametrize("chapter", RELEASED)
def test_checks_in_a_kernel_give_all_points_or_none(chapter: str, marks_of_checks: Marks) -> None:
    expected = {"reference": POINTS[chapter]} | ({"untouched": 0.0} if chapter in CHOSEN else {})
    assert marks_of_checks[chapter] == expected


def test_the_references_answers_run_without_errors_and_without_output_on_stderr(
    checked: dict[str, list[Any]],
) -> None:
    cells = [cell for cell in checked["reference"] if cell.source != SPLIT]
    for cell in cells:
        for output in cell.outputs:
            assert output.output_type != "error", cell.source
            assert output.get("name") != "stderr", cell.source
    checks = [cell for cell in cells if cell.source.startswith("check(")]
    assert len(checks) == sum(len(questions_of(chapter)) for chapter in RELEASED)


@pytest.fixture(scope="session")
def stock(submissions: Path, tmp_path_factory: pytest.TempPathFactory) -> NbGraderAPI:
    """nbgrader itself in a temporary course folder, with the settings of this course."""
    course = tmp_path_factory.mktemp("stock")
    shutil.copyfile(ROOT / "nbgrader_config.py", course / "nbgrader_config.py")
    shutil.copytree(submissions, course / "grading")
    learner_notebooks.write_source_notebooks(COURSE, course / "build" / "source")
    with contextlib.chdir(course):
        settings = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    settings.CourseDirectory.root = str(course)
    settings.CourseDirectory.db_url = gradebook.database(course / "grading")
    return NbGraderAPI(config=settings)


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # from nbgrader, when it adds a submission
@pytest.mark.parametrize("chapter", CHOSEN)
def test_stock_nbgrader_gives_all_points_or_none(chapter: str, stock: NbGraderAPI) -> None:
    learners = LEARNERS if os.environ.get("NIGHTLY") else LEARNERS[:1]
    course = Path(stock.coursedir.root)
    with contextlib.chdir(course):
        assert stock.generate_assignment(chapter, force=True)["success"]
        for learner in learners:
            done = stock.autograde(chapter, learner)
            assert done["success"], done.get("log")
    expected = {"reference": POINTS[chapter], "untouched": 0.0}
    scores = gradebook.scores(course / "grading", chapter)
    assert scores == {learner: expected[learner] for learner in learners}


@pytest.fixture(scope="session")
def graded(submissions: Path) -> Path:
    """The class after the whole command, graded in the sandbox if this machine has one."""
    command = ["grade", "--folder", str(submissions)]
    try:
        assert main(command) == 0
    except SystemExit:  # no sandbox on this machine; the answers are our own code
        assert main([*command, "--sandbox", "none"]) == 0
    return submissions


@pytest.mark.parametrize("chapter", CHOSEN)
def test_poolgrader_grade_gives_all_points_or_none(chapter: str, graded: Path) -> None:
    assert gradebook.scores(graded, chapter) == {"reference": POINTS[chapter], "untouched": 0.0}
