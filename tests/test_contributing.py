"""CONTRIBUTING's steps, followed one by one in a copy of the course."""

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
from tests.course import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
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
    """A copy of what the commands need."""
    shutil.copytree(ROOT / "solutions", tmp_path / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises")
    shutil.copyfile(ROOT / "nbgrader_config.py", tmp_path / "nbgrader_config.py")
    (tmp_path / "book" / "instructor").mkdir(parents=True)
    return tmp_path


def add_question(root: Path, chapter: str, number: str) -> None:
    """The files that 'Add a question' shows, for another chapter and number where they are given."""
    for path, body in files("Add a question"):
        body = body.replace("3.7", number)
        path = path.replace("ch03_max_pooling", chapter).replace("q7_", f"q{number.partition('.')[2]}_")
        target = root / path
        if target.name == "notebook.py":
            text = target.read_text(encoding="utf-8")
            before, mark, last = text.rpartition("# %% [markdown]\n")
            kept = "## Before you go" in last
            target.write_text(before + body + "\n" + mark + last if kept else text + "\n" + body, encoding="utf-8")
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(body, encoding="utf-8")
            if target.name == "question.py":
                (target.parent / "__init__.py").touch()


@pytest.mark.slow
def test_add_a_question(root: Path) -> None:
    """Its folder and its cells are all: no other file is touched by hand."""
    add_question(root, "ch03_max_pooling", "3.7")
    commands = re.findall(r"^ +python -m poolgrader (.+)$", section("Add a question"), re.M)
    assert commands == [
        "mutation --question 3.7 --seeds 20",
        "exercises --chapter 03_max_pooling",
        "mutation --seeds 5",
    ]
    assert "| 3 of 3 | 3 of 3 | 3 of 3 |" in command(root, *commands[0].split())
    assert command(root, *commands[1].split()) == "wrote exercises/03_max_pooling/max_pooling.ipynb\n"
    cells = nbformat.read(root / "exercises" / "03_max_pooling" / "max_pooling.ipynb", as_version=4).cells
    assert "| 3.7 | Find the smallest value of each row | 1 |" in cells[0].source
    assert any(cell.source.startswith("## 3.7 The smallest value of each row (1 point)") for cell in cells)
    graded = [cell.metadata.nbgrader.grade_id for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert graded[-1] == "q3-7-check"
    assert "raise NotImplementedError" in next(cell.source for cell in cells if "smallest_of_rows(x):" in cell.source)


@pytest.mark.slow
def test_add_a_chapter(root: Path) -> None:
    for path, body in files("Add a chapter"):
        target = root / path
        target.parent.mkdir(parents=True)
        target.write_text(body, encoding="utf-8")
        (target.parent / "__init__.py").write_text('"""Chapter 16, your title."""\n', encoding="utf-8")
    add_question(root, "ch16_your_slug", "16.1")
    assert command(root, "exercises", "--chapter", "16_your_slug") == "wrote exercises/16_your_slug/your_slug.ipynb\n"
    assert "| 3 of 3 | 3 of 3 | 3 of 3 |" in command(root, "mutation", "--chapter", "16_your_slug", "--seeds", "3")
    first = nbformat.read(root / "exercises" / "16_your_slug" / "your_slug.ipynb", as_version=4).cells[0].source
    assert "**Time:** about 30 minutes. **Points:** 1." in first


def test_a_gap_in_the_numbers_is_named(root: Path) -> None:
    shutil.move(
        root / "solutions" / "ch03_max_pooling" / "q4_expose", root / "solutions" / "ch03_max_pooling" / "q8_expose"
    )
    with pytest.raises(
        ValueError, match="ch03_max_pooling: expected questions numbered from 1 without a gap, got 1, 2, 3, 5"
    ):
        questions_of("03_max_pooling", course_in(root / "solutions"))


def test_an_answer_cell_that_is_missing_is_named(root: Path) -> None:
    add_question(root, "ch03_max_pooling", "3.7")
    notebook = root / "solutions" / "ch03_max_pooling" / "notebook.py"
    notebook.write_text(notebook.read_text(encoding="utf-8").replace('answer="3.7"', 'answer="3.9"'), encoding="utf-8")
    question = questions_of("03_max_pooling", course_in(root / "solutions"))[-1]
    with pytest.raises(ValueError, match=r'notebook.py: expected a cell `# %% answer="3.7"`, found none'):
        _ = question.answer
