"""The file that counts as a learner's notebook is chosen by its cells, then by its name, never by guess."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from poolgrader.__main__ import main
from poolgrader.classroom import grade_command, sample
from poolgrader.classroom.handed_in.intake import Target, collect
from poolgrader.classroom.handed_in.which_notebook import assignment_of, handout
from poolgrader.classroom.lms.read_roster import read_roster
from poolgrader.classroom.run.result import SCHEMA, read_result
from poolgrader.classroom.secret import TEST_SECRET
from tests.classroom import work
from tests.classroom.classes import Pupil, canvas_csv, zipped
from tests.course import COURSE

RIGHT, OTHER, UNKNOWN = "right", "other", "unknown"
NAME = work.RELEASED.name
SAID_OTHER = "this is max_pooling of 03_max_pooling, not setup of 00_setup"
SAID_UNKNOWN = "whose cells are of no assignment of this course"


def content(kind: str) -> bytes:
    """The bytes of a file of this kind.

    The kinds are a notebook of this assignment, one of another assignment, one without known cell ids, one
    without metadata, one with added cells of another assignment, and a file that is no notebook.
    """
    if kind == OTHER:
        return (work.ROOT / "exercises" / "03_max_pooling" / "max_pooling.ipynb").read_bytes()
    cell: dict[str, Any] = {"cell_type": "code", "metadata": {}, "source": "x = 1", "outputs": []}
    cells = [cell | {"execution_count": None}]
    if kind == UNKNOWN:
        return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()
    notebook = sample.fill(json.loads(work.RELEASED.read_text(encoding="utf-8")), work.RIGHT)
    if kind == "without metadata":
        for cell in notebook["cells"]:
            cell["metadata"] = {}
    if kind == "with another one's cell":
        notebook["cells"] += json.loads(content(OTHER))["cells"]
    return kind.encode() if kind == "no notebook" else json.dumps(notebook).encode()


# By learner: the kinds of files handed in, the file that counts ("" if none), and a part of the message.
FILES: dict[str, tuple[Mapping[str, str], str, str]] = {
    "as released": ({NAME: RIGHT}, NAME, ""),
    "all metadata lost": ({NAME: "without metadata"}, NAME, ""),
    "with another assignment's cells": ({NAME: "with another one's cell"}, NAME, ""),
    "a second copy": ({"setup (1).ipynb": RIGHT}, "setup (1).ipynb", "handed in as 'setup (1).ipynb'"),
    "name in capital letters": ({"SETUP.IPYNB": RIGHT}, "SETUP.IPYNB", "handed in as 'SETUP.IPYNB'"),
    "another file name": ({"jane doe.ipynb": RIGHT}, "jane doe.ipynb", "handed in as 'jane doe.ipynb'"),
    "another file name, all metadata lost": (
        {"j.ipynb": "without metadata"},
        "j.ipynb",
        "handed in as 'j.ipynb'",
    ),
    "in a folder": ({"week 1/setup.ipynb": RIGHT}, "week 1/setup.ipynb", "handed in as 'week 1/setup.ipynb'"),
    "beside an unrelated notebook": (
        {"a.ipynb": UNKNOWN, "b.ipynb": RIGHT},
        "b.ipynb",
        "handed in as 'b.ipynb'",
    ),
    "beside another assignment's": ({NAME: OTHER, "b.ipynb": RIGHT}, "b.ipynb", "handed in as 'b.ipynb'"),
    "beside a broken one": ({NAME: "no notebook", "b.ipynb": RIGHT}, "b.ipynb", "handed in as 'b.ipynb'"),
    "beside another copy": ({NAME: RIGHT, "aaa.ipynb": RIGHT}, NAME, "'setup.ipynb' counts, not 'aaa.ipynb'"),
    "another assignment's under this name": ({NAME: OTHER}, "", SAID_OTHER),
    "another assignment's": ({"max_pooling.ipynb": OTHER}, "", SAID_OTHER),
    "another assignment's by its name alone": ({"max_pooling (2).ipynb": UNKNOWN}, "", SAID_OTHER),
    "of no known assignment": ({"homework.ipynb": UNKNOWN}, "", SAID_UNKNOWN),
    "two that could be meant": (
        {"a.ipynb": RIGHT, "b.ipynb": "without metadata"},
        "",
        "'a.ipynb', 'b.ipynb'",
    ),
}


@pytest.fixture
def known_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grade_command, "course_secret", lambda folder: TEST_SECRET)


def grade(folder: Path, *arguments: str) -> int:
    """Run `grade` without a sandbox, since only the choice of the file matters here."""
    return main(["grade", "--folder", str(folder), "--sandbox", "none", "--workers", "1", *arguments])


def hand_in(folder: Path, learner: str, files: Mapping[str, str]) -> Path:
    place = folder / "submitted" / learner / work.ASSIGNMENT
    for name, kind in files.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content(kind))
    return place


def points(result: Any) -> float:
    return float(sum(record["points"] for record in result["questions"]))


@pytest.mark.usefixtures("known_secret")
def test_the_right_notebook_is_graded_and_an_unclear_one_gets_no_mark(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for learner, (files, _, _) in FILES.items():
        hand_in(tmp_path, learner, files)
    assert grade(tmp_path) == 1, "the exit status is 1 if submissions are set aside"
    printed = capsys.readouterr().out.splitlines()
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    for learner, (_, counts, words) in FILES.items():
        about = [line for line in printed if line.startswith(f"{learner}: ")]
        lines = [line for line in about if "without a sandbox" not in line]
        result = read_result(work.course(tmp_path).result_path(learner))
        assert any(words in line for line in lines) if words else not lines, (learner, lines)
        if not counts:
            assert result is None, learner
            assert any("needs autograding" in line for line in lines), learner
            continue
        assert result, learner
        jsonschema.validate(result, schema)
        assert (result["notebook"], points(result)) == (counts, work.FULL), learner
        shown = json.loads((tmp_path / "autograded" / learner / work.ASSIGNMENT / NAME).read_bytes())
        assert "def cut_window" in "".join("".join(cell["source"]) for cell in shown["cells"]), learner
        page = (tmp_path / "reports" / work.ASSIGNMENT / f"{learner}.html").read_text(encoding="utf-8")
        assert "What you handed in" in page or "without metadata" in FILES[learner][0].values(), learner
    graded = {row[1] for row in work.gradebook_rows(tmp_path)}
    assert graded == {learner for learner, (_, counts, _) in FILES.items() if counts}
    capsys.readouterr()
    assert grade(tmp_path, "--dry-run") == 0
    assert "0 to grade, 12 results stand, 5 cannot be graded" in capsys.readouterr().out


def test_many_blank_lines_do_not_slow_the_search_for_check_cells() -> None:
    """A regular expression that tries again from each blank line would take minutes."""
    cell = {"cell_type": "code", "metadata": {}, "source": 200_000 * "\n" + 100_000 * "check(\n"}
    raw = json.dumps({"nbformat": 4, "cells": [cell]}).encode()
    assert assignment_of(raw, "mine.ipynb", work.ASSIGNMENT, handout(COURSE.exercises)) == ""


@pytest.mark.usefixtures("known_secret")
def test_a_renamed_notebook_updates_the_result(tmp_path: Path) -> None:
    place = hand_in(tmp_path, "jo", {"mine.ipynb": RIGHT})
    assert grade(tmp_path) == 0
    (place / "mine.ipynb").rename(place / NAME)
    assert grade(tmp_path) == 0
    result = read_result(work.course(tmp_path).result_path("jo"))
    assert result
    assert result["notebook"] == NAME


@pytest.mark.usefixtures("known_secret")
def test_links_pipes_and_hidden_files_are_ignored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Links, pipes, folders, hidden files and Jupyter's checkpoints do not count as submissions."""
    full = hand_in(tmp_path, "other", {NAME: RIGHT})
    place = hand_in(
        tmp_path, "jo", {".ipynb_checkpoints/setup-checkpoint.ipynb": RIGHT, ".hidden.ipynb": RIGHT}
    )
    (place / "linked.ipynb").symlink_to(full / NAME)
    (place / "folder").symlink_to(full)
    (place / "folder.ipynb").mkdir()
    os.mkfifo(place / "pipe.ipynb")
    assert grade(tmp_path) == 1
    assert read_result(work.course(tmp_path).result_path("jo")) is None
    said = f"expected {NAME}, there is 'folder.ipynb', 'linked.ipynb', 'pipe.ipynb'"
    assert said in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("name", [name for name, (files, _, _) in FILES.items() if "/" not in "".join(files)])
def test_collect_takes_the_file_that_grade_would_grade(name: str, tmp_path: Path) -> None:
    """If two files match equally, collect takes the newer one, because an LMS's zip shows their order."""
    files, counts, words = (
        FILES[name] if name != "two that could be meant" else (FILES[name][0], "b.ipynb", "newest")
    )
    roster = read_roster(canvas_csv([Pupil(72, "jane", "Doe", "Jane")], tmp_path / "grades.csv"))
    named = [
        (f"doejane_72_{90 + order}_{file}", content(kind)) for order, (file, kind) in enumerate(files.items())
    ]
    target = Target(tmp_path / "grading", work.ASSIGNMENT, NAME)
    done = collect(zipped(named, tmp_path / "a.zip"), roster, target)
    if not counts:
        assert not done.written
        assert [note for note in done.problems if note.learner == "jane" and words in note.reason], (
            done.problems
        )
        return
    assert target.path("jane").read_bytes() == content(files[counts])
    assert not done.problems
    renamed = counts.casefold() not in (NAME, "setup (1).ipynb")
    assert renamed == any("under another name" in note.reason for note in done.notes)
    assert (len(files) > 1) == any("handed in 2 notebooks" in note.reason for note in done.notes)
