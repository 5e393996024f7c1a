"""Which course is meant, what its folders say, and what is wrong where they say nothing."""

from __future__ import annotations

import shutil
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from poolgrader.__main__ import main
from poolgrader.questions import find, finding, questions_of
from poolgrader.questions.course import CourseError, course_in, course_sources
from tests.course import COURSE, ROOT

SECOND = ROOT / "tests" / "second_course"


@pytest.fixture(autouse=True)
def _nothing_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(finding.VARIABLE, raising=False)


def test_the_variable_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(finding.VARIABLE, str(SECOND))
    monkeypatch.chdir(ROOT)
    assert finding.current_course() is course_in(SECOND)
    assert find("1.2").name == "running_sum"


@pytest.mark.parametrize("place", ["", "solutions", "book/_static", "solutions/ch03_max_pooling"])
def test_then_the_course_around_the_working_folder(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / place)
    assert finding.current_course() is COURSE


def installed(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    points = [SimpleNamespace(name=name, value=name) for name in names]
    monkeypatch.setattr(metadata, "entry_points", lambda group: points if group == finding.GROUP else [])
    monkeypatch.setattr(
        finding, "_folder_of", lambda value: SECOND if "second" in value else ROOT / "solutions"
    )


def test_then_the_only_one_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    installed(monkeypatch, "second")
    assert finding.current_course() is course_in(SECOND)


def test_several_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    installed(monkeypatch, "first", "second")
    with pytest.raises(
        CourseError, match=r"several courses are installed: first \(.*solutions\), second \(.*\)\. Set POOL"
    ):
        finding.current_course()


def test_none_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    installed(monkeypatch)
    with pytest.raises(CourseError, match=r"no course is here: expected a folder with course\.toml"):
        finding.current_course()


def test_this_course_is_installed() -> None:
    """The entry point of the package leads to the folder, without importing it."""
    (point,) = [one for one in metadata.entry_points(group=finding.GROUP) if one.name == "poolkit-course"]
    folder = finding._folder_of(point.value)
    assert folder is not None
    assert (folder / "course.toml").is_file()


def test_an_instructors_command_looks_at_no_folder_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a learner handed in must never become the course."""
    shutil.copytree(SECOND, tmp_path / "course")
    inside = tmp_path / "course" / "grading" / "submitted"
    inside.mkdir(parents=True)
    installed(monkeypatch, "first")
    monkeypatch.setenv(finding.VARIABLE, "")  # choose() sets it; it is put back at the end
    monkeypatch.chdir(inside)
    assert finding.choose() is COURSE
    monkeypatch.setenv(finding.VARIABLE, "")
    monkeypatch.chdir(tmp_path / "course")
    assert finding.choose().id == "sums"


def test_a_folder_that_is_named_must_hold_a_course(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"expected a course's folder, with course\.toml in it, got"):
        finding.choose(tmp_path)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('name = "x"\n', "course.toml: id: expected a text, got None"),
        ('id = "x"\nname = 3\n', "course.toml: name: expected a text, got 3"),
        ("id = \n", "course.toml: Invalid value"),
    ],
)
def test_wrong_settings_are_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "course.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=says):
        course_in(tmp_path)


def test_a_folder_without_settings_is_named(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"expected a course's folder, with course\.toml in it, got"):
        course_in(tmp_path)


def test_a_setting_that_names_nothing_is_said(tmp_path: Path) -> None:
    shutil.copytree(SECOND, tmp_path / "course")
    settings = tmp_path / "course" / "course.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("sample:SAMPLE", "sample:CLASS"), encoding="utf-8"
    )
    with pytest.raises(CourseError, match="sample: expected module:name, got 'sample:CLASS'"):
        course_in(tmp_path / "course").named("sample")


def test_two_folders_of_one_number_are_named(tmp_path: Path) -> None:
    shutil.copytree(SECOND, tmp_path / "course")
    shutil.copytree(SECOND / "ch01_sums" / "q1_predict", tmp_path / "course" / "ch01_sums" / "q1_again")
    with pytest.raises(CourseError, match="q1_again and q1_predict have the same number"):
        questions_of("01_sums", course_in(tmp_path / "course"))


def test_an_unknown_chapter_or_question_lists_those_there_are() -> None:
    with pytest.raises(KeyError, match=r"expected one of 00_setup, .*, got '99_x'"):
        questions_of("99_x", COURSE)
    with pytest.raises(KeyError, match=r"expected one of 3\.1, .*, got '3\.99'"):
        find("3.99", COURSE)


def test_a_question_is_imported_when_it_is_asked_for(tmp_path: Path) -> None:
    shutil.copytree(SECOND, tmp_path / "course")
    (tmp_path / "course" / "ch02_shares" / "q1_shares" / "question.py").write_text(
        "1 / 0\n", encoding="utf-8"
    )
    course = course_in(tmp_path / "course")
    assert find("1.2", course).name == "running_sum"
    with pytest.raises(ZeroDivisionError):
        find("2.1", course)


def test_a_mark_depends_on_its_chapter_and_on_what_that_is_made_of() -> None:
    """Chapter 15 is made of mistakes of chapters 5 and 6; styles and what is pasted decide no mark."""
    parts = {path.relative_to(ROOT).parts[:2] for path in course_sources(COURSE, "15_break_the_grader")}
    chapters = {second for first, second in parts if first == "solutions" and second.startswith("ch")}
    assert chapters == {"ch05_padding_and_stride", "ch06_the_backward_pass", "ch15_break_the_grader"}
    assert ("poolkit", "reference.py") in parts
    names = {path.name for path in course_sources(COURSE, "03_max_pooling")}
    assert "question.py" in names
    assert "notebook.py" in names
    assert not {"pasted.py", "loops.py", "gather.py"} & names


def test_a_working_folder_that_was_deleted_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    installed(monkeypatch, "second")
    assert finding.current_course() is course_in(SECOND)
    monkeypatch.setenv(finding.VARIABLE, "")  # choose() sets it; it is put back at the end
    assert finding.choose() is course_in(SECOND)


@pytest.mark.parametrize("verb", ["exercises", "mutation"])
def test_a_chapter_that_is_not_there_is_said_in_a_line(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(finding.VARIABLE, str(COURSE.folder))
    with pytest.raises(SystemExit, match=rf"{verb}: chapter: expected one of 00_setup, .*, got 'nope'"):
        main([verb, "--chapter", "nope"])
