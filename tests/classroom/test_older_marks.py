"""If a mark by hand is older than the submission, a line with dates reports it; the mark still counts."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from poolgrader.__main__ import main
from poolgrader.classroom import grade_command
from poolgrader.classroom.bookkeeping import Bookkeeper
from poolgrader.classroom.gradebook.gradebook import database, prepare
from poolgrader.classroom.gradebook.marks import read_marks
from poolgrader.classroom.gradebook.older_marks import older_marks
from poolgrader.classroom.lock import locked
from poolgrader.classroom.run.grade_class import Outcome
from poolgrader.classroom.run.plan import Class
from poolgrader.classroom.run.result import Result, result_path, write_result
from poolgrader.classroom.secret import TEST_SECRET
from poolgrader.whole_files import HALF_MADE
from tests.classroom.classes import ASSIGNMENT, RELEASED, ROOT
from tests.classroom.made_results import record, result
from tests.classroom.test_pages import Reader, handed_in
from tests.course import COURSE

FIRST, SECOND = "2026-03-01 12:00:00 UTC", "2026-03-05 10:00:00 UTC"
OLDER = (
    "mark by hand is older than the work (given for that of 2026-03-01 12:00 UTC, handed in again 2026-03-05 "
    "10:00 UTC): 3.2 has 3.5 by hand, 4 by the grader now; the mark by hand counts"
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose gradebook has the assignment, but no learner."""
    folder = tmp_path_factory.mktemp("prepared")
    prepare(ROOT, folder, ASSIGNMENT)
    return folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """A class where Jane's first submission got 1 of 4 points in 3.2 from the grader, then 3.5 by hand."""
    shutil.copytree(prepared, tmp_path / "class")
    folder = tmp_path / "class"
    grade(folder, "first = 1", FIRST, 1.0)
    type_mark(folder, 3.5)
    return folder


def grade(folder: Path, source: str, timestamp: str = "", points: float | None = None, **facts: Any) -> None:
    """Hand in a notebook for Jane, and write a made-up result for it as a grading run does."""
    write_down(folder, made(folder, source, timestamp, points, **facts))


def made(folder: Path, source: str, timestamp: str, points: float | None = None, **facts: Any) -> Result:
    """Hand in a notebook for Jane; returns a made-up result for it in the grader's format."""
    place, content = handed_in(folder, "jane", source)
    place.with_name("timestamp.txt").write_text(timestamp)
    return result("jane", record(1, points), content=content, **facts)


def write_down(folder: Path, one: Result) -> None:
    books = Bookkeeper(Class(folder, ASSIGNMENT, RELEASED, TEST_SECRET), ROOT)
    try:
        write_result(result_path(folder, ASSIGNMENT, "jane"), one)
        books.add(Outcome("jane", "graded"))
        books.flush()
    finally:
        books.close()


def type_mark(folder: Path, points: float | None) -> None:
    """Write a mark for 3.2 into the gradebook as formgrader does.

    If `points` is the old mark, formgrader's button 'Resolve' writes the same.
    """
    with Gradebook(database(folder), COURSE.id) as book:
        row = book.find_grade("q3-2-check", "max_pooling", ASSIGNMENT, "jane")
        row.manual_score, row.needs_manual_grade = points, False
        book.db.commit()


def lines(folder: Path) -> list[str]:
    marks = read_marks(folder, ASSIGNMENT)
    return [
        line
        for by_question in older_marks(folder, ASSIGNMENT, marks).values()
        for line in by_question.values()
    ]


def test_new_work_with_an_old_mark_by_hand_is_reported(folder: Path) -> None:
    assert lines(folder) == []
    grade(folder, "second = 1", SECOND)
    assert lines(folder) == [OLDER]
    assert read_marks(folder, ASSIGNMENT)["jane"].parts["3.2"].points == 3.5
    grade(folder, "second = 1", SECOND)
    assert lines(folder) == [OLDER], "the line stays until the mark is confirmed or changed"


def test_a_run_between_the_mark_and_the_new_work_changes_nothing(folder: Path) -> None:
    grade(folder, "first = 1", FIRST, 1.0)
    assert lines(folder) == []
    grade(folder, "second = 1", SECOND)
    grade(folder, "third = 1", "2026-03-09 08:00:00 UTC")
    assert lines(folder) == [OLDER.replace("2026-03-05 10:00", "2026-03-09 08:00")]


