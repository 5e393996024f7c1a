"""A class that was begun with an older version of the grader can be continued with this one.

The older version did not keep the course in a folder of its own. `running_class.zip` holds what an instructor
and a learner had at that time: four submissions with their results, the gradebook with a mark and a comment
by hand, the course's secret, the seeds that were derived from it, and the learner's notes.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from poolgrader.check import progress
from poolgrader.classroom.gradebook.gradebook import database
from poolgrader.classroom.run.result import read_result
from poolgrader.classroom.secret import course_secret, seed_of
from poolgrader.questions import questions_of
from tests.course import COURSE, ROOT, SAMPLE

ASSIGNMENT = SAMPLE.assignment
SHIPPED = {"3.1": 2, "3.2": 4, "3.3": 4, "3.4": 3, "3.5": 5, "3.6": 2}
pytestmark = [
    pytest.mark.shipped,
    pytest.mark.skipif(
        {question.id: question.points for question in questions_of(ASSIGNMENT)} != SHIPPED,
        reason="the class was graded with the questions of the released course; this course has others",
    ),
]
LEARNERS = ("blank", "right-loops", "wrong-axes", "wrong-twice")


@pytest.fixture
def course(tmp_path: Path) -> Path:
    with zipfile.ZipFile(Path(__file__).with_name("running_class.zip")) as kept:
        kept.extractall(tmp_path)
    os.chmod(tmp_path / ".poolgrader" / "secret", 0o600)
    return tmp_path


def grade(course: Path, *options: str) -> str:
    line = [
        sys.executable,
        "-m",
        "poolgrader",
        "grade",
        "--course",
        str(ROOT),
        "--assignment",
        ASSIGNMENT,
        *options,
    ]
    done = subprocess.run(line, cwd=course, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return " ".join(done.stdout.split())


def scores(course: Path) -> dict[str, float]:
    with Gradebook(database(course / "grading"), COURSE.id) as book:
        return {one.student.id: one.score for one in book.assignment_submissions(ASSIGNMENT)}


def contents(course: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in (course / "grading" / "results" / ASSIGNMENT).glob("*.json")
    }


def test_nothing_is_graded_again_and_nothing_is_lost(course: Path) -> None:
    before, marks = contents(course), scores(course)
    assert marks["wrong-axes"] == 16.8 - 2.4 + 3.5, "the mark by hand must count"
    printed = grade(course)
    assert "4 of 4 results stand as they were: marks by an older grader (" in printed
    assert printed.count("older grader") == 1
    assert "Submissions: 4 kept." in printed
    assert contents(course) == before
    assert scores(course) == marks
    page = (course / "grading" / "reports" / ASSIGNMENT).glob("*wrong-axes*")
    assert "Look at the axes again." in next(page).read_text(encoding="utf-8")


def test_seeds_are_the_same_as_before(course: Path) -> None:
    drawn = json.loads((course / "seeds.json").read_text(encoding="utf-8"))
    secret = course_secret(course)
    assert drawn == {
        learner: {
            question: seed_of(secret, learner, question) for question in COURSE.chapter(ASSIGNMENT).questions
        }
        for learner in LEARNERS
    }


def test_the_same_work_graded_again_has_the_same_marks(course: Path) -> None:
    """This compares the grader's own marks; the mark by hand is in the gradebook alone."""
    place = course / "grading" / "results" / ASSIGNMENT
    before = {learner: read_result(place / f"{learner}.json") for learner in LEARNERS}
    printed = grade(course, "--regrade")
    assert "older grader" not in printed
    for learner in LEARNERS:
        was, now = before[learner], read_result(place / f"{learner}.json")
        assert was
        assert now
        assert was["grader"] != now["grader"]
        assert [(record["points"], record["mistake"]) for record in was["questions"]] == [
            (record["points"], record["mistake"]) for record in now["questions"]
        ]


def test_a_new_submission_is_graded_and_the_others_are_kept(course: Path) -> None:
    submitted = course / "grading" / "submitted"
    (submitted / "newcomer").mkdir()
    (submitted / "right-loops" / ASSIGNMENT).rename(submitted / "newcomer" / ASSIGNMENT)
    (submitted / "right-loops").rmdir()
    assert "Submissions: 1 graded, 3 kept." in grade(course)
    assert scores(course)["newcomer"] == sum(SHIPPED.values())


def test_a_learners_old_notes_are_still_read(course: Path) -> None:
    with contextlib.chdir(course / "work" / ASSIGNMENT):
        lines = str(progress()).splitlines()
    (line,) = [line for line in lines if line.startswith(ASSIGNMENT)]
    assert line.split()[1:4] == ["7.2", "of", f"{sum(SHIPPED.values())}"]
