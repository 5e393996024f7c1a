"""The learner's door, in a real kernel: feedback, partial credit, loops cut, nothing on stderr,
hints and notes.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbgrader.utils import determine_grade

from poolgrader.check import check, hint, progress, solution
from poolgrader.judging.feedback import as_html, as_text
from poolgrader.questions import chapters, find, questions_of
from poolgrader.shown import ShownVerdict
from tests.patience import HANGS_AFTER
from tests.sample_marks import marks_of


def out_of(chapter: str) -> str:
    """The points of a chapter's notebook, as progress() writes them."""
    return f"{sum(question.points for question in questions_of(chapter)):g}"


OUT_OF = out_of("03_max_pooling")
ALL = {question.id: question.points for question in questions_of("03_max_pooling")}
PART = marks_of("wrong-zero-padding")["3.3"]
SETUP = "import numpy as np\nimport torch\nfrom poolgrader.check import check, hint, progress, solution"
ENDLESS = (
    "def max_pool_plane(x, kernel_size):\n    while True:\n        try:\n            pass\n        except "
    "KeyboardInterrupt:\n            pass"
)


def run(folder: Path, *cells: str) -> list[list[Any]]:
    """Run cells in a kernel; returns the outputs of each."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in (SETUP, *cells)])
    folder.mkdir(exist_ok=True)
    NotebookClient(notebook, timeout=HANGS_AFTER, resources={"metadata": {"path": str(folder)}}).execute()
    return [list(cell.outputs) for cell in notebook.cells[1:]]


@pytest.fixture(scope="session")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    """One kernel, many checks."""
    question = find("3.3")
    zero = next(mistake for mistake in question.mistakes if mistake.key == "zero_padding")
    cells = {
        "nothing": 'check("3.3")',
        "zero padding": f'{question.mistaken(zero)}\ncheck("3.3")',
        "before right": 'solution("3.3")',
        "right": f'{question.answer}\ncheck("3.3")',
        "after right": 'solution("3.3")',
        "endless": f'{ENDLESS}\ncheck("3.2")',
        "goes on": "1 + 1",
        "hint 1": 'hint("3.2")',
        "hint 2": 'hint("3.2")',
        "hint 1 again": 'hint("3.2", level=1)',
        "giving up": 'solution("3.2", give_up=True)',
        "torch": f'{find("3.6").answer}\ncheck("3.6")',
        "ready made": (
            "def max_pool2d_torch(x, kernel_size, stride):\n"
            "    return torch.nn.functional.max_pool2d(x, kernel_size, stride)\n"
            'check("3.6")'
        ),
        "threads": (
            "torch.set_num_threads(2)\n"
            "counted = []\n"
            "def max_pool2d_torch(x, kernel_size, stride):\n"
            "    counted.append(torch.get_num_threads())\n"
            "    raise ValueError\n"
            'check("3.6")\n'
            "[set(counted), torch.get_num_threads()]"
        ),
        "printed": 'print(check("3.3"))',
        "not run": 'del max_pool2d\ncheck("3.3")',
        "released": 'def max_pool2d(*_, **__):\n    raise NotImplementedError\ncheck("3.3")',
        "after neither": 'solution("3.3")',
        "progress": "progress()",
    }
    folder = tmp_path_factory.mktemp("notebook") / "03_max_pooling"
    return dict(zip(cells, run(folder, *cells.values()), strict=True))


def result(outputs: list[Any]) -> Any:
    *before, last = outputs
    assert last.output_type == "execute_result"
    assert all(one.output_type == "display_data" for one in before)
    return last.data


def test_an_undefined_answer_is_named(outputs: dict[str, list[Any]]) -> None:
    assert "max_pool2d is not defined" in result(outputs["nothing"])["text/html"]


def test_an_answer_cell_that_was_not_run_is_told_so(outputs: dict[str, list[Any]]) -> None:
    page = result(outputs["not run"])["text/html"]
    assert "max_pool2d is not defined: run the cell above first." in page
    assert "Which" not in page
    assert "Input:" not in page


def test_what_is_no_answer_costs_no_points_that_were_earned(outputs: dict[str, list[Any]]) -> None:
    assert "Not started yet" in result(outputs["released"])["text/html"]
    assert "def max_pool2d" in result(outputs["after neither"])["text/plain"]
    assert f"{ALL['3.3']:g} of {OUT_OF}" in result(outputs["progress"])["text/plain"]


@pytest.fixture
def notebook_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with none beside it: pytest's own folders are neighbours,
    and notes are read from neighbours.
    """
    folder = tmp_path / "the only folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.usefixtures("notebook_folder")