@pytest.mark.parametrize("points", [3.5, 3.0])
def test_a_mark_that_was_confirmed_or_changed_is_not_reported(folder: Path, points: float) -> None:
    grade(folder, "second = 1", SECOND)
    type_mark(folder, points)
    assert lines(folder) == []
    grade(folder, "second = 1", SECOND)
    assert lines(folder) == []
    grade(folder, "third = 1", "2026-03-09 08:00:00 UTC", 2.0)
    assert lines(folder) == [
        "mark by hand is older than the work (given for that of 2026-03-05 10:00 UTC, handed in again "
        f"2026-03-09 08:00 UTC): 3.2 has {points:g} by hand, 2 by the grader now; the mark by hand counts"
    ]


def test_a_mark_that_was_deleted_is_not_reported(folder: Path) -> None:
    grade(folder, "second = 1", SECOND)
    type_mark(folder, None)
    assert lines(folder) == []


def test_half_written_notes_of_a_killed_run_are_removed(folder: Path) -> None:
    assert (folder / "by-hand" / f"{ASSIGNMENT}.json").exists() is False, (
        "there are no notes before the first run after the mark"
    )
    grade(folder, "second = 1", SECOND)
    left = folder / "by-hand" / f"{HALF_MADE}x"
    left.write_text("{")
    with locked(folder):
        assert not left.exists()
    assert lines(folder) == [OLDER]
    (folder / "by-hand" / f"{ASSIGNMENT}.json").write_text("{")
    assert "may be older" in lines(folder)[0], "from a damaged file of notes, the age of the mark is unknown"


def test_the_same_work_graded_again_is_not_reported(folder: Path) -> None:
    grade(folder, "first = 1", FIRST, 2.0, grader="g2")
    assert lines(folder) == []


def test_unknown_times_are_left_out_of_the_line(folder: Path) -> None:
    grade(folder, "untimed = 1")
    assert lines(folder) == [OLDER.replace("again 2026-03-05 10:00 UTC", "again since")]
    with Gradebook(database(folder), COURSE.id) as book:
        book.find_submission(ASSIGNMENT, "jane").timestamp = None
        book.db.commit()
    type_mark(folder, 3.5)
    grade(folder, "untimed as well = 1")
    assert lines(folder) == [re.sub(r"\(.*\)", "(given for earlier work, handed in again since)", OLDER)]


def test_a_mark_whose_submission_is_unknown_is_reported_as_such(folder: Path) -> None:
    # Set the row to what an earlier version of the grader left.
    with Gradebook(database(folder), COURSE.id) as book:
        book.find_grade("q3-2-check", "max_pooling", ASSIGNMENT, "jane").needs_manual_grade = True
        book.db.commit()
    grade(folder, "first = 1", FIRST, 1.0)
    assert lines(folder) == [
        "mark by hand may be older than the work (nobody wrote down which work it was given for): 3.2 has "
        "3.5 by hand, 1 by the grader now; the mark by hand counts"
    ]


def test_the_line_is_printed_and_shown_on_the_pages(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    again = made(folder, "second = 1", SECOND)

    def graded(*_: Any) -> Iterator[Outcome]:
        write_result(result_path(folder, ASSIGNMENT, "jane"), again)
        yield Outcome("jane", "graded", result=again)

    monkeypatch.setattr(grade_command, "grade_class", graded)
    monkeypatch.setattr(grade_command, "course_secret", lambda folder: TEST_SECRET)
    assert main(["grade", "--folder", str(folder)]) == 0
    assert capsys.readouterr().out.count(f"jane: {OLDER}\n") == 1
    pages = folder / "reports" / ASSIGNMENT
    for verb in ("report", "export"):
        assert f"jane {OLDER}" in Reader((pages / "index.html").read_text(encoding="utf-8")).text
        own = Reader((pages / "jane.html").read_text(encoding="utf-8")).text
        assert f"This {OLDER}." in own
        assert "Marked by hand: 3.5 points." in own
        main([verb, "--folder", str(folder), "--assignment", ASSIGNMENT])
    assert capsys.readouterr().out.count(f"jane: {OLDER}\n") == 1, "export prints the line, too"
