"""Run all commands of the instructors' guide as written and in order, except those marked as not run."""

from __future__ import annotations

import builtins
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from poolgrader import learner_notebooks
from poolgrader.classroom import sample
from poolgrader.questions.course import course_in
from tests.classroom.classes import (
    ASSIGNMENT,
    COLUMN,
    FULL,
    NOTEBOOK,
    POINTS,
    RELEASED,
    ROOT,
    Pupil,
    canvas_csv,
    moodle_csv,
    zipped,
)
from tests.classroom.importers import canvas_imports, moodle_imports
from tests.course import SAMPLE
from tests.sample_marks import earned

PAGES = {
    name: (ROOT / "book" / "instructor" / f"{name}.md").read_text(encoding="utf-8")
    for name in ("index", "grading", "lms")
}
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = "# not run by a test: "
# Maps each command that another test runs to that test.
RUN_BY = {
    "make exercises": "tests/test_readme.py::test_make_exercises",
    "make course": "tests/test_readme.py::test_make_course",
}
MADE = [Pupil(40012, "right-shifts", "Doe", "Jane"), Pupil(40013, "o'brien", "O'Brien", "Zoë")]


def commands(page: str) -> list[str]:
    """The commands of a page that these tests run, in order.

    Each other command must be in RUN_BY, or have a line before it that says why it is not run.
    """
    found = []
    for block in BLOCK.findall(PAGES[page]):
        reason = ""
        for line in block.splitlines():
            if line.startswith(NOT_RUN):
                reason = line[len(NOT_RUN) :]
            else:
                assert not line.startswith("#"), f"expected '{NOT_RUN}reason', got {line!r}"
                if not reason and line not in RUN_BY:
                    found.append(line)
                reason = ""
    return found


def run(command: str, folder: Path, statuses: tuple[int, ...] = (0,)) -> str:
    """Run a command of the guide; returns what it prints.

    If no sandbox can be set up here, `grade` suggests `--sandbox none`, and the command is run again with it.
    """
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        shlex.split(command),
        cwd=folder,
        env=os.environ | {"PATH": programs},
        text=True,
        capture_output=True,
        check=False,
    )
    if "--sandbox none" in done.stderr and "--sandbox none" not in command:
        return run(f"{command} --sandbox none", folder, statuses)
    assert done.returncode in statuses, f"{command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout + done.stderr


def answered(name: str) -> bytes:
    """The notebook that the learner of this name in the sample class hands in."""
    import json

    from poolgrader.questions import questions_of

    pupil = next(pupil for pupil in SAMPLE.pupils if pupil.name == name)
    answers = {question.grade_id: pupil.answer(question) for question in questions_of(ASSIGNMENT)}
    return json.dumps(sample.fill(json.loads(RELEASED.read_text(encoding="utf-8")), answers)).encode()


def course(root: Path) -> None:
    """Copy the course to `root`, a folder of its own as the guide advises; no learners are in it yet."""
    shutil.copyfile(ROOT / "nbgrader_config.py", root / "nbgrader_config.py")
    shutil.copytree(ROOT / "solutions", root / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "exercises", root / "exercises")
    learner_notebooks.write_source_notebooks(course_in(root / "solutions"), root / "build" / "source")


def test_each_command_is_run_or_has_a_reason_why_not() -> None:
    assert sum(len(commands(page)) for page in PAGES) == sum(
        1
        for page in PAGES.values()
        for block in BLOCK.findall(page)
        for before, line in zip(["", *block.splitlines()], block.splitlines(), strict=False)
        if not line.startswith("#") and not before.startswith(NOT_RUN) and line not in RUN_BY
    )
    for test in RUN_BY.values():
        path, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")
    for page in PAGES.values():
        inline = re.findall(r"`(?:python -m poolgrader|nbgrader) (\w+)", page)
        assert set(inline) <= {"autograde", "export"}, "commands in the text must also be in a block"


