"""Collect an LMS's zip and export its CSV, with three hundred learners each for Canvas and for Moodle.

The results of these learners are made up. Another test really grades the work of three learners.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from poolgrader.__main__ import main
from poolgrader.classroom import sample
from poolgrader.classroom.gradebook.gradebook import database
from poolgrader.classroom.lms.learners import folder_of
from tests.classroom.classes import (
    ASSIGNMENT,
    COLUMN,
    FULL,
    NOTEBOOK,
    RELEASED,
    Pupil,
    bare,
    canvas_csv,
    moodle_csv,
    notebook_of,
    pupils,
    zipped,
)
from tests.classroom.importers import canvas_imports, moodle_imports
from tests.classroom.made_results import QUESTIONS, mocked, points_of
from tests.course import COURSE, SAMPLE
from tests.sample_marks import earned

COURSE_SETTINGS = 'c = get_config()\nc.LateSubmissionPlugin.penalty_method = "zero"\n'

# the points of each made-up learner in all questions but 3.3, for which `points_of` gives the points
REST = FULL - QUESTIONS[2].points


def test_round_trip_by_canvas(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Collect Canvas's zip and export its CSV: each learner has the right mark, which is 0 for late work."""
    made, folder = pupils(300), tmp_path / "grading"
    grades = canvas_csv(made, tmp_path / "grades.csv", ";", True)
    late = {one.login for one in made[::10]}
    files = [
        (
            f"{bare(one.name)}{'_LATE' if one.login in late else ''}"
            f"_{one.number}_{7 * one.number}_max_pooling-2.ipynb",
            notebook_of(one.login),
        )
        for one in made
    ]
    path = zipped(files, tmp_path / "a.zip")
    due = ["--due", "2026-03-01T13:00+01:00"]
    taking = [
        "collect",
        str(path),
        "--assignment",
        ASSIGNMENT,
        "--roster",
        str(grades),
        "--folder",
        str(folder),
    ]
    assert main([*taking, *due]) == 0
    assert (
        "300 written, 0 there already, 30 late, 0 not taken, 0 handed in nothing" in capsys.readouterr().out
    )
    assert main(taking) == 0
    assert "0 written, 300 there already, 30 late" in capsys.readouterr().out
    (tmp_path / "nbgrader_config.py").write_text(COURSE_SETTINGS)
    mocked(folder, [folder_of(one.login) for one in made], tmp_path)
    with Gradebook(database(folder), COURSE.id) as gradebook:
        by_hand = gradebook.find_grade("q3-1-check", "max_pooling", ASSIGNMENT, folder_of(made[5].login))
        by_hand.manual_score = 0.5
        gradebook.db.commit()
    out = tmp_path / "import.csv"
    giving = [
        "export",
        "--assignment",
        ASSIGNMENT,
        "--roster",
        str(grades),
        "--folder",
        str(folder),
        "--to",
        str(out),
    ]
    assert main(giving) == 0
    taken = canvas_imports(out.read_bytes(), {*(one.number for one in made), 99_999}, COLUMN)
    for index, one in enumerate(made):
        expected = REST + points_of(index) - (QUESTIONS[0].points - 0.5 if index == 5 else 0)
        assert float(taken[one.number, 502]) == pytest.approx(0 if one.login in late else expected)
    assert taken[99_999, 502] == ""
    assert len(taken) == 301


