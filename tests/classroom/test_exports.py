"""Exports of marks: contents of the files, marks that an LMS gets, and error messages of one line."""

from __future__ import annotations

import csv
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from poolgrader.__main__ import main
from poolgrader.classroom.exports.for_lms import comment, lms_csv
from poolgrader.classroom.exports.for_people import marks_csv
from poolgrader.classroom.gradebook.gradebook import database, prepare
from poolgrader.classroom.gradebook.marks import Mark, Part, read_marks
from poolgrader.classroom.lms.learners import folder_of
from poolgrader.classroom.lms.read_roster import read_roster
from poolgrader.classroom.lms.roster import RosterError
from poolgrader.classroom.pages.pseudonyms import Pseudonyms
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
    pupils,
    zipped,
)
from tests.classroom.importers import canvas_imports
from tests.classroom.made_results import QUESTIONS, all_but, columns, mark, mocked, record, result
from tests.course import COURSE

DUE = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_an_lms_gets_marks_of_graded_learners_only(tmp_path: Path) -> None:
    made = pupils(5)
    roster = read_roster(canvas_csv(made[:4], tmp_path / "grades.csv"))
    graded, waits, ungraded, _, stranger = (folder_of(one.login) for one in made)
    full = mark(result(graded))
    essay = {**full.parts, "essay": Part(0.0, None, None, True)}
    marks = {
        graded: full,
        waits: Mark(waits, essay, FULL, 0.0, FULL),
        ungraded: Mark(ungraded, {"3.1": Part(0.0, None, None, False)}, 0.0, 0.0, FULL),
        stranger: mark(result(stranger)),
    }
    content, notes = lms_csv(roster, ASSIGNMENT, marks, {})
    taken = canvas_imports(content, {*(one.number for one in made), 99_999}, COLUMN)
    assert [taken[one.number, 502] for one in made[:4]] == [POINTS, POINTS, "", ""]
    assert any(note.startswith(ungraded) and "not graded" in note for note in notes)
    assert any(note.startswith(waits) and "waits for a mark by hand" in note for note in notes)
    assert any(note.startswith(stranger) and "not in the list" in note for note in notes)
    assert any(note.startswith(made[3].name) and "no submission" in note for note in notes)
    assert len(notes) == 4


def test_a_row_for_each_learner(tmp_path: Path) -> None:
    one = result("=cmd", record(2, 1.5, reason="+1 is -1\n@x"), grader="new")
    told = mark(
        one,
        2.0,
        {"3.2": 3.0},
        seconds_late=90.0,
        timestamp=datetime(2026, 3, 1, 12, 1, 30),
        names=("-Doe", "Jane", "@j", "7"),
    )
    content, _ = marks_csv(ASSIGNMENT, {"=cmd": told}, {"=cmd": one})
    (row,) = csv.DictReader(content.decode().splitlines())
    assert row["learner"] == "'=cmd"
    assert (row["last_name"], row["first_name"], row["email"]) == ("'-Doe", "Jane", "'@j")
    assert [row[question.id] for question in QUESTIONS] == columns(q3_2=3.0, q3_3=1.5)
    assert (row["score"], row["late_submission_penalty"], row["total"], row["max_score"]) == (
        f"{FULL - 3.5:g}",
        "2",
        f"{FULL - 5.5:g}",
        f"{FULL:g}",
    )
    assert (row["seconds_late"], row["timestamp"], row["by_hand"]) == ("90", "2026-03-01 12:01:30", "3.2")
    assert (row["status"], row["grader"], row["sandbox"]) == ("graded", "new", "sandbox of a test")
    assert row["reason"].startswith("3.3 +1 is -1"), "no cell may start like a formula"


def test_the_csv_can_be_anonymous() -> None:
    one = result("jdoe", record(2, 1.5, reason="NameError: jane"))
    hidden = Pseudonyms(b"of this test alone", {"jdoe": ("Doe", "Jane")})
    content, _ = marks_csv(
        ASSIGNMENT, {"jdoe": mark(one, names=("Doe", "Jane", "j@x.y", "7"))}, {"jdoe": one}, hidden
    )
    text = content.decode().lower()
    assert not {"jdoe", "jane", "j@x.y"} & set(text.replace(",", " ").split())
    assert hidden.of("jdoe") in text


