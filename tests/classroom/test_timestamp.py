"""All valid forms of timestamp.txt are read; an invalid file is reported and does not stop the run."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from poolgrader.__main__ import main
from poolgrader.classroom import grade_command
from poolgrader.classroom.handed_in.intake import Target, collect
from poolgrader.classroom.handed_in.timestamp import BadTime, moment_of, read_timestamp
from poolgrader.classroom.lms.read_roster import read_roster
from poolgrader.classroom.secret import TEST_SECRET
from tests.classroom import work
from tests.classroom.classes import ASSIGNMENT, NOTEBOOK, Pupil, moodle_csv, notebook_of, zipped

GOOD = {
    # a time in the form that nbgrader's exchange writes
    b"2026-01-31 23:59:59.123456 UTC": datetime(2026, 1, 31, 23, 59, 59, 123456),
    # a time in the form that poolgrader's `collect` writes
    b"2026-01-31 23:59:59 UTC\n": datetime(2026, 1, 31, 23, 59, 59),
    # a time in the form that nbgrader's zip_collect writes
    b"2026-01-31 23:59:59": datetime(2026, 1, 31, 23, 59, 59),
    b"2026-01-31 23:59:59.123456": datetime(2026, 1, 31, 23, 59, 59, 123456),
}
BAD = {
    "a zone name that is too long for a file name": b"2026-01-01 00:00:00 " + 300 * b"U",
    "a zone name that is a path": b"2026-01-01 00:00:00 ../x",
    "another zone": b"2026-01-01 00:00:00 CET",
    "digits": 64 * b"1",
    "more than 64 bytes": b"2026-01-01 00:00:00 UTC" + 42 * b"\n",
    "not UTF-8": b"\xff\xfe2\x000\x00",
    "a date that does not exist": b"2026-02-30 00:00:00 UTC",
    "nothing": b"",
    "words": b"yesterday, or so",
}


@pytest.mark.parametrize(("text", "moment"), GOOD.items())
def test_valid_forms_are_read_as_nbgrader_reads_them(text: bytes, moment: datetime) -> None:
    from nbgrader.utils import parse_utc

    assert moment_of(text) == moment
    assert parse_utc(text.decode().strip()) == moment


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_any_other_text_is_a_bad_time(text: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadTime, match=r"expected .* UTC, got"):
        moment_of(text)
    (tmp_path / "timestamp.txt").write_bytes(text)
    with pytest.raises(BadTime, match=r"timestamp\.txt: expected"):
        read_timestamp(tmp_path)


def test_at_most_65_bytes_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def read(descriptor: int, most: int) -> bytes:
        asked.append(most)
        return b"1" * most

    with (tmp_path / "timestamp.txt").open("wb") as file:
        file.truncate(20 * 2**20)
    monkeypatch.setattr(os, "read", read)
    with pytest.raises(BadTime, match="at most 64 bytes, got more"):
        read_timestamp(tmp_path)
    monkeypatch.undo()
    assert asked == [65]


def linked(path: Path) -> None:
    path.with_name("real.txt").write_text("2026-01-31 23:59:59 UTC")
    path.symlink_to(path.with_name("real.txt"))


ODD: dict[str, tuple[Callable[[Path], Any], str]] = {
    "a FIFO": (os.mkfifo, "expected a file, got something else"),
    "a folder": (Path.mkdir, "expected a file, got something else"),
    "a link": (linked, "expected a file, got a link"),
    "a link to nothing": (lambda path: path.symlink_to("/nowhere"), "expected a file, got a link"),
}


@pytest.mark.parametrize(("make", "says"), ODD.values(), ids=ODD)
def test_something_other_than_a_file_is_a_bad_time(
    make: Callable[[Path], Any], says: str, tmp_path: Path
) -> None:
    make(tmp_path / "timestamp.txt")
    with pytest.raises(BadTime, match=says):
        read_timestamp(tmp_path)


def test_without_a_file_the_time_is_unknown(tmp_path: Path) -> None:
    assert read_timestamp(tmp_path) == (None, None)


def test_a_bad_time_is_reported_and_everybody_is_graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Earlier versions of the grader stopped the whole run at a bad time, or ignored it silently."""
    monkeypatch.setattr(grade_command, "course_secret", lambda folder: TEST_SECRET)
    bad: list[bytes | Callable[[Path], Any]] = [*BAD.values(), *(make for make, _ in ODD.values())]
    for number, content in enumerate(bad):
        stamp = work.hand_in(tmp_path, f"bad-{number:02d}", {}).with_name("timestamp.txt")
        content(stamp) if callable(content) else stamp.write_bytes(content)
    work.hand_in(tmp_path, "jo", timestamp="2026-02-01 12:00:00.5 UTC")
    assert main(["grade", "--folder", str(tmp_path), "--sandbox", "none", "--workers", "1"]) == 0
    printed = capsys.readouterr().out
    for number in range(len(bad)):
        assert f"bad-{number:02d}: timestamp.txt: expected" in printed
    assert printed.count("taken as if there was no such file, so that no lateness follows from it") == len(
        bad
    )
    assert "jo: timestamp" not in printed
    times = {row[1]: row[3] for row in work.gradebook_rows(tmp_path) if row[0] == "submission"}
    assert len(times) == len(bad) + 1
    assert {name for name, moment in times.items() if moment} == {"jo"}
    kept = {path.parent.parent.name for path in tmp_path.glob("[af]*/*/*/timestamp.txt")}
    assert kept == {"jo"}, "only valid times may be copied for nbgrader"
    assert (tmp_path / "reports" / work.ASSIGNMENT / "index.html").exists()


@pytest.mark.parametrize("kind", ODD)
def test_collect_does_not_hang_on_an_odd_timestamp_file(kind: str, tmp_path: Path) -> None:
    """collect replaces the odd file by a timestamp, or reports why it cannot; it follows no link."""
    make, _ = ODD[kind]
    roster = read_roster(moodle_csv([Pupil(72, "jane@uni.example", "Doe", "Jane")], tmp_path / "sheet.csv"))
    path = zipped(
        [(f"Jane Doe_72_assignsubmission_file_/{NOTEBOOK}", notebook_of("jane"))], tmp_path / "a.zip"
    )
    target = Target(tmp_path / "grading", ASSIGNMENT, NOTEBOOK)
    stamp = target.path("jane@uni.example").with_name("timestamp.txt")
    stamp.parent.mkdir(parents=True)
    make(stamp)
    done = collect(path, roster, target)
    assert done.written == ["jane@uni.example"]
    assert [note.reason for note in done.problems] == (
        ["its time could not be written to timestamp.txt: Is a directory"] if kind == "a folder" else []
    )
    assert kind == "a folder" or read_timestamp(stamp.parent)[1] == datetime(2026, 3, 1, 9, 30)


def test_collect_does_not_hang_on_a_pipe_in_the_place_of_a_notebook(tmp_path: Path) -> None:
    roster = read_roster(moodle_csv([Pupil(72, "jane@uni.example", "Doe", "Jane")], tmp_path / "sheet.csv"))
    path = zipped(
        [(f"Jane Doe_72_assignsubmission_file_/{NOTEBOOK}", notebook_of("jane"))], tmp_path / "a.zip"
    )
    target = Target(tmp_path / "grading", ASSIGNMENT, NOTEBOOK)
    target.path("jane@uni.example").parent.mkdir(parents=True)
    os.mkfifo(target.path("jane@uni.example"))
    done = collect(path, roster, target)
    assert [note.reason for note in done.problems] == ["its place is taken by something that is no file"]
