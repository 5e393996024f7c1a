"""Canvas's gradebook CSV is read in all its forms, and written in a form that Canvas imports."""

import csv
import io
import json
from pathlib import Path

import pytest

from poolgrader.classroom.exports import canvas_csv as filled
from poolgrader.classroom.handed_in.intake import register
from poolgrader.classroom.lms.read_roster import read_roster
from poolgrader.classroom.lms.roster import RosterError
from tests.classroom.classes import ASSIGNMENT, COLUMN, FULL, Pupil, canvas_csv, pupils
from tests.classroom.importers import canvas_imports


@pytest.mark.parametrize(
    ("delimiter", "bom", "sis"), [(",", False, True), (";", True, True), (",", True, False)]
)
def test_canvas_would_import_the_written_csv(delimiter: str, bom: bool, sis: bool, tmp_path: Path) -> None:
    made = pupils(300)
    path = canvas_csv(made, tmp_path / "grades.csv", delimiter, bom, sis=sis)
    roster = read_roster(path)
    by_number = {one.number: round(index * FULL / len(made), 4) for index, one in enumerate(made)}
    scores = {one.folder: by_number[int(one.lms_id)] for one in roster if int(one.lms_id) % 2}
    column = filled.assignment_column(roster.sheet, ASSIGNMENT)
    sheet, notes = filled.canvas_csv(roster, column, scores, FULL)
    assert notes == []
    taken = canvas_imports(sheet.written(), {*by_number, 99_999}, COLUMN)
    expected = {
        (number, 502): f"{score:.2f}".rstrip("0").rstrip(".")
        for number, score in by_number.items()
        if number % 2
    }
    untouched = {(number, 502): "" for number in by_number if not number % 2} | {(99_999, 502): ""}
    assert taken == expected | untouched
    before = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=delimiter))
    after = list(
        csv.reader(io.StringIO(sheet.written().decode("utf-8-sig"), newline=""), delimiter=delimiter)
    )
    width = before[0].index("Section") + 1
    assert [row[1:width] for row in after] == [row[1:width] for row in before], "ids must not change"
    assert sheet.written().startswith(b"\xef\xbb\xbf") == bom


def test_a_list_saved_by_a_spreadsheet_is_read_and_written_as_canvas_imports_it(
    tmp_path: Path,
) -> None:
    made = pupils(30)
    path = canvas_csv(made, tmp_path / "grades.csv", "\t")
    path.write_bytes(path.read_text(encoding="utf-8").replace("\n", "\r\n").encode("utf-16"))
    roster = read_roster(path)
    assert len(roster.learners) == 30
    column = filled.assignment_column(roster.sheet, "502")
    sheet, _ = filled.canvas_csv(roster, column, {made[0].login: 5.0}, FULL)
    users = {*(one.number for one in made), 99_999}
    assert canvas_imports(sheet.written(), users, COLUMN)[made[0].number, 502] == "5"
    assert b"\r\n" in sheet.written()


def test_excused_learners_stay_excused(tmp_path: Path) -> None:
    made = pupils(3)
    path = canvas_csv(made, tmp_path / "grades.csv")
    text = path.read_text().replace("4.5,,", "4.5,EX,", 1)
    path.write_text(text)
    roster = read_roster(path)
    scores = {one.folder: 7.0 for one in roster}
    sheet, notes = filled.canvas_csv(roster, filled.assignment_column(roster.sheet, "502"), scores, FULL)
    assert [row[-1] for row in sheet.rows[2:5]] == ["EX", "7", "7"]
    assert len(notes) == 1


def test_other_points_possible_are_an_error_without_scale(tmp_path: Path) -> None:
    roster = read_roster(canvas_csv(pupils(1), tmp_path / "grades.csv", points="100"))
    (learner,) = roster
    column = filled.assignment_column(roster.sheet, "Max pooling")
    with pytest.raises(RosterError, match="--scale"):
        filled.canvas_csv(roster, column, {learner.folder: 15.0}, 20)
    sheet, _ = filled.canvas_csv(roster, column, {learner.folder: 15.0}, 20, scale=True)
    assert sheet.rows[learner.row][-1] == "75"