def test_the_lms_comment_says_where_points_were_lost() -> None:
    ids = [question.id for question in QUESTIONS]
    one = result("x", record(2, 1.5, reason="values differ"))
    assert (
        comment(mark(one, 2.0, {"3.2": 3.0}), one)
        == f"Points {', '.join(map(': '.join, zip(ids, columns(q3_2=3.0, q3_3=1.5), strict=True)))}. "
        "3.3 values differ. Late: 2 taken off. Marked by hand: 3.2."
    )


def nbgrader_export(folder: Path, exporter: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run `nbgrader export` with one of poolgrader's exporters, for the class in `folder`."""
    root = [
        f"--CourseDirectory.root={folder.parent}",
        f"--CourseDirectory.submitted_directory={folder / 'submitted'}",
    ]
    command = [
        sys.executable,
        "-m",
        "nbgrader",
        "export",
        f"--exporter=poolgrader.classroom.exports.{exporter}",
    ]
    database_at = [
        f"--CourseDirectory.db_url={database(folder)}",
        f"--CourseDirectory.course_id={COURSE.id}",
    ]
    return subprocess.run(
        [*command, *root, *database_at, *options],
        cwd=folder.parent,
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.mark.slow
def test_nbgrader_export_writes_the_same(tmp_path: Path) -> None:
    made, folder = pupils(4), tmp_path / "grading"
    grades = canvas_csv(made, tmp_path / "grades.csv")
    sheet = moodle_csv(made, tmp_path / "sheet.csv")
    mocked(folder, [folder_of(one.login) for one in made])
    marks = read_marks(folder, ASSIGNMENT)
    one = f"--assignment={ASSIGNMENT}"
    done = nbgrader_export(folder, "CanvasExporter", f"--CanvasExporter.roster={grades}", one, "--to=c.csv")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "c.csv").read_bytes() == lms_csv(read_roster(grades), ASSIGNMENT, marks, {})[0]
    done = nbgrader_export(folder, "MarksExporter", one, "--to=m.csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader((tmp_path / "m.csv").open(encoding="utf-8", newline="")))
    assert [float(row["total"]) for row in rows] == [marks[row["learner"]].total for row in rows]
    assert all("values differ" in row["reason"] for row in rows if row["3.3"] != "4"), (
        "the results beside submitted/ were not found"
    )
    done = nbgrader_export(folder, "MoodleExporter", f"--MoodleExporter.roster={sheet}", one, "--to=o.csv")
    assert done.returncode == 0, done.stderr
    assert "not in the list" in done.stderr, (
        "Moodle's learners have folders named after their email addresses"
    )
    for exporter, options, says in (
        ("CanvasExporter", (), "expected --CanvasExporter.roster=FILE"),
        ("CanvasExporter", (f"--CanvasExporter.roster={sheet}",), "expected Canvas's list"),
    ):
        done = nbgrader_export(folder, exporter, one, *options)
        assert done.returncode != 0
        assert says in done.stderr


@pytest.mark.parametrize(
    ("verb", "options", "says"),
    [
        ("collect", ["none.zip", "--assignment", ASSIGNMENT, "--roster", "g.csv"], "found nothing there"),
        ("collect", ["g.csv", "--assignment", ASSIGNMENT, "--roster", "g.csv"], "expected a zip"),
        ("collect", ["g.csv", "--assignment", "99_none", "--roster", "g.csv"], "99_none"),
        ("collect", ["g.csv", "--assignment", ASSIGNMENT, "--roster", "none.csv"], "expected the list"),
        ("collect", ["g.csv", "--assignment", ASSIGNMENT, "--roster", "g.csv", "--due", "soon"], "--due"),
        (
            "collect",
            ["g.csv", "--assignment", ASSIGNMENT, "--roster", "g.csv", "--timezone", "Mars/X"],
            "--timezone",
        ),
        ("export", ["--assignment", ASSIGNMENT], "grade first"),
        ("report", [], "nothing of any assignment"),
    ],
)
def test_an_error_is_one_line(
    verb: str, options: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    canvas_csv(pupils(1), tmp_path / "g.csv")
    with pytest.raises(SystemExit) as stopped:
        main([verb, *options])
    assert says in str(stopped.value)
    assert len(str(stopped.value).splitlines()) == 1


def test_other_points_possible_stop_the_export_without_scale(tmp_path: Path) -> None:
    made, folder = pupils(1), tmp_path / "grading"
    grades = canvas_csv(made, tmp_path / "grades.csv", points="10")
    mocked(folder, [folder_of(made[0].login)])
    giving = ["export", "--assignment", ASSIGNMENT, "--roster", str(grades), "--folder", str(folder)]
    with pytest.raises(SystemExit, match="--scale"):
        main(giving)
    assert main([*giving, "--scale"]) == 0
    taken = canvas_imports(
        (folder / "exports" / f"{ASSIGNMENT}-canvas.csv").read_bytes(),
        {made[0].number, 99_999},
        {502: ("Max pooling", 10.0)},
    )
    assert float(taken[made[0].number, 502]) == pytest.approx((FULL - 4) / FULL * 10, abs=0.01)


def test_anonymous_commands_print_and_write_no_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names of learners must be neither in the output nor in the files that an instructor may pass on."""
    made = [
        Pupil(11, "jdoe", "Doering", "Janine"),
        Pupil(12, "rroe", "Roethlisberger", "Richard"),
        Pupil(13, "zzz9", "Zwingli", "Zora"),
    ]
    folder = tmp_path / "grading"
    grades = canvas_csv(made, tmp_path / "grades.csv")
    files = [
        ("doeringjanine_11_5_max_pooling.ipynb", b"{}"),
        ("roethlisbergerrichard_12_6_rroe.pdf", b"x"),
        ("zwinglizora_14_7_x.ipynb", b""),
    ]
    path = zipped(files, tmp_path / "a.zip")
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
    assert main([*taking, "--anonymous"]) == 1
    mocked(folder, ["jdoe"])
    assert main(["report", "--folder", str(folder), "--anonymous"]) == 0
    assert main(["export", "--assignment", ASSIGNMENT, "--folder", str(folder), "--anonymous"]) == 0
    written = [
        path
        for part in ("reports-anonymous", "exports")
        for path in (folder / part).rglob("*")
        if path.is_file()
    ]
    assert len(written) == 3
    everything = capsys.readouterr().out + "".join(
        path.name + path.read_text(encoding="utf-8") for path in written
    )
    for one in made:
        for name in (one.login, one.last, one.first):
            assert name.casefold() not in everything.casefold(), name
    who = (tmp_path / ".poolgrader" / "pseudonyms.csv").read_text()
    assert "jdoe" in who


def test_a_mark_by_hand_reaches_the_pages_and_the_feedback(tmp_path: Path) -> None:
    folder = tmp_path / "grading"
    place = folder / "submitted" / "jane" / ASSIGNMENT / NOTEBOOK
    place.parent.mkdir(parents=True)
    place.write_bytes(RELEASED.read_bytes())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("not for learners")
    place.with_name("submission_secret.txt").symlink_to(elsewhere)
    (folder / "autograded" / "jane" / ASSIGNMENT).mkdir(parents=True)
    mocked(folder, ["jane"])
    assert main(["report", "--folder", str(folder)]) == 0
    feedback = folder / "feedback" / "jane" / ASSIGNMENT / "max_pooling.html"
    assert all_but(4) in feedback.read_text(encoding="utf-8")
    with Gradebook(database(folder), COURSE.id) as gradebook:
        gradebook.find_grade("q3-3-check", "max_pooling", ASSIGNMENT, "jane").manual_score = 3.5
        gradebook.db.commit()
    assert main(["report", "--folder", str(folder)]) == 0
    for page in (feedback, folder / "reports" / ASSIGNMENT / "jane.html"):
        assert all_but(0.5) in page.read_text(encoding="utf-8")
        assert "Marked by hand: 3.5 points." in page.read_text(encoding="utf-8")
    assert not feedback.with_name("submission_secret.txt").exists(), "a link must not be followed"


def test_an_extension_moves_the_due_date(tmp_path: Path) -> None:
    """Work after the class's due date is not late if the learner's extension covers it."""
    folder = tmp_path / "grading"
    prepare(ROOT, folder, ASSIGNMENT)
    with Gradebook(database(folder), COURSE.id) as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate=DUE.replace(tzinfo=None))
        gradebook.add_student("jane")
        gradebook.add_submission(ASSIGNMENT, "jane", timestamp=DUE.replace(tzinfo=None) + timedelta(hours=2))
        assert read_marks(folder, ASSIGNMENT)["jane"].seconds_late == 7200
        gradebook.grant_extension(ASSIGNMENT, "jane", hours=3)
    assert read_marks(folder, ASSIGNMENT)["jane"].seconds_late == 0
    assert not read_marks(folder, ASSIGNMENT)["jane"].graded


def test_a_file_that_is_not_a_roster_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(RosterError, match="its columns are: a, b"):
        read_roster(tmp_path / "x.csv")
