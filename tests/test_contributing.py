"""Follow the steps of CONTRIBUTING.md in a copy of the course."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from poolgrader.questions import questions_of
from poolgrader.questions.course import course_in
from tests.course import COURSE, ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CHAPTER = "03_max_pooling"
# The text adds question 3.7 and chapter 16. If these exist already, the tests use the next free numbers.
FREE = f"3.{len(questions_of(CHAPTER)) + 1}"
NEW = max(int(assignment[:2]) for assignment in COURSE.chapters) + 1
BLOCK = re.compile(r"^ +```python\n +# (solutions/\S+)\n(.*?)^ +```$", re.M | re.S)


def section(heading: str) -> str:
    return TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]


def files(heading: str) -> Iterator[tuple[str, str]]:
    """Path and content of each file that a section shows."""
    for path, body in BLOCK.findall(section(heading)):
        yield path, textwrap.dedent(body)


def command(root: Path, *arguments: str) -> str:
    line = [sys.executable, "-m", "poolgrader", *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "POOLGRADER_COURSE"}
    done = subprocess.run(line, cwd=root, env=environment, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with copies of the files that the commands need."""
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises")
    shutil.copyfile(ROOT / "nbgrader_config.py", tmp_path / "nbgrader_config.py")
    (tmp_path / "book" / "instructor").mkdir(parents=True)
    return tmp_path


def add_question(root: Path, chapter: str, number: str) -> None:
    """Write the files that 'Add a question' shows, for the given chapter and question number."""
    for path, body in files("Add a question"):
        body = body.replace("3.7", number)
        path = path.replace("ch03_max_pooling", chapter).replace("q7_", f"q{number.partition('.')[2]}_")
        target = root / path
        if target.name == "notebook.py":
            text = target.read_text(encoding="utf-8")
            before, mark, last = text.rpartition("# %% [markdown]\n")
            kept = "## Before you go" in last
            target.write_text(
                before + body + "\n" + mark + last if kept else text + "\n" + body, encoding="utf-8"
            )
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(body, encoding="utf-8")
            if target.name == "question.py":
                (target.parent / "__init__.py").touch()


@pytest.mark.slow
def test_add_a_question(root: Path) -> None:
    """Adding a question takes its folder and its notebook cells; no other file is edited by hand."""
    add_question(root, f"ch{CHAPTER}", FREE)
    commands = re.findall(r"^ +python -m poolgrader (.+)$", section("Add a question"), re.M)
    assert commands == [
        "mutation --question 3.7 --seeds 20",
        "mutation --question 3.7 --generated",
        "exercises --chapter 03_max_pooling",
        "mutation --seeds 5",
    ]
    assert "| 3 of 3 | 3 of 3 | 3 of 3 |" in command(root, *commands[0].replace("3.7", FREE).split())
    made, killed, equal, varies, survives = (
        command(root, *commands[1].replace("3.7", FREE).split()).splitlines()[1].split()[1:]
    )
    assert int(made) == int(killed) + int(equal) > 20
    assert (varies, survives) == ("0", "0")
    assert command(root, *commands[2].split()) == "wrote exercises/03_max_pooling/max_pooling.ipynb\n"
    cells = nbformat.read(root / "exercises" / "03_max_pooling" / "max_pooling.ipynb", as_version=4).cells
    assert f"| {FREE} | Find the smallest value of each row | 1 |" in cells[0].source
    heading = f"## {FREE} The smallest value of each row (1 point)"
    assert any(cell.source.startswith(heading) for cell in cells)
    graded = [
        cell.metadata.nbgrader.grade_id for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")
    ]
    assert graded[-1] == f"q{FREE.replace('.', '-')}-check"
    assert "raise NotImplementedError" in next(
        cell.source for cell in cells if "smallest_of_rows(x):" in cell.source
    )


@pytest.mark.slow
def test_add_a_chapter(root: Path) -> None:
    for path, body in files("Add a chapter"):
        target = root / path.replace("ch16", f"ch{NEW}")
        target.parent.mkdir(parents=True)
        target.write_text(body.replace("Exercise 16", f"Exercise {NEW}"), encoding="utf-8")
        (target.parent / "__init__.py").write_text(f'"""Chapter {NEW}, your title."""\n', encoding="utf-8")
    chapter = f"{NEW}_your_slug"
    add_question(root, f"ch{chapter}", f"{NEW}.1")
    assert command(root, "exercises", "--chapter", chapter) == f"wrote exercises/{chapter}/your_slug.ipynb\n"
    assert "| 3 of 3 | 3 of 3 | 3 of 3 |" in command(root, "mutation", "--chapter", chapter, "--seeds", "3")
    first = nbformat.read(root / "exercises" / chapter / "your_slug.ipynb", as_version=4).cells[0].source
    assert "**Time:** about 30 minutes. **Points:** 1." in first


def test_a_gap_in_the_question_numbers_is_reported(root: Path) -> None:
    (fourth,) = (root / "solutions" / f"ch{CHAPTER}").glob("q4_*")
    fourth.rename(fourth.with_name(f"q{len(questions_of(CHAPTER)) + 2}_moved"))
    with pytest.raises(
        ValueError,
        match="ch03_max_pooling: expected questions numbered from 1 without a gap, got 1, 2, 3, 5",
    ):
        questions_of(CHAPTER, course_in(root / "solutions"))


def test_a_missing_answer_cell_is_reported(root: Path) -> None:
    add_question(root, f"ch{CHAPTER}", FREE)
    notebook = root / "solutions" / "ch03_max_pooling" / "notebook.py"
    text = notebook.read_text(encoding="utf-8")
    notebook.write_text(text.replace(f'answer="{FREE}"', 'answer="3.99"'), encoding="utf-8")
    question = questions_of(CHAPTER, course_in(root / "solutions"))[-1]
    with pytest.raises(ValueError, match=f'notebook.py: expected a cell `# %% answer="{FREE}"`, found none'):
        _ = question.answer