def test_a_wrong_answer_counts_in_place_of_a_right_one() -> None:
    """The last answer counts; and what is no answer leaves it alone."""
    namespace: dict[str, Any] = {"check": check}
    for source, points in (
        ("def predict(): return [3, 0, 0, -2], [3, 0, -4], [3, 0]", ALL["3.1"]),
        ("def predict(): raise NotImplementedError", ALL["3.1"]),
        ("del predict", ALL["3.1"]),
        ("def predict(): return [], [], []", 0),
    ):
        source = source.replace("predict", find("3.1").name)
        exec(f"{source}\ncheck('3.1')", namespace)
        assert f"{points:g} of {OUT_OF}" in progress(), source


def test_a_mistake_is_named_with_partial_credit(outputs: dict[str, list[Any]]) -> None:
    data = result(outputs["zero padding"])
    assert float(data["text/plain"]) == pytest.approx(PART)
    assert 0 < PART < ALL["3.3"]
    assert "Which value can never win a maximum?" in data["text/html"]
    assert "≠" in data["text/html"]


def test_right_is_full(outputs: dict[str, list[Any]]) -> None:
    assert float(result(outputs["right"])["text/plain"]) == ALL["3.3"]
    assert float(result(outputs["torch"])["text/plain"]) == ALL["3.6"]


def test_an_endless_loop_is_cut_and_says_where(outputs: dict[str, list[Any]]) -> None:
    data = result(outputs["endless"])
    assert float(data["text/plain"]) == 0.0
    assert "no answer within 5 s" in data["text/html"]
    assert "in your line" in data["text/html"]
    assert result(outputs["goes on"])["text/plain"] == "2"


def test_hints_walk_three_steps(outputs: dict[str, list[Any]]) -> None:
    hints = find("3.2").hints
    for cell, said in (("hint 1", hints[0]), ("hint 2", hints[1]), ("hint 1 again", hints[0])):
        assert said in result(outputs[cell])["text/plain"]


def test_the_solution_shows_after_success_or_on_giving_up(outputs: dict[str, list[Any]]) -> None:
    assert "not right yet" in result(outputs["before right"])["text/plain"]
    assert "def max_pool2d" in result(outputs["after right"])["text/plain"]
    assert "def max_pool_plane" in result(outputs["giving up"])["text/plain"]


def test_a_ready_made_pooling_has_no_marks(outputs: dict[str, list[Any]]) -> None:
    data = result(outputs["ready made"])
    assert float(data["text/plain"]) == 0.0
    assert "a ready-made one was called" in data["text/html"]


def test_print_gives_the_feedback_as_text(outputs: dict[str, list[Any]]) -> None:
    (only,) = outputs["printed"]
    assert only.name == "stdout"
    full = f"{ALL['3.3']:g}"
    assert f"3.3 A batch with channels, stride and padding: {full} of {full} points" in only.text


def test_where_only_text_is_shown_the_words_are(outputs: dict[str, list[Any]]) -> None:
    """A console, a view without HTML: the feedback once, and below it the points."""
    words, points = [output.data["text/plain"] for output in outputs["zero padding"]]
    title = "3.3 A batch with channels, stride and padding"
    assert words.startswith(f"{title}: {PART:g} of {ALL['3.3']:g} points")
    assert "Which value can never win a maximum?" in words
    assert points == repr(PART)


