"""What an instructor gets wrong in a name: each slip is said, and what was meant."""

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
    """The command, with a secret that is the same everywhere."""
    monkeypatch.setattr(grade_command, "course_secret", lambda folder: TEST_SECRET)
    return lambda folder, *arguments: main(["grade", "--folder", str(folder), "--workers", "1", *arguments])


def test_what_is_in_another_folder_is_named(
    tmp_path: Path, verb: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slip in a folder's name leaves nobody out in silence."""
    path = work.hand_in(tmp_path, "slip")
    path.parent.rename(path.parent.with_name("0_setup"))
    work.hand_in(tmp_path, "jo")
    (tmp_path / "submitted" / "loose").mkdir()
    (tmp_path / "submitted" / "loose" / "setup.ipynb").write_text("{}", encoding="utf-8")
    assert verb(tmp_path, "--assignment", work.ASSIGNMENT) == 0
    said = capsys.readouterr().err
    assert "not graded: slip/0_setup is no assignment of this course" in said
    assert "not graded: loose/setup.ipynb is no assignment" in said
    assert verb(tmp_path, "--assignment", work.ASSIGNMENT, "--anonymous") == 0
    said = capsys.readouterr().err
    assert "not graded: 2 folders or files" in said
    assert "slip" not in said


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
def test_an_assignment_or_a_learner_that_is_not_there_is_named(
    arguments: tuple[str, ...], says: str, tmp_path: Path, verb: Any
) -> None:
    work.hand_in(tmp_path, "jo")
    with pytest.raises(SystemExit, match=re.escape(says)):
        verb(tmp_path, *arguments)


def test_a_learner_of_one_assignment_is_graded_though_there_are_others(tmp_path: Path, verb: Any) -> None:
    work.hand_in(tmp_path, "jo")
    other = tmp_path / "submitted" / "ann" / "03_max_pooling"
    other.mkdir(parents=True)
    (other / "max_pooling.ipynb").write_text("{", encoding="utf-8")
    assert verb(tmp_path, "--learner", "jo") == 0
    assert [path.parent.name for path in (tmp_path / "results").rglob("*.json")] == [work.ASSIGNMENT]
