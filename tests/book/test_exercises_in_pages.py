"""Questions, points, minutes and sums that pages state agree with the notebooks in the course's folders."""

from __future__ import annotations

import html
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from poolgrader.questions import questions_of
from tests.course import COURSE, ROOT

NAMES = list(COURSE.chapters)
PAGES = [path.stem for path in sorted((ROOT / "book").glob("[0-9][0-9]_*.md"))]


@pytest.fixture(scope="module")
def extension() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "exercises_extension", ROOT / "book" / "_ext" / "exercises.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def words(site: Path, page: str) -> str:
    """The text of a built page, without tags, on one line."""
    text = (site / f"{page}.html").read_text(encoding="utf-8")
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def points(names: list[str]) -> float:
    return sum(question.points for name in names for question in questions_of(name))


def minutes(name: str) -> tuple[int, int]:
    """The minutes for reading a chapter, from its page, and for its notebook, from the notebook's source."""
    page = (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
    read = re.search(r"about (\d+) minutes for the chapter", page)
    do = re.search(r"^# minutes: (\d+)$", COURSE.chapter(name).notebook.read_text(encoding="utf-8"), re.M)
    assert read
    assert do
    return int(read[1]), int(do[1])


@pytest.mark.browser
@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_lists_the_questions_and_points_of_its_notebook(
    site: Path, extension: ModuleType, name: str
) -> None:
    asked = questions_of(name)
    text = words(site, f"book/{name}")
    count = extension.in_words(len(asked))
    assert f"has {count} questions and {points([name]):g} points. Open it with make learn ." in text
    assert all(f"{question.task}." in text for question in asked)
    assert f"minutes for the chapter and {minutes(name)[1]} for its notebook" in text
    assert text.count("Each check answers at once") == 1


@pytest.mark.browser
def test_a_chapter_without_a_notebook_says_so(site: Path) -> None:
    without = {name for name in PAGES if "This chapter has no notebook." in words(site, f"book/{name}")}
    assert without == {*PAGES} - {*NAMES}
    for name in without:
        text = words(site, f"book/{name}")
        assert "minutes for the chapter and 0 for its notebook" in text
        assert "Each check answers" not in text


@pytest.mark.browser
def test_the_learners_page_has_each_chapters_minutes_and_points_and_their_sums(site: Path) -> None:
    text = words(site, "book/ways/learning")
    for name in NAMES:
        read, do = minutes(name)
        assert re.search(rf"{int(name[:2])}\. [^0-9]+ {read} {do} {points([name]):g} ", text), name
    for last in (max(name for name in NAMES if name < "08"), NAMES[-1]):
        taken = [name for name in NAMES if name <= last]
        read, do = (sum(column) for column in zip(*map(minutes, taken), strict=True))
        assert f"chapters 0 to {int(last[:2])} {read} {do} {points(taken):g}" in text


@pytest.mark.browser
def test_landing_page_and_instructors_page_state_the_right_sums(site: Path) -> None:
    read, do = (sum(column) / 60 for column in zip(*map(minutes, NAMES), strict=True))
    assert 25 <= read + do <= 40
    landing = words(site, "book/index")
    assert (
        f"Count on about {read + do:.0f} hours: {read:.0f} to read and {do:.0f} at the notebooks" in landing
    )
    assert f"notebooks, {points(NAMES):g} points" in landing
    term = sum(sum(minutes(name)) for name in NAMES if name < "08") / 60
    assert f"the core course {term:.1f}".removesuffix(".0") in words(site, "book/instructor/index")


def test_course_facts_can_be_limited_to_some_chapters(extension: ModuleType) -> None:
    some = [name for name in NAMES if int(name[:2]) in (1, 2, 3, 5)]
    assert extension.course_fact("points 1-3,5", COURSE, ROOT) == f"{points(some):g}"
    assert (
        extension.course_fact("hours to do", COURSE, ROOT) == f"{sum(minutes(n)[1] for n in NAMES) / 60:.0f}"
    )


def test_an_unknown_course_fact_raises_an_error(extension: ModuleType) -> None:
    with pytest.raises(ValueError, match="expected notebooks, points or hours"):
        extension.course_fact("minutes", COURSE, ROOT)
