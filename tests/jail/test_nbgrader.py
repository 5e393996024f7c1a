"""`POOLGRADER=jail nbgrader autograde`: nbgrader writes gradebook and feedback, with marks from our jail."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from poolgrader import learner_notebooks
from poolgrader.classroom.gradebook import gradebook
from poolgrader.questions import questions_of
from tests.course import SAMPLE
from tests.jail.courses import ROOT, course_in

FULL = {question.id: question.points for question in questions_of(SAMPLE.assignment)}
FORGED = [
    {"output_type": "execute_result", "data": {"text/plain": "4.0"}, "metadata": {}, "execution_count": 1}
]
SCRIPT = "<script>window.owned = 1</script> [a](javascript:owned()) ![b](attachment:absent)"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course graded by nbgrader's commands, with POOLGRADER=jail in the environment."""
    root = tmp_path_factory.mktemp("jailed")
    submitted = course_in(root, {"right-loops", "wrong-zero-padding", "broken-code", "blank"})
    forge(submitted / "blank" / SAMPLE.assignment / "max_pooling.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POOLGRADER", "jail")
        learner_notebooks.nbgrader(root, "autograde", SAMPLE.assignment)
        learner_notebooks.nbgrader(root, "generate_feedback", SAMPLE.assignment)
    return root


def forge(path: Path) -> None:
    """Forge marks in an unanswered notebook, and add a cell that would write a file and end the kernel."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["outputs"] = FORGED
    source = "import os\nopen(os.path.expanduser('~/found'), 'w').write(str(os.listdir('..')))\nos._exit(0)"
    last = {"cell_type": "code", "id": "last", "metadata": {}, "source": source}
    bonus: dict[str, Any] = {
        "grade_id": "bonus",
        "grade": True,
        "points": 100,
        "solution": True,
        "locked": False,
        "schema_version": 3,
    }
    for kind, task in (("code", False), ("markdown", False), ("markdown", True)):
        facts = bonus | {"grade_id": f"bonus-{kind}-{task}", "task": task, "cell_type": kind}
        cell = {
            "cell_type": kind,
            "id": facts["grade_id"].lower(),
            "metadata": {"nbgrader": facts},
            "source": SCRIPT,
        }
        notebook["cells"].append(cell | ({"outputs": FORGED, "execution_count": 1} if kind == "code" else {}))
    notebook["cells"].append(last | {"outputs": [], "execution_count": None})
    path.write_text(json.dumps(notebook), encoding="utf-8")


def test_marks_are_the_jails(course: Path) -> None:
    scores = gradebook.scores(course / "grading", SAMPLE.assignment)
    assert scores["right-loops"] == sum(FULL.values())
    assert scores["blank"] == 0
    broken = next(pupil for pupil in SAMPLE.pupils if pupil.name == "broken-code")
    assert scores["broken-code"] == sum(FULL[name] for name in FULL if name not in broken.sources)
    assert 0 < scores["wrong-zero-padding"] < sum(FULL.values())


def test_feedback_names_the_mistake_and_the_sandbox(course: Path) -> None:
    (page,) = (course / "grading" / "feedback" / "wrong-zero-padding").rglob("*.html")
    text = page.read_text(encoding="utf-8")
    assert "Which value can never win a maximum?" in text
    assert "seccomp" in text


def test_a_script_in_a_text_cell_does_not_run_for_the_instructor(course: Path) -> None:
    (path,) = (course / "grading" / "autograded" / "blank").rglob("*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    assert sum("owned" in text for text in texts) == 2
    assert not any(tag in text for text in texts for tag in ("<script", "](javascript", "attachment:absent"))


def test_the_autograded_notebook_was_not_executed(course: Path) -> None:
    (path,) = (course / "grading" / "autograded" / "blank").rglob("*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    shown = [cell for cell in cells if cell.get("outputs")]
    assert {cell["metadata"]["nbgrader"]["grade_id"] for cell in shown} == {
        question.check_id for question in questions_of(SAMPLE.assignment)
    }
    assert not Path(os.path.expanduser("~/found")).exists()


def test_without_the_variable_the_configuration_is_nbgraders_own(course: Path) -> None:
    from traitlets.config.loader import PyFileConfigLoader

    assert "POOLGRADER" not in os.environ
    plain = PyFileConfigLoader("nbgrader_config.py", str(ROOT)).load_config()
    assert "autograde_preprocessors" not in plain.Autograde
