"""How the grader finds the course, what it reads from the course's folders, and which errors it reports."""

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


def test_the_environment_variable_decides_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(finding.VARIABLE, str(SECOND))
    monkeypatch.chdir(ROOT)
    assert finding.current_course() is course_in(SECOND)
    assert find("1.2").name == "running_sum"


@pytest.mark.parametrize("place", ["", "solutions", "book/_static", "solutions/ch03_max_pooling"])
def test_without_it_the_course_around_the_working_folder_is_used(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT / place)
    assert finding.current_course() is COURSE


def installed(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    points = [SimpleNamespace(name=name, value=name) for name in names]
    monkeypatch.setattr(metadata, "entry_points", lambda group: points if group == finding.GROUP else [])
    monkeypatch.setattr(
        finding, "_folder_of", lambda value: SECOND if "second" in value else ROOT / "solutions"
    )


def test_outside_of_a_course_the_only_installed_one_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    installed(monkeypatch, "second")
    assert finding.current_course() is course_in(SECOND)


def test_with_several_installed_courses_the_error_lists_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    installed(monkeypatch, "first", "second")
    with pytest.raises(
        CourseError, match=r"several courses are installed: first \(.*solutions\), second \(.*\)\. Set POOL"
    ):
        finding.current_course()


def test_without_any_course_the_error_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    installed(monkeypatch)
    with pytest.raises(CourseError, match=r"no course is here: expected a folder with course\.toml"):
        finding.current_course()


def test_this_course_is_installed() -> None:
    """The package's entry point gives the course's folder; the course is not imported for that."""
    (point,) = [one for one in metadata.entry_points(group=finding.GROUP) if one.name == "poolkit-course"]
    folder = finding._folder_of(point.value)
    assert folder is not None
    assert (folder / "course.toml").is_file()


def test_an_instructors_command_does_not_search_the_folders_above(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that a learner handed in must never be taken for the course."""
    shutil.copytree(SECOND, tmp_path / "course")
    inside = tmp_path / "course" / "grading" / "submitted"
    inside.mkdir(parents=True)
    installed(monkeypatch, "first")
    monkeypatch.setenv(finding.VARIABLE, "")  # choose() sets it; monkeypatch restores it at the end
    monkeypatch.chdir(inside)
    assert finding.choose() is COURSE
    monkeypatch.setenv(finding.VARIABLE, "")
    monkeypatch.chdir(tmp_path / "course")
    assert finding.choose().id == "sums"


def test_a_folder_that_the_user_names_must_hold_a_course(tmp_path: Path) -> None:
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
def test_the_error_names_the_wrong_setting(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "course.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=says):
        course_in(tmp_path)


def test_a_folder_without_course_toml_raises_an_error(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"expected a course's folder, with course\.toml in it, got"):
        course_in(tmp_path)


def test_a_setting_that_names_a_missing_object_raises_an_error(tmp_path: Path) -> None:
    shutil.copytree(SECOND, tmp_path / "course")
    settings = tmp_path / "course" / "course.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("sample:SAMPLE", "sample:CLASS"), encoding="utf-8"
    )
    with pytest.raises(CourseError, match="sample: expected module:name, got 'sample:CLASS'"):
        course_in(tmp_path / "course").named("sample")


def test_two_question_folders_with_the_same_number_are_an_error(tmp_path: Path) -> None:
    shutil.copytree(SECOND, tmp_path / "course")
    shutil.copytree(SECOND / "ch01_sums" / "q1_predict", tmp_path / "course" / "ch01_sums" / "q1_again")
    with pytest.raises(CourseError, match="q1_again and q1_predict have the same number"):
        questions_of("01_sums", course_in(tmp_path / "course"))


def test_the_error_for_an_unknown_chapter_or_question_lists_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"expected one of 00_setup, .*, got '99_x'"):
        questions_of("99_x", COURSE)
    with pytest.raises(KeyError, match=r"expected one of 3\.1, .*, got '3\.99'"):
        find("3.99", COURSE)


def test_a_question_is_imported_only_when_it_is_looked_up(tmp_path: Path) -> None:
    shutil.copytree(SECOND, tmp_path / "course")
    (tmp_path / "course" / "ch02_shares" / "q1_shares" / "question.py").write_text(
        "1 / 0\n", encoding="utf-8"
    )
    course = course_in(tmp_path / "course")
    assert find("1.2", course).name == "running_sum"
    with pytest.raises(ZeroDivisionError):
        find("2.1", course)


def test_course_sources_lists_every_file_that_a_chapters_marks_depend_on() -> None:
    """Chapter 15 uses mistakes of chapters 5 and 6. Styles and pasted.py do not influence marks."""
    parts = {path.relative_to(ROOT).parts[:2] for path in course_sources(COURSE, "15_break_the_grader")}
    chapters = {second for first, second in parts if first == "solutions" and second.startswith("ch")}
    assert chapters == {"ch05_padding_and_stride", "ch06_the_backward_pass", "ch15_break_the_grader"}
    assert ("poolkit", "reference.py") in parts
    names = {path.name for path in course_sources(COURSE, "03_max_pooling")}
    assert "question.py" in names
    assert "notebook.py" in names
    assert not {"pasted.py", "loops.py", "gather.py"} & names


def test_a_deleted_working_folder_does_not_prevent_finding_the_course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    installed(monkeypatch, "second")
    assert finding.current_course() is course_in(SECOND)
    monkeypatch.setenv(finding.VARIABLE, "")  # choose() sets it; monkeypatch restores it at the end
    assert finding.choose() is course_in(SECOND)


@pytest.mark.parametrize("verb", ["exercises", "mutation"])
def test_a_command_reports_an_unknown_chapter_in_one_line(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(finding.VARIABLE, str(COURSE.folder))
    with pytest.raises(SystemExit, match=rf"{verb}: chapter: expected one of 00_setup, .*, got 'nope'"):
        main([verb, "--chapter", "nope"])
