"""A line about late work says how many points were taken off, and whether it replaced work in time."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from poolgrader.__main__ import main
from poolgrader.classroom import bookkeeping, grade_command
from poolgrader.classroom.gradebook.gradebook import database, prepare
from poolgrader.classroom.gradebook.late_lines import lateness
from poolgrader.classroom.secret import TEST_SECRET
from tests.classroom import work
from tests.classroom.classes import FULL
from tests.classroom.made_results import mark, result
from tests.course import COURSE

IN_TIME, LATE = "2026-02-01 11:59:59 UTC", "2026-02-01 15:10:00 UTC"


class Half:
    """A late penalty of half of the score."""

    def __init__(self, root: Path) -> None:
        pass

    def of(self, learner: str, score: float, seconds_late: float) -> float | None:
        """The points to take off; None for no penalty. This replaces LatePenalties.of."""
        return score / 2 if seconds_late else None


def test_each_line_says_how_late_and_what_it_costs() -> None:
    late = mark(result("jo"), penalty=FULL / 2, seconds_late=93_600.0)
    free = mark(result("ann"), seconds_late=1.0)
    marks = {"jo": late, "ann": free, "kim": mark(result("kim"))}
    assert lateness(marks, ()) == {"jo": f"late by 1 d 2 h: {FULL / 2:g} of {FULL:g} points taken off"}
    assert lateness(marks, ("jo", "ann", "kim")) == {
        "jo": (
            f"late by 1 d 2 h: {FULL / 2:g} of {FULL:g} points taken off; it replaces work that was in time"
        ),
        "ann": "late by 1 s: nothing is taken off; it replaces work that was in time",
    }


def test_a_run_prints_the_effects_of_lateness(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(grade_command, "course_secret", lambda folder: TEST_SECRET)
    monkeypatch.setattr(bookkeeping, "LatePenalties", Half)
    verb = ["grade", "--folder", str(tmp_path), "--sandbox", "none", "--workers", "1"]
    prepare(work.ROOT, tmp_path, work.ASSIGNMENT)
    with Gradebook(database(tmp_path), COURSE.id) as book:
        book.update_or_create_assignment(work.ASSIGNMENT, duedate="2026-02-01 12:00:00")
    work.hand_in(tmp_path, "jo", timestamp=IN_TIME)
    work.hand_in(tmp_path, "late", timestamp=LATE)
    assert main(verb) == 0
    printed = capsys.readouterr().out
    assert f"late: late by 3 h 10 min: {work.FULL / 2:g} of {work.FULL:g} points taken off\n" in printed
    assert "jo: late" not in printed
    work.hand_in(tmp_path, "jo", work.wrong("0.2"), timestamp=LATE)
    assert main(verb) == 0
    printed = capsys.readouterr().out
    assert "points taken off; it replaces work that was in time" in next(
        line for line in printed.splitlines() if line.startswith("jo: late by 3 h 10 min: ")
    )
    assert main(verb) == 0
    printed = capsys.readouterr().out
    assert "jo: late by" in printed, "lateness is printed in each run"
    assert "replaces" not in printed, "the replaced work is printed only in the run that replaces it"
