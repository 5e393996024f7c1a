"""Each kind of notebook gets the same marks by every way of grading, and a reason that names the cause."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.apps.api import NbGraderAPI
from traitlets.config.loader import PyFileConfigLoader

from poolgrader.classroom.gradebook import gradebook
from poolgrader.classroom.pages.reasons import explained, total
from poolgrader.classroom.run.grade_class import Options, Outcome, grade_class
from poolgrader.classroom.run.plan import Class
from poolgrader.classroom.secret import TEST_SECRET
from tests.course import COURSE, ROOT
from tests.handed_in import cells, code, files, formats
from tests.handed_in.kinds import ASSIGNMENT, FULL, PLANE, RELEASED, Kind
from tests.patience import HANGS_AFTER

KINDS = (*files.KINDS, *formats.KINDS, *cells.KINDS, *code.KINDS)
NIGHTLY = bool(os.environ.get("NIGHTLY"))
CHOSEN = KINDS if NIGHTLY else (*KINDS[::3], *code.DIFFERENT)
CODE = [one for one in CHOSEN if one in code.KINDS]
# nbgrader finds a notebook only under the released name, and a graded file cannot be set aside there.
NAMED = [one for one in CHOSEN if not one.aside and one not in files.KINDS]
THROUGH_NBGRADER = NAMED if NIGHTLY else NAMED[::8]
MOST_DIFFERENCES = 5
CHECKED = re.compile(r"^check\(\"3\.2\"\)", re.MULTILINE)


def learner(kind: Kind) -> str:
    """The name of the learner's folder for a kind."""
    return f"learner-{KINDS.index(kind):03}"


@pytest.fixture(scope="module")
def class_(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a class in which each learner handed in one of the kinds."""
    folder = tmp_path_factory.mktemp("handed-in")
    for kind in CHOSEN:
        kind.hand_in(folder / "submitted" / learner(kind) / ASSIGNMENT)
    return folder


@pytest.fixture(scope="module")
def outcomes(class_: Path) -> dict[str, Outcome]:
    """What the command `grade` makes of them, by learner."""
    course = Class(class_, ASSIGNMENT, RELEASED, TEST_SECRET)
    return {outcome.learner: outcome for outcome in grade_class(course, Options())}


def test_there_are_at_least_150_kinds_with_names_of_their_own() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS) >= 150


def test_at_most_five_kinds_lose_points_that_the_check_gave_and_it_says_so_before() -> None:
    different = [kind for kind in code.KINDS if kind.lost]
    assert len(different) <= MOST_DIFFERENCES
    assert all(kind.warned for kind in different)


@pytest.mark.slow
@pytest.mark.parametrize("kind", CHOSEN, ids=lambda kind: kind.name)
def test_the_official_mark_and_its_reason(kind: Kind, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[learner(kind)]
    if kind.aside:
        assert outcome.how == "set aside"
        assert kind.aside in outcome.why
        return
    assert outcome.result, outcome.why
    assert total(outcome.result) == FULL - kind.lost, explained(outcome.result)
    assert kind.reason in "; ".join(explained(outcome.result))
    normal = not kind.lost and kind.name not in ("a cell that fails", "a cell with a missing file")
    normal = normal and kind.name != "a helper before a slow line"
    assert (outcome.result["cells"] == []) == normal or kind.lost, outcome.result["cells"]


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What check("3.2") shows in a kernel, by learner; one kernel runs all notebooks, reset before each."""
    folder = tmp_path_factory.mktemp("kernel")
    (folder / "my_helpers.py").write_text("def helper():\n    return 1\n", encoding="utf-8")
    (folder / "data.csv").write_text("1,2\n", encoding="utf-8")
    (folder / "measured.npy").write_bytes(b"")
    (folder / "absent_package.py").write_text("", encoding="utf-8")
    # In place of packages that this machine lacks, such as tqdm.
    sources = ["from poolgrader.jail import standins\nstandins.install()"]
    for kind in CODE:
        sources.append(
            "%reset -f\nimport warnings, numpy\nwarnings.resetwarnings()\nnumpy.seterr(all='warn')"
        )
        made = [cell for cell in kind.notebook()["cells"] if cell["cell_type"] == "code"]
        first = next(index for index, cell in enumerate(made) if "check import" in "".join(cell["source"]))
        made = [made[first], *made[:first], *made[first + 1 :]]  # the learner ran the setup cell first
        for cell in made:
            text = "".join(cell["source"])
            asked = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            if "-check" not in asked or CHECKED.search(text):
                sources.append(text.replace("time.sleep(14)", "pass"))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in sources])
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(
        notebook, timeout=HANGS_AFTER, kernel_name="python3", allow_errors=True, resources=resources
    ).execute()
    texts, kinds = {}, iter(CODE)
    for cell in notebook.cells:
        if cell.source.startswith("%reset -f\nimport warnings"):
            current = learner(next(kinds))
        elif CHECKED.search(cell.source) and "print" not in cell.source and current not in texts:
            texts[current] = json.dumps(cell.outputs)
    return texts


@pytest.mark.slow
@pytest.mark.parametrize("kind", CODE, ids=lambda kind: kind.name)
def test_the_check_in_a_kernel_gives_the_same_or_warns(kind: Kind, shown: dict[str, str]) -> None:
    text = shown[learner(kind)]
    assert f"{PLANE.points:g} of {PLANE.points:g} points" in text, text[:3000]
    assert ("may lose its points" in text) == bool(kind.warned), text[:3000]
    assert kind.warned in text


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # from nbgrader, when it adds a submission
def test_nbgrader_in_the_jail_gives_the_same_marks(
    class_: Path, outcomes: dict[str, Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("POOLGRADER", "jail")
    shutil.copyfile(ROOT / "nbgrader_config.py", "nbgrader_config.py")
    shutil.copytree(RELEASED.parent, tmp_path / "exercises" / ASSIGNMENT)
    for kind in THROUGH_NBGRADER:
        place = tmp_path / "grading" / "submitted" / learner(kind)
        shutil.copytree(class_ / "submitted" / learner(kind), place)
    gradebook.prepare(COURSE.root, tmp_path / "grading", ASSIGNMENT)
    settings = PyFileConfigLoader("nbgrader_config.py", path=str(tmp_path)).load_config()
    settings.CourseDirectory.root = str(tmp_path)
    settings.CourseDirectory.db_url = gradebook.database(tmp_path / "grading")
    api = NbGraderAPI(config=settings)
    for kind in THROUGH_NBGRADER:
        done = api.autograde(ASSIGNMENT, learner(kind))
        assert done["success"], (kind.name, done.get("log"))
    scores = gradebook.scores(tmp_path / "grading", ASSIGNMENT)
    expected = {learner(kind): FULL - kind.lost for kind in THROUGH_NBGRADER}
    assert scores == pytest.approx(expected)
