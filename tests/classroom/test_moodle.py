"""Moodle: collect submissions of three hundred learners from its zip, and fill in its grading worksheet."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from poolgrader.classroom.exports import moodle_csv as filled
from poolgrader.classroom.handed_in.intake import Target, collect
from poolgrader.classroom.lms import moodle
from poolgrader.classroom.lms.learners import folder_of
from poolgrader.classroom.lms.read_roster import read_roster
from poolgrader.classroom.lms.roster import Learner, RosterError
from tests.classroom.classes import (
    ASSIGNMENT,
    FULL,
    NOTEBOOK,
    Pupil,
    moodle_csv,
    notebook_of,
    pupils,
    zipped,
)
from tests.classroom.importers import moodle_imports

NAMES = {
    "folders": "{name}_{number}_assignsubmission_file_/{file}",
    "folders since 4.1": "{name}_{number}_assignsubmission_file/{file}",
    "folders in folders": "{name}_{number}_assignsubmission_file/week 3/{file}",
    "flat": "{name}_{number}_assignsubmission_file_{file}",
}


def files_of(made: list[Pupil], form: str) -> list[tuple[str, bytes]]:
    """The names and contents of the files in a zip, as Moodle's mod/assign/classes/downloader.php makes it.

    Moodle replaces underscores in learners' names by spaces.
    """
    files = []
    for index, one in enumerate(made):
        for copy in range(2 if index % 5 == 0 else 1):
            file = f"max_pooling{f'-{copy}' if copy else ''}.ipynb"
            name = form.format(name=one.full.replace("_", " "), number=one.number, file=file)
            files.append((name, notebook_of(f"{one.login} {copy}")))
    return files


def folder(one: Pupil) -> str:
    return folder_of(one.login if "@" in one.login else f"{one.login}@uni.example")


@pytest.fixture(scope="module")
def made() -> list[Pupil]:
    return pupils(300, seed=1)


@pytest.mark.parametrize("form", NAMES.values(), ids=NAMES)
def test_three_hundred_learners_are_matched(made: list[Pupil], form: str, tmp_path: Path) -> None:
    late = {one.number for one in made[::3]}
    roster = read_roster(moodle_csv(made, tmp_path / "sheet.csv", late))
    target = Target(tmp_path / "grading", ASSIGNMENT, NOTEBOOK, ZoneInfo("Europe/Vienna"))
    done = collect(zipped(files_of(made, form), tmp_path / "a.zip"), roster, target)
    assert done.problems == []
    assert done.missing == []
    assert len(done.written) == 300
    assert len(done.late) == 100
    for index, one in enumerate(made):
        place = target.path(folder(one)).parent
        newest = 1 if index % 5 == 0 else 0
        assert (place / NOTEBOOK).read_bytes() == notebook_of(f"{one.login} {newest}")
        expected = "2026-03-02 14:05:00 UTC\n" if one.number in late else "2026-03-01 08:30:00 UTC\n"
        assert (place / "timestamp.txt").read_text() == expected
    assert len(collect(tmp_path / "a.zip", roster, target).unchanged) == 300


def test_work_with_a_later_date_in_the_worksheet_replaces_earlier_work(tmp_path: Path) -> None:
    made = pupils(1)
    early = read_roster(moodle_csv(made, tmp_path / "early.csv"))
    later = read_roster(moodle_csv(made, tmp_path / "later.csv", {made[0].number}))
    old = zipped(
        [(f"a_{made[0].number}_assignsubmission_file_/{NOTEBOOK}", notebook_of("old"))], tmp_path / "old.zip"
    )
    new = zipped(
        [(f"a_{made[0].number}_assignsubmission_file_/{NOTEBOOK}", notebook_of("new"))], tmp_path / "new.zip"
    )
    target = Target(tmp_path / "grading", ASSIGNMENT, NOTEBOOK)
    collect(old, early, target)
    assert collect(new, later, target).written
    done = collect(old, early, target)
    assert "newer" in done.problems[0].reason
    assert target.path(folder(made[0])).read_bytes() == notebook_of("new")


def test_each_file_that_cannot_be_taken_is_reported_with_a_reason(tmp_path: Path) -> None:
    made = pupils(2)
    roster = read_roster(moodle_csv(made, tmp_path / "sheet.csv"))
    files = [
        ("Jane Doe_1_assignsubmission_file_/x.ipynb", b"{}"),
        (f"Jane Doe_{made[0].number}_assignsubmission_onlinetext_/onlinetext.html", b"text"),
        ("Group A_12/x.ipynb", b"{}"),
        (f"Jane Doe_{made[1].number}_assignsubmission_file_/a.pdf", b"%PDF"),
    ]
    done = collect(zipped(files, tmp_path / "a.zip"), roster, Target(tmp_path / "g", ASSIGNMENT, NOTEBOOK))
    reasons = [problem.reason for problem in done.problems]
    assert [
        any(part in reason for reason in reasons)
        for part in ("number 1 in", "onlinetext", "groups", "no notebook")
    ] == [True] * 4
    assert len(done.problems) == 4


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("Tuesday, 3 March 2026, 2:05 PM", datetime(2026, 3, 3, 13, 5, tzinfo=UTC)),
        ("Wednesday, 1 July 2026, 12:00 AM", datetime(2026, 6, 30, 22, 0, tzinfo=UTC)),
        ("3 March 2026, 14:05", datetime(2026, 3, 3, 13, 5, tzinfo=UTC)),
        ("-", None),
        ("Dienstag, 3. März 2026, 14:05", None),
        ("1 January 0001, 00:00", None),
        ("9" * 5000, None),
    ],
)
def test_dates_are_read_in_the_sites_zone(words: str, moment: datetime | None) -> None:
    assert moodle.moment(Learner("x", "1", "X", when=words), ZoneInfo("Europe/Vienna")) == moment


def test_late_work_with_an_unreadable_date_counts_as_one_second_late(tmp_path: Path) -> None:
    made = pupils(1)
    path = moodle_csv(made, tmp_path / "sheet.csv", {made[0].number})
    path.write_text(
        path.read_text("utf-8-sig").replace("Monday, 2 March 2026, 3:05 PM", "Montag, 2. März 2026")
    )
    roster = read_roster(path)
    target = Target(tmp_path / "g", ASSIGNMENT, NOTEBOOK, due=datetime(2026, 3, 1, tzinfo=UTC))
    files = [(f"a_{made[0].number}_assignsubmission_file_/{NOTEBOOK}", b"{}")]
    done = collect(zipped(files, tmp_path / "a.zip"), roster, target)
    assert done.late == [folder(made[0])]
    stamp = target.path(folder(made[0])).with_name("timestamp.txt")
    assert stamp.read_text() == "2026-03-01 00:00:01 UTC\n"


def test_moodle_would_import_the_written_worksheet(made: list[Pupil], tmp_path: Path) -> None:
    path = moodle_csv(made, tmp_path / "sheet.csv")
    roster = read_roster(path)
    scores = {folder(one): round(index * FULL / len(made), 3) for index, one in enumerate(made) if index % 2}
    reasons = {folder(one): f"3.3 <b>stride</b> & {one.number}" for one in made}
    sheet, notes = filled.moodle_csv(roster, scores, reasons, FULL)
    assert notes == []
    taken = moodle_imports(sheet.written(), {one.number for one in made}, FULL)
    assert len(taken) == 150
    for one in made[1::2]:
        value, feedback = taken[one.number]
        assert float(value) == pytest.approx(scores[folder(one)], abs=0.005)
        assert feedback == f"3.3 &lt;b&gt;stride&lt;/b&gt; &amp; {one.number}"
    before = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    after = list(csv.reader(io.StringIO(sheet.written().decode("utf-8-sig"), newline="")))
    changed = {
        (row, column)
        for row, cells in enumerate(after)
        for column, cell in enumerate(cells)
        if cell != before[row][column]
    }
    assert {before[0][column] for _, column in changed} == {"Grade", "Feedback comments"}


def test_a_locked_grade_is_reported_and_unchanged(tmp_path: Path) -> None:
    made = pupils(2)
    path = moodle_csv(made, tmp_path / "sheet.csv")
    path.write_text(path.read_text("utf-8-sig").replace(",Yes,", ",No,", 1))
    roster = read_roster(path)
    sheet, notes = filled.moodle_csv(roster, {one.folder: 5.0 for one in roster}, {}, FULL)
    grade = sheet.column("Grade")
    assert [row[grade] for row in sheet.rows] == ["", "5"]
    assert "locked" in notes[0]


def test_another_maximum_grade_is_an_error_without_scale(tmp_path: Path) -> None:
    roster = read_roster(moodle_csv(pupils(1), tmp_path / "sheet.csv", most=100.0))
    (learner,) = roster
    with pytest.raises(RosterError, match="--scale"):
        filled.moodle_csv(roster, {learner.folder: 15.0}, {}, 20)
    sheet, _ = filled.moodle_csv(roster, {learner.folder: 15.0}, {}, 20, scale=True)
    assert sheet.rows[0][sheet.column("Grade")] == "75"


def test_formulas_are_escaped_and_ids_are_unchanged(tmp_path: Path) -> None:
    roster = read_roster(moodle_csv([Pupil(5, "a", "x", "=1+1")], tmp_path / "sheet.csv"))
    (learner,) = roster
    sheet, _ = filled.moodle_csv(roster, {learner.folder: 1.0}, {learner.folder: "-1 is what you give"}, FULL)
    assert sheet.rows[0][0] == "Participant 5"
    assert sheet.rows[0][1] == "'=1+1 x"
    assert sheet.rows[0][-1] == "'-1 is what you give"


def test_without_email_addresses_folders_are_named_by_number(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text(
        "Identifier,Full name,Status,Grade,Maximum grade,Last modified (grade)\nParticipant "
        "5,A,,,20,-\nhello,B,,,20,-\n"
    )
    roster = read_roster(path)
    assert [one.folder for one in roster] == ["moodle-5"]
    assert "expected 'Participant'" in roster.left_out[0]
