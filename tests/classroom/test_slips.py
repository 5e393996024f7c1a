"""Wrong names of folders, assignments and learners: a message reports each, and suggests the right name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from poolgrader.__main__ import main
from poolgrader.classroom import grade_command
from poolgrader.classroom.secret import TEST_SECRET
from tests.classroom import work


@pytest.fixture
def verb(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that runs `grade` with a fixed secret."""
    monkeypatch.setattr(grade_command, "course_secret", lambda folder: TEST_SECRET)
    return lambda folder, *arguments: main(["grade", "--folder", str(folder), "--workers", "1", *arguments])


def test_submissions_in_a_wrong_folder_are_reported(
    tmp_path: Path, verb: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """A learner whose folder has a wrong name must not be left out without a message."""
    path = work.hand_in(tmp_path, "slip")
    path.parent.rename(path.parent.with_name("0_setup"))
    work.hand_in(tmp_path, "jo")
    (tmp_path / "submitted" / "loose").mkdir()
    (tmp_path / "submitted" / "loose" / "setup.ipynb").write_text("{}", encoding="utf-8")
    assert verb(tmp_path, "--assignment", work.ASSIGNMENT) == 0
    stderr = capsys.readouterr().err
    assert "not graded: slip/0_setup is no assignment of this course" in stderr
    assert "not graded: loose/setup.ipynb is no assignment" in stderr
    assert verb(tmp_path, "--assignment", work.ASSIGNMENT, "--anonymous") == 0
    stderr = capsys.readouterr().err
    assert "not graded: 2 folders or files" in stderr
    assert "slip" not in stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--assignment", "0_setup"), "did you mean 00_setup?"),
        (("--assignment", "nothing like it"), "there are 00_setup, 01_"),
        (
            ("--assignment", work.ASSIGNMENT, "--learner", "joe"),
            "no learner of that name has handed in 00_setup",
        ),
    ],
)
def test_an_unknown_assignment_or_learner_is_an_error(
    arguments: tuple[str, ...], says: str, tmp_path: Path, verb: Any
) -> None:
    work.hand_in(tmp_path, "jo")
    with pytest.raises(SystemExit, match=re.escape(says)):
        verb(tmp_path, *arguments)


def test_a_learner_with_one_assignment_is_graded_although_others_have_another(
    tmp_path: Path, verb: Any
) -> None:
    work.hand_in(tmp_path, "jo")
    other = tmp_path / "submitted" / "ann" / "03_max_pooling"
    other.mkdir(parents=True)
    (other / "max_pooling.ipynb").write_text("{", encoding="utf-8")
    assert verb(tmp_path, "--learner", "jo") == 0
    assert [path.parent.name for path in (tmp_path / "results").rglob("*.json")] == [work.ASSIGNMENT]
