"""exercises/ is generated from solutions/, always with the same bytes, and contains no answer."""

import json
import shutil
from pathlib import Path

import pytest

from poolgrader import learner_notebooks
from poolgrader.questions import chapters, find, questions_of
from poolgrader.questions.course import Chapter, course_in
from tests.course import COURSE, ROOT

each_chapter = pytest.mark.parametrize("chapter", COURSE.chapters.values(), ids=lambda chapter: chapter.name)


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The exercises generated anew, in a temporary course folder."""
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "solutions", root / "solutions")
    (root / "nbgrader_config.py").write_bytes((ROOT / "nbgrader_config.py").read_bytes())
    learner_notebooks.generate(course_in(root / "solutions"), root / "released")
    return {path.parent.name: path for path in (root / "released").glob("*/*.ipynb")}


@each_chapter
def test_exercises_are_up_to_date(chapter: Chapter, generated: dict[str, Path]) -> None:
    made = generated[chapter.name]
    tracked = ROOT / "exercises" / chapter.name / made.name
    assert made.read_bytes() == tracked.read_bytes(), "run `make exercises`"


def test_exercises_contains_no_other_files(generated: dict[str, Path]) -> None:
    tracked = {path.relative_to(ROOT / "exercises").parts for path in (ROOT / "exercises").rglob("*.*")}
    assert tracked == {(name, path.name) for name, path in generated.items()}


@each_chapter
def test_exercises_contain_no_answers_no_hidden_parts_and_no_outputs(chapter: Chapter) -> None:
    path = ROOT / "exercises" / chapter.name / f"{chapter.slug}.ipynb"
    text = path.read_text(encoding="utf-8")
    assert "BEGIN SOLUTION" not in text
    assert "HIDDEN" not in text
    notebook = json.loads(text)
    cells = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in notebook["cells"]}
    for question_id, answer in chapter.answers.items():
        shown = "".join(cells[find(question_id).grade_id]["source"])
        assert "raise NotImplementedError" in shown
        given = set(map(str.strip, shown.splitlines()))
        held_back = [line for line in map(str.strip, answer.splitlines()) if line not in given]
        assert len(held_back) >= 1, f"{question_id}: the whole answer is shown"
        assert not any(line in text for line in held_back if len(line) > 25)
    for cell in notebook["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


@pytest.mark.parametrize("chapter", chapters())
def test_points_of_notebook_and_questions_agree(chapter: str) -> None:
    path = next((ROOT / "exercises" / chapter).glob("*.ipynb"))
    checks = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade")
    }
    assert {key: cell["metadata"]["nbgrader"]["points"] for key, cell in checks.items()} == {
        question.check_id: question.points for question in questions_of(chapter)
    }
    for question in questions_of(chapter):
        assert "".join(checks[question.check_id]["source"]) == f'check("{question.id}")'


def test_the_error_for_an_unknown_cell_marker_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "03_max_pooling.py"
    path.write_text('# %% [markdown]\n# text\n\n# %% reply="3.1"\npass\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"03_max_pooling.py:4: expected .*, got 'reply=\"3.1\"'"):
        learner_notebooks.read_source(path)


def test_the_error_for_a_missing_answer_cell_names_the_expected_cells(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
    course = course_in(tmp_path / "solutions")
    chapter = course.chapter("03_max_pooling")
    text = chapter.notebook.read_text(encoding="utf-8")
    chapter.notebook.write_text(text.replace('# %% answer="3.2"', "# %%"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"notebook.py: answer cells: expected .*'3.2'.*, got"):
        learner_notebooks.source_notebook(course, chapter)


def test_headings_and_empty_lines_of_a_text_cell_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "03_max_pooling.py"
    path.write_text("# %% [markdown]\n# # Title\n#\n# ## Section\n# - item\n#   goes on\n", encoding="utf-8")
    (cell,) = learner_notebooks.read_source(path)
    assert cell.text == "# Title\n\n## Section\n- item\n  goes on"