def test_round_trip_by_moodle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made, folder = pupils(300, seed=5), tmp_path / "grading"
    late = {one.number for one in made[::10]}
    sheet = moodle_csv(made, tmp_path / "sheet.csv", late)
    files = [
        (
            f"{one.full.replace('_', ' ')}_{one.number}_assignsubmission_file/max_pooling.ipynb",
            notebook_of(one.login),
        )
        for one in made
    ]
    path = zipped(files, tmp_path / "a.zip")
    zone = ["--timezone", "Europe/Vienna", "--due", "2026-03-01T12:00+01:00"]
    taking = [
        "collect",
        str(path),
        "--assignment",
        ASSIGNMENT,
        "--roster",
        str(sheet),
        "--folder",
        str(folder),
    ]
    assert main([*taking, *zone]) == 0
    assert "300 written, 0 there already, 30 late, 0 not taken" in capsys.readouterr().out
    (tmp_path / "nbgrader_config.py").write_text(COURSE_SETTINGS)
    learners = [folder_of(one.login if "@" in one.login else f"{one.login}@uni.example") for one in made]
    mocked(folder, learners, tmp_path)
    out = tmp_path / "import.csv"
    assert (
        main(
            [
                "export",
                "--assignment",
                ASSIGNMENT,
                "--roster",
                str(sheet),
                "--folder",
                str(folder),
                "--to",
                str(out),
            ]
        )
        == 0
    )
    taken = moodle_imports(out.read_bytes(), {one.number for one in made}, FULL)
    assert len(taken) == 300
    for index, one in enumerate(made):
        value, feedback = taken[one.number]
        assert float(value) == pytest.approx(0 if one.number in late else REST + points_of(index))
        assert ("taken off" in feedback) == (one.number in late)
        assert f"3.3: {points_of(index):g}" in feedback


def test_three_learners_graded_from_zip_to_import(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Collect, grade and export notebooks; nothing is mocked."""
    names = ("right-shifts", "wrong-axes", "blank")
    chosen = [pupil for pupil in SAMPLE.pupils if pupil.name in names]
    made = [Pupil(50 + index, f"u{index}", f"Last{index}", "First") for index in range(len(chosen))]
    released = json.loads(RELEASED.read_text(encoding="utf-8"))
    files = []
    for one, pupil in zip(made, chosen, strict=True):
        answers = {question.grade_id: pupil.answer(question) for question in QUESTIONS}
        text = json.dumps(released if pupil.blank else sample.fill(released, answers))
        files.append((f"{bare(one.name)}_{one.number}_9_{NOTEBOOK}", text.encode()))
    folder, grades = tmp_path / "grading", canvas_csv(made, tmp_path / "grades.csv")
    where = ["--assignment", ASSIGNMENT, "--folder", str(folder)]
    assert main(["collect", str(zipped(files, tmp_path / "a.zip")), "--roster", str(grades), *where]) == 0
    assert main(["grade", *where, "--sandbox", "none", "--workers", "1"]) == 0
    assert main(["export", "--roster", str(grades), *where, "--to", str(tmp_path / "out.csv")]) == 0
    taken = canvas_imports(
        (tmp_path / "out.csv").read_bytes(),
        {*(one.number for one in made), 99_999},
        COLUMN,
    )
    due = {"right-shifts": FULL, "wrong-axes": earned("wrong-axes"), "blank": 0.0}
    assert {pupil.name: float(taken[one.number, 502]) for one, pupil in zip(made, chosen, strict=True)} == due
    page = (folder / "reports" / ASSIGNMENT / "u1.html").read_text(encoding="utf-8")
    handed_back = (folder / "feedback" / "u1" / ASSIGNMENT / "max_pooling.html").read_text(encoding="utf-8")
    assert page == handed_back
    assert "What you handed in for 3.2" in page
    assert "graded without a sandbox" in (folder / "reports" / ASSIGNMENT / "index.html").read_text(
        encoding="utf-8"
    )
    capsys.readouterr()
    again = [
        "--zip",
        str(tmp_path / "a.zip"),
        "--roster",
        str(grades),
        "--sandbox",
        "none",
        "--json",
        "-",
        "--anonymous",
    ]
    assert main(["grade", *where, *again]) == 0
    captured = capsys.readouterr()
    assert "3 there already" in captured.out
    output = captured.out + captured.err
    output += "".join(
        path.name + path.read_text("utf-8") for path in (folder / "reports-anonymous").rglob("*.html")
    )
    assert not re.search(r"\bu[012]\b|Last\d|last\dfirst", output)
    assert "kernel_axes_swapped" in output


def test_grade_with_a_zip_needs_a_roster(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="--zip needs --roster"):
        main(["grade", "--folder", str(tmp_path), "--zip", "a.zip"])