def test_where_html_is_shown_nothing_stands_twice(outputs: dict[str, list[Any]]) -> None:
    cell = nbformat.v4.new_code_cell('check("3.3")', outputs=outputs["zero padding"])
    page, _ = HTMLExporter(template_name="basic").from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    assert page.count(f"{PART:g} of {ALL['3.3']:g} points") == 1
    assert page.count("Which value can never win a maximum?") == 1
    assert f"<pre>{PART:g}" not in page


EARNED = {"nothing": 0.0, "zero padding": PART, "right": ALL["3.3"]}


@pytest.mark.parametrize(("answer", "points"), EARNED.items())
def test_nbgrader_reads_the_points_in_outputs_that_it_did_not_make(
    answer: str, points: float, outputs: dict[str, list[Any]]
) -> None:
    """Whoever runs a notebook without nbgrader and has nbgrader score what was saved:
    text would be full marks.
    """
    facts = {
        "grade": True,
        "solution": False,
        "locked": True,
        "points": ALL["3.3"],
        "grade_id": "q3-3-check",
    }
    cell = nbformat.v4.new_code_cell('check("3.3")', outputs=outputs[answer], metadata={"nbgrader": facts})
    assert determine_grade(cell) == (pytest.approx(points), ALL["3.3"])


@pytest.mark.usefixtures("notebook_folder")
@pytest.mark.parametrize("line", ["check('3.1')", "print(check('3.1'))", "print(repr(check('3.1')))"])
def test_a_script_prints_the_feedback_once(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(f"{find('3.1').answer}\n{line}", {"check": check})
    full = f"{ALL['3.1']:g}"
    assert capsys.readouterr().out.count(f"3.1 Predict: {full} of {full} points") == 1


@pytest.mark.usefixtures("notebook_folder")
def test_what_check_returns_is_the_points_and_holds_the_verdict() -> None:
    namespace: dict[str, Any] = {"check": check}
    exec(f"{find('3.1').answer}\nkept = check('3.1')", namespace)
    kept: ShownVerdict = namespace["kept"]
    assert kept == kept.verdict.points == ALL["3.1"]
    assert kept.verdict.question is find("3.1")
    assert repr(kept) == str(kept) == as_text(kept.verdict)
    assert kept._repr_html_() == as_html(kept.verdict)


@pytest.mark.usefixtures("notebook_folder")
def test_a_script_that_keeps_the_verdict_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    exec(f"{find('3.1').answer}\nkept = check('3.1')", {"check": check})
    assert capsys.readouterr().out == ""


def test_progress_adds_up(outputs: dict[str, list[Any]]) -> None:
    text = result(outputs["progress"])["text/plain"]
    assert "03_max_pooling" in text
    assert f"{ALL['3.3']:g} of {OUT_OF}" in text


def test_solutions_can_be_turned_off(notebook_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POOLGRADER_SOLUTIONS", "off")
    assert "turned off" in solution("3.2", give_up=True)
    assert not list(notebook_folder.iterdir())


def test_what_is_not_asked_is_an_error_that_lists_what_is() -> None:
    with pytest.raises(KeyError, match=r"expected one of 3.1, .* got '3.9'"):
        check("3.9")
    with pytest.raises(KeyError, match="expected a chapter among"):
        check("99.1")
    with pytest.raises(ValueError, match="level: expected 1 to 3, got 4"):
        hint("3.2", level=4)


@pytest.mark.parametrize(("imports", "warm"), [("import torch", True), ("import numpy", False)])
def test_torchs_first_backward_step_is_done_when_the_notebook_is_set_up(imports: str, warm: bool) -> None:
    code = f"import sys\n{imports}\nfrom poolgrader.check import check\nprint('sympy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == (str(warm), "")


def test_an_answer_is_judged_on_one_thread_and_the_notebook_keeps_its_own(
    outputs: dict[str, list[Any]],
) -> None:
    assert result(outputs["threads"])["text/plain"] == "[{1}, 2]"


FULL = {"points": 2.0, "right": True}


def noted(folder: Path, notes: Any) -> Path:
    """A folder with notes in it."""
    place = folder / ".poolgrader" / "progress.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(notes if isinstance(notes, str) else json.dumps(notes), encoding="utf-8")
    return folder


def test_points_count_wherever_the_folder_is_and_however_it_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many notebooks in one folder, and a neighbour that was renamed."""
    noted(tmp_path / "chapter five (1)", {"5.1": FULL, "5.2": {"points": 1.5, "right": False}})
    monkeypatch.chdir(noted(tmp_path / "Downloads", {"3.1": FULL, "4.1": FULL, "3.2": {"hints": 2}}))
    said = progress()
    for chapter, earned in (
        ("03_max_pooling", 2),
        ("04_average_pooling", 2),
        ("05_padding_and_stride", 3.5),
    ):
        (found,) = [one for one in said.splitlines() if one.startswith(chapter)]
        assert found.endswith(f" {earned} of {out_of(chapter)}"), found
    every = sum(float(out_of(chapter)) for chapter in chapters())
    assert said.splitlines()[-1].endswith(f" 7.5 of {every:g}")
    assert "turned off" not in solution("5.1")
    assert "def " in solution("5.1")
    assert "Hint 3 of 3" in hint("3.2")


def test_a_folders_own_chapters_are_shown_question_by_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted(tmp_path / "other", {"5.1": FULL})
    monkeypatch.chdir(noted(tmp_path / "here", {"3.1": FULL, "3.2": {"points": 0.0, "right": False}}))
    lines = [line.split() for line in progress().splitlines()]
    assert ["3.1", "2", "of", f"{ALL['3.1']:g}", "Predict"] in lines
    assert ["3.2", "0", "of", f"{ALL['3.2']:g}", "One", "plane,", "with", "loops"] in lines
    assert ["3.3", "-", "of", f"{ALL['3.3']:g}"] in [line[:4] for line in lines]
    assert not any(line[0].startswith("5.") for line in lines)


def test_of_two_folders_that_know_a_question_the_best_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted(tmp_path / "first try", {"3.1": FULL, "3.2": {"hints": 2, "points": 1.0}})
    monkeypatch.chdir(
        noted(tmp_path / "second try", {"3.1": {"points": 0.5, "right": False}, "3.2": {"points": 3.0}})
    )
    assert f"5 of {OUT_OF}" in progress()
    assert "def " in solution("3.1")
    assert "Hint 3 of 3" in hint("3.2")


@pytest.mark.parametrize(
    "notes", ["", "[", "[1]", "7", '{"3.1": 7}', '{"3.1": {"points": "many", "hints": null, "right": []}}']
)
def test_notes_that_cannot_be_read_are_no_notes(
    notes: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted(tmp_path / "neighbour", notes)
    monkeypatch.chdir(noted(tmp_path / "here", notes))
    assert f"0 of {OUT_OF}" in progress()
    assert "not right yet" in solution("3.1")
    assert "Hint 1 of 3" in hint("3.1")
    assert "Hint 2 of 3" in hint("3.1"), "and they are replaced"


def test_a_folder_that_cannot_be_written_to_costs_nothing(
    notebook_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the notes last as long as the kernel does."""
    (notebook_folder / ".poolgrader").write_text("a file where a folder would have to be")
    monkeypatch.setattr("poolgrader.notes._unwritten", {})
    assert "Hint 1 of 3" in hint("3.1")
    assert "Hint 2 of 3" in hint("3.1")
    exec(f"{find('3.1').answer}\ncheck('3.1')", {"check": check})
    assert f"{ALL['3.1']:g} of {OUT_OF}" in progress()
    assert "def predict" in solution("3.1")