def test_formulas_in_names_are_escaped_and_ids_are_unchanged(tmp_path: Path) -> None:
    made = [
        Pupil(1, "+43 660 1", "=HYPERLINK(1)", ""),
        Pupil(2, "@b", "-2+3", "x"),
        Pupil(3, "c", "O'Neil", "=x"),
    ]
    roster = read_roster(canvas_csv(made, tmp_path / "grades.csv"))
    sheet, _ = filled.canvas_csv(roster, filled.assignment_column(roster.sheet, "502"), {}, FULL)
    rows = sheet.rows[2:5]
    assert [row[0] for row in rows] == ["'=HYPERLINK(1), ", "'-2+3, x", "O'Neil, =x"]
    assert [row[3] for row in rows] == ["+43 660 1", "@b", "c"]
    assert canvas_imports(sheet.written(), {1, 2, 3, 99_999}, COLUMN)


def test_an_ambiguous_or_missing_column_is_an_error_that_lists_the_columns(tmp_path: Path) -> None:
    sheet = read_roster(canvas_csv(pupils(1), tmp_path / "grades.csv")).sheet
    for wanted in ("03_max_pooling", "Max pooling", "502", "Max pooling (502)"):
        assert sheet.header[filled.assignment_column(sheet, wanted)] == "Max pooling (502)"
    with pytest.raises(RosterError, match=r"Reading \(501\); Max pooling \(502\)"):
        filled.assignment_column(sheet, "04_average_pooling")
    sheet.header[-1] = "Max Pooling (503)"
    with pytest.raises(RosterError, match="more than one"):
        filled.assignment_column(sheet, "03_max_pooling")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "header"),
        (b"a,b,c\n1,2,3\n", "expected Canvas's exported gradebook"),
        ("Student,ID,Section\nMüller,1,x\n".encode("latin-1"), "UTF-8"),
        (b"Student,ID,Section\nA,1,x,too,long\n", "expected 3 cells"),
        (b'Student,ID,Section\n"A,1,x\n', "not CSV"),
    ],
)
def test_a_file_that_is_not_a_list_is_an_error_that_says_what_was_expected(
    content: bytes, says: str, tmp_path: Path
) -> None:
    (tmp_path / "grades.csv").write_bytes(content)
    with pytest.raises(RosterError, match=says):
        read_roster(tmp_path / "grades.csv")


def test_first_and_last_names_in_separate_columns_are_read(tmp_path: Path) -> None:
    (tmp_path / "grades.csv").write_text(
        "LastName,FirstName,ID,SIS Login ID,Section,Max pooling (502)\n    Points "
        "Possible,,,,,20\nDoe,Jane,7,jane,S,\n"
    )
    roster = read_roster(tmp_path / "grades.csv")
    assert [(one.folder, one.name) for one in roster] == [("jane", "Doe, Jane")]
    sheet, _ = filled.canvas_csv(roster, 5, {"jane": 3.0}, 20)
    assert sheet.rows[1] == ["Doe", "Jane", "7", "jane", "S", "3"]


def test_names_and_numbers_are_registered_in_the_gradebook(tmp_path: Path) -> None:
    from nbgrader.api import Gradebook

    roster = read_roster(canvas_csv(pupils(20), tmp_path / "grades.csv"))
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db", "poolkit") as gradebook:
        register(gradebook, roster)
        register(gradebook, roster)
        students = {student.id: student for student in gradebook.students}
    assert set(students) == {one.folder for one in roster}
    one = next(iter(roster))
    assert (students[one.folder].lms_user_id, students[one.folder].email) == (one.lms_id, one.email)
    assert json.dumps(students[one.folder].last_name).strip('"')