@pytest.mark.slow
def test_the_first_hour(tmp_path: Path) -> None:
    """Grade, export and report three learners of the sample class; each file is where the guide says."""
    course(tmp_path)
    sample.write(RELEASED, tmp_path / "grading")
    for folder in (tmp_path / "grading" / "submitted").iterdir():
        if folder.name not in ("right-shifts", "wrong-axes", "blank"):
            shutil.rmtree(folder)
    assert f"grading/submitted/<learner>/{ASSIGNMENT}/{NOTEBOOK}" in PAGES["index"]
    assert (tmp_path / "grading" / "submitted" / "blank" / ASSIGNMENT / NOTEBOOK).exists()
    outputs = [run(line, tmp_path) for line in commands("index")]
    assert "kernel_axes_swapped" in outputs[0]
    assert {"gradebook.db", "reports"} <= {path.name for path in (tmp_path / "grading").iterdir()}
    assert (tmp_path / "grading" / "reports" / ASSIGNMENT / "right-shifts.html").exists()
    anonymous = tmp_path / "grading" / "reports-anonymous"
    assert not [
        path for path in anonymous.rglob("*.html") if "right-shifts" in path.read_text(encoding="utf-8")
    ]
    assert list(anonymous.rglob("index.html"))


@pytest.mark.slow
def test_the_page_on_the_lms(tmp_path: Path) -> None:
    """Run the commands for Canvas, then those for Moodle; each LMS would import the right marks."""
    course(tmp_path)
    due = [POINTS, f"{earned('wrong-axes'):g}"]
    lines = commands("lms")
    starts = [index for index, line in enumerate(lines) if "collect" in line]
    canvas, moodle, rest = lines[: starts[1]], lines[starts[1] : starts[1] + 3], lines[starts[1] + 3 :]
    assert "--roster canvas.csv" in canvas[0]
    assert "--roster moodle.csv" in moodle[0]
    works = [answered("right-shifts"), answered("wrong-axes")]
    canvas_csv(MADE, tmp_path / "canvas.csv")
    moodle_csv(MADE, tmp_path / "moodle.csv")
    zipped(
        [(f"x_{one.number}_9_{NOTEBOOK}", work) for one, work in zip(MADE, works, strict=True)],
        tmp_path / "submissions.zip",
    )
    for line in canvas:
        run(line, tmp_path)
    assert (tmp_path / "grading" / "submitted" / "o~27brien" / ASSIGNMENT / NOTEBOOK).exists(), (
        "the folder must be named as the page says"
    )
    numbers = {*(one.number for one in MADE), 99_999}
    taken = canvas_imports((tmp_path / "canvas-import.csv").read_bytes(), numbers, COLUMN)
    assert [taken[one.number, 502] for one in MADE] == due
    for line in rest:
        if "MoodleExporter" not in line:
            run(line, tmp_path)
    again = canvas_imports((tmp_path / "canvas-import.csv").read_bytes(), numbers, COLUMN)
    assert again == taken, "nbgrader's export must write the same marks"
    shutil.rmtree(tmp_path / "grading")
    files = [
        (f"x_{one.number}_assignsubmission_file_/{NOTEBOOK}", work)
        for one, work in zip(MADE, works, strict=True)
    ]
    zipped(files, tmp_path / "submissions.zip")
    for line in [*moodle, *(line for line in rest if "MoodleExporter" in line)]:
        run(line, tmp_path)
    got = moodle_imports((tmp_path / "moodle-import.csv").read_bytes(), {one.number for one in MADE}, FULL)
    assert [got[one.number][0] for one in MADE] == due
    assert "kernel_axes_swapped" in got[MADE[1].number][1]


