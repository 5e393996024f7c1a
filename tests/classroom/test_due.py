"""Due dates are read in a time zone and printed in full; a time that clocks there skip is refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from poolgrader.__main__ import main
from poolgrader.classroom.handed_in.due import DueError, read_due, told
from tests.classroom.classes import ASSIGNMENT, NOTEBOOK, Pupil, canvas_csv, notebook_of, zipped

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "moment", "words"),
    [
        (
            "2026-03-29",
            datetime(2026, 3, 29, 21, 59, 59),
            "Sun 2026-03-29 23:59:59 Europe/Berlin (UTC+02:00)",
        ),
        (
            "2026-01-31",
            datetime(2026, 1, 31, 22, 59, 59),
            "Sat 2026-01-31 23:59:59 Europe/Berlin (UTC+01:00)",
        ),
        ("2026-03-01T12:00", datetime(2026, 3, 1, 11), "Sun 2026-03-01 12:00:00 Europe/Berlin (UTC+01:00)"),
        (
            "2026-03-01 12:00:30",
            datetime(2026, 3, 1, 11, 0, 30),
            "Sun 2026-03-01 12:00:30 Europe/Berlin (UTC+01:00)",
        ),
        (
            "2026-03-01T12:00+05:30",
            datetime(2026, 3, 1, 6, 30),
            "Sun 2026-03-01 07:30:00 Europe/Berlin (UTC+01:00)",
        ),
        (
            "2026-03-29T02:30+01:00",
            datetime(2026, 3, 29, 1, 30),
            "Sun 2026-03-29 03:30:00 Europe/Berlin (UTC+02:00)",
        ),
        # On this day, clocks show this time twice. The later moment counts, which favours the learner.
        (
            "2026-10-25T02:30",
            datetime(2026, 10, 25, 1, 30),
            "Sun 2026-10-25 02:30:00 Europe/Berlin (UTC+01:00)",
        ),
        (
            "2026-10-25T02:30+02:00",
            datetime(2026, 10, 25, 0, 30),
            "Sun 2026-10-25 02:30:00 Europe/Berlin (UTC+02:00)",
        ),
    ],
)
def test_a_due_date_is_read_in_its_zone_and_printed_in_full(text: str, moment: datetime, words: str) -> None:
    assert read_due(text, BERLIN) == moment.replace(tzinfo=UTC)
    assert told(read_due(text, BERLIN), BERLIN) == words


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "2026-03-29T02:30",
            (
                r"no clock in Europe/Berlin shows '2026-03-29T02:30'.*forward by 1:00:00.* as "
                r"2026-03-29T02:30\+01:00"
            ),
        ),
        ("tomorrow", r"expected a date as 2026-03-01 or 2026-03-01T12:00, got 'tomorrow'"),
        ("2026-02-30", r"expected a date as .*, got '2026-02-30'"),
        ("0001-01-01", r"expected a year from 1970 to 2999, got '0001-01-01'"),
        ("9999-12-31", r"expected a year from 1970 to 2999, got '9999-12-31'"),
    ],
)
def test_an_invalid_time_is_refused(text: str, says: str) -> None:
    with pytest.raises(DueError, match=says):
        read_due(text, BERLIN)


def test_the_end_of_a_day_without_its_last_hour() -> None:
    """On 30 March 2024, clocks in Nuuk jumped from 22:59:59 to midnight, so they never showed 23:59:59."""
    zone = ZoneInfo("America/Nuuk")
    assert read_due("2024-03-30", zone) == datetime(2024, 3, 31, 0, 59, 59, tzinfo=UTC)
    assert told(read_due("2024-03-30", zone), zone) == "Sat 2024-03-30 22:59:59 America/Nuuk (UTC-02:00)"


def taking(folder: Path, late: str = "", attachment: int = 9) -> list[str]:
    """Write a zip with Jane's submission; returns the arguments of the command that collects it."""
    grades = canvas_csv([Pupil(72, "jane", "Doe", "Jane")], folder / "grades.csv")
    files = [(f"doejane_{late}72_{attachment}_{NOTEBOOK}", notebook_of(f"jane {attachment}"))]
    path = zipped(files, folder / f"{attachment}.zip")
    where = ["--assignment", ASSIGNMENT, "--roster", str(grades), "--folder", str(folder / "grading")]
    return ["collect", str(path), *where]


def test_collect_prints_the_due_date_and_keeps_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*taking(tmp_path), "--due", "2026-03-29", "--timezone", "Europe/Berlin"]) == 0
    assert "due: Sun 2026-03-29 23:59:59 Europe/Berlin (UTC+02:00)" in capsys.readouterr().out
    assert main(taking(tmp_path)) == 0
    printed = capsys.readouterr().out
    assert "due: Sun 2026-03-29 21:59:59 UTC (UTC+00:00), as the gradebook has it" in printed
    assert main([*taking(tmp_path), "--due", "2026-03-29", "--dry-run"]) == 0
    assert (
        "due: Sun 2026-03-29 23:59:59 UTC (UTC+00:00); --timezone names another zone"
        in capsys.readouterr().out
    )
    with pytest.raises(SystemExit, match=r"collect: --due: no clock in Europe/Berlin shows"):
        main([*taking(tmp_path), "--due", "2026-03-29T02:30", "--timezone", "Europe/Berlin"])


def test_late_work_that_replaces_work_in_time_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    due = ["--due", "2026-03-01T12:00"]
    assert main([*taking(tmp_path), *due]) == 0
    assert "replaces" not in capsys.readouterr().out
    assert main([*taking(tmp_path, "LATE_", 10), *due]) == 0
    printed = capsys.readouterr().out
    assert "note: jane: handed in again, late: it replaces the work that was in time" in printed
    record = json.loads((tmp_path / "grading" / "collected" / ASSIGNMENT / "jane.json").read_text())
    assert record["late"]
    assert main([*taking(tmp_path, "LATE_", 11), *due]) == 0
    assert "replaces" not in capsys.readouterr().out, "late work that replaces late work is not reported"