@pytest.mark.slow
def test_the_page_on_grading(tmp_path: Path) -> None:
    """Run the commands for a class on a laptop, then those for a class on a hub.

    On the hub, the assignment is released, a learner fetches and submits it, and feedback is returned.
    """
    course(tmp_path)
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)
    settings = tmp_path / "nbgrader_config.py"
    settings.write_text(f"{settings.read_text()}\nc.Exchange.root = {str(exchange)!r}\n")
    sample.write(RELEASED, tmp_path / "grading")
    for folder in (tmp_path / "grading" / "submitted").iterdir():
        if folder.name not in ("right-shifts", "wrong-axes", "blank"):
            shutil.rmtree(folder)
    done = []
    for line in commands("grading"):
        if line == f"nbgrader generate_assignment {ASSIGNMENT} --force":
            (tmp_path / "grading").rename(tmp_path / "of the laptop")
            (tmp_path / "grading").mkdir()
        if line == f"nbgrader collect {ASSIGNMENT}":
            _submit(tmp_path, exchange)
        # The page selects learners by 'u*'. Replace u by the first letter of a learner who exists here.
        learner_here = next((tmp_path / "grading" / "submitted").iterdir()).name if "'u*'" in line else "u"
        output = run(line.replace("'u*'", f"'{learner_here[0]}*'"), tmp_path)
        done.append((line, output))
    by_line = dict(done)
    assert "blank" in done[0][1]
    assert "not started" in done[0][1]
    assert "1 to grade" not in by_line[f"python -m poolgrader grade --assignment {ASSIGNMENT} --dry-run"]
    run(f"nbgrader fetch_feedback {ASSIGNMENT}", tmp_path / "home")
    (handed_back,) = (tmp_path / "home" / ASSIGNMENT / "feedback").rglob("*.html")
    page = handed_back.read_text(encoding="utf-8")
    assert "why" in page, "the feedback must be our page"
    assert f"{earned('wrong-axes'):g} of {POINTS} points." in page
    anonymous = by_line[f"python -m poolgrader grade --assignment {ASSIGNMENT} --anonymous"]
    assert "learner-" in anonymous
    (learner,) = (path.name for path in (tmp_path / "grading" / "submitted").iterdir())
    assert not re.search(rf"^ *{learner} ", anonymous, re.MULTILINE)


def _submit(root: Path, exchange: Path) -> None:
    """Fetch and submit the assignment as a learner on the hub."""
    home = root / "home"
    home.mkdir()
    (home / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = 'poolkit'\nc.Exchange.root = {str(exchange)!r}\n"
        f"c.Exchange.cache = {str(root / 'cache')!r}\n"
    )
    run(f"nbgrader fetch_assignment {ASSIGNMENT}", home)
    (home / ASSIGNMENT / NOTEBOOK).write_bytes(answered("wrong-axes"))
    run(f"nbgrader submit {ASSIGNMENT}", home)


@pytest.mark.parametrize(
    "phrase",
    re.findall(
        r"`([^`]+)`", PAGES["grading"].split("## When something is not normal")[1].split("\n\nResults")[0]
    ),
)
def test_each_phrase_of_the_table_is_one_that_the_grader_prints(phrase: str) -> None:
    """The phrase must be in the grader's source, or be the name of one of Python's exceptions."""
    if phrase.startswith("--"):
        phrase = phrase.split()[0]
    spelled = {
        "is in the notebook 2 times": "is in the notebook {",
        "is made with torch": "is made with {",
        "this is a PDF, not a notebook": ", not a notebook: ",
        "not done within 10 s, at the line": "not done within {",
        "the answer's cell is not in the notebook": "the answer's cell is not in the notebook",
        "q3-2: SyntaxError": "SyntaxError",
        "no answer within 5 s": "no answer within",
        "database is locked": "locked",
        "MemoryError": "MemoryError",
        "gradebook.db": "gradebook.db",
        "this is average_pooling of 04_average_pooling, not max_pooling of 03_max_pooling": ": this is {",
        "timestamp.txt: expected": "expected a time such as",
        "late by 3 h 10 min: 2 of 4 points taken off": "points taken off",
    }.get(phrase, phrase)
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "poolgrader").rglob("*.py"))
    assert spelled in sources or hasattr(builtins, spelled)
