"""The class's page and the learners' pages show results and marks, fit the window and are accessible."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from poolgrader.classroom.gradebook.marks import Mark, Part
from poolgrader.classroom.handed_in.read_file import digest_of
from poolgrader.classroom.pages.class_page import class_page
from poolgrader.classroom.pages.learner_page import learner_page
from poolgrader.classroom.pages.page_parts import TEMPLATES, histogram, percentile, share_bar
from poolgrader.classroom.pages.reasons import not_normal
from poolgrader.classroom.pages.write_pages import write_pages
from poolgrader.classroom.run.result import Result, notebook_of
from poolgrader.classroom.sample import fill
from poolgrader.jail.confine import BARE
from poolgrader.questions import questions_of
from tests.classroom.classes import ASSIGNMENT, FULL, NOTEBOOK, RELEASED
from tests.classroom.made_results import all_but, mark, record, result

QUESTIONS = questions_of(ASSIGNMENT)


class Reader(HTMLParser):
    """Reads the text and the tags of a page, and checks that tags are closed in order."""

    VOID = ("meta", "br", "rect", "hr", "img")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == [], f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def test_a_learner_reads_points_causes_and_what_was_handed_in() -> None:
    mistake = QUESTIONS[2].mistakes[0]
    one = result("jane", record(2, 1.5, mistake=mistake.key, reason=mistake.key, html="<p>the judge's</p>"))
    page = learner_page(one, {"3.3": "def pool():\n    return '<b>' & 1"})
    read = Reader(page)
    assert all_but(2.5) in read.text
    assert mistake.says in read.text
    assert "the judge's" in read.text
    assert "return '<b>' & 1" in read.text
    assert "<b>" not in page, "submitted code must be shown as text"
    assert "sandbox of a test" in read.text
    assert "Grader g1" in read.text


def test_penalties_and_marks_by_hand_are_shown() -> None:
    one = result("jane", record(1, 1.0, reason="x"), record(3, grader="g0"))
    read = Reader(learner_page(one, None, mark(one, 3.0, {"3.2": 3.5}, seconds_late=5400.0)))
    assert all_but(3.5) in read.text
    assert f"1.5 hours after the due date: 3 points are taken off {FULL - 0.5:g}" in read.text
    assert "marked by hand; the grader gave 1" in read.text
    assert "Marked by hand: 3.5 points." in read.text
    assert "Grader g0, g1" in read.text, "the page must name each grader version that gave a mark"


def test_a_mark_that_waits_for_manual_grading_is_not_final() -> None:
    one = result("jane")
    waiting = mark(one)
    parts = {**waiting.parts, "essay": Part(0.0, None, None, True)}
    read = Reader(learner_page(one, None, Mark("jane", parts, 20.0, 0.0, 22.0)))
    assert "Not final" in read.text
    assert "essay" in read.text


def test_the_page_says_why_a_notebook_could_not_be_read() -> None:
    nothing = [record(index, 0.0, status="lost", reason="not JSON: <x>") for index in range(len(QUESTIONS))]
    read = Reader(learner_page(result("jane", *nothing, problem="not JSON: <x>", cells=[])))
    assert all_but(FULL) in read.text
    assert "could not be read: not JSON: <x>" in read.text


@pytest.fixture(scope="module")
def group() -> list[Result]:
    """Made-up results of ten learners; the figures that tests expect for them were computed by hand."""
    first, second = QUESTIONS[2].mistakes[:2]
    made = [result(f"right{index}", seconds=1.0 + index) for index in range(5)]
    made += [result(f"one{index}", record(2, 2.0, mistake=first.key, reason=first.key)) for index in range(3)]
    made += [result("both", record(2, 0.0, mistake=f"{first.key} + {second.key}", reason="both"))]
    made += [
        result(
            "odd",
            record(2, 1.0, reason="values differ"),
            cells=["q3-2: NameError: x"],
            peak_bytes=50 * 2**20,
        )
    ]
    return made


def test_the_class_page_shows_the_right_figures(group: list[Result]) -> None:
    first, second = QUESTIONS[2].mistakes[:2]
    page = class_page(ASSIGNMENT, group)
    read = Reader(page)
    assert (
        f"10 learners. Half of them have {FULL - 2:g} points or fewer, of {FULL:g}; the mean is "
        f"{FULL - 1.3:g}. 5 have all points, 0 have none." in read.text
    )
    again = read.text[read.text.index("What to teach again") : read.text.index("Not normal")]
    assert re.search(rf"{first.key} {re.escape(first.says)} 4 40 %", again)
    assert re.search(rf"{second.key} {re.escape(second.says)} 1 10 %", again)
    assert again.index(first.key) < again.index(second.key)
    assert "no known mistake explains: 3.3: 1." in again
    assert "5 with all points, 4 with some, 1 with none" in page
    assert "Slowest: right4 (5.00 s), right3 (4.00 s)" in read.text.replace(" ,", ",")
    assert "Most memory: odd (50 MiB)" in read.text
    assert "cell that failed: q3-2: NameError: x" in read.text
    assert "most frequent reason" in read.text
    assert f"{first.key} (3)" in read.text


def test_marks_of_the_gradebook_override_those_of_the_grader(group: list[Result]) -> None:
    marks = {one["learner"]: mark(one) for one in group}
    marks["right0"] = mark(group[0], penalty=4.0, seconds_late=60.0)
    marks["odd"] = mark(group[-1], by_hand={"3.3": 4.0})
    read = Reader(class_page(ASSIGNMENT, group, marks))
    assert f"the mean is {FULL - 1.4:g}." in read.text
    assert "late: 4 points taken off" in read.text
    assert "by hand: 3.3" in read.text


def test_everything_not_normal_has_one_line() -> None:
    lost = result("x", record(4, 0.0, status="lost", reason="no answer within 5 s"))
    assert not_normal(lost) == ["3.5 no answer within 5 s"]
    assert not_normal(result("x", problem="not JSON")) == ["not JSON"]
    assert "without a sandbox" in not_normal(result("x", sandbox=BARE))[0]
    assert not_normal(result("x", record(2, 1.0, reason="values differ"))) == [], "a wrong answer has no line"
    ungraded = {"3.1": Part(0.0, None, None, False)}
    waiting = Mark("x", {"essay": Part(0.0, None, None, True)}, 0.0, 0.0, 20.0)
    assert not_normal(result("x"), waiting) == ["waits for a mark by hand"]
    assert "needs autograding" in not_normal(result("x"), Mark("x", ungraded, 0.0, 0.0, 20.0))[0]


def test_learners_without_a_result_are_listed(tmp_path: Path, group: list[Result]) -> None:
    for learner in ("late-comer", "right0", ".hidden"):
        (tmp_path / "submitted" / learner / ASSIGNMENT).mkdir(parents=True)
    index = write_pages(tmp_path, ASSIGNMENT, group, marks={})
    text = Reader(index.read_text(encoding="utf-8")).text
    assert "late-comer needs autograding: handed in, and not graded yet" in text
    assert text.count("not graded yet") == 1
    index = write_pages(tmp_path, ASSIGNMENT, [], marks={})
    assert index.read_text(encoding="utf-8").count("not graded yet") == 2


def test_an_empty_class_has_a_page() -> None:
    assert "Nothing was graded yet" in Reader(class_page(ASSIGNMENT, [])).text


def test_percentiles_are_values_that_occur() -> None:
    values = [float(value) for value in range(1, 101)]
    assert percentile(values, 0.5) == 50
    assert percentile(values, 0.95) == 95
    assert percentile([7.0], 0.95) == 7


def test_figures_have_a_text_equivalent() -> None:
    macros: Any = TEMPLATES.get_template("macros.html").module
    drawn = macros.histogram("Learners", histogram([0.0, 20.0, 20.0, 11.0], 20.0))
    assert 'aria-label="Learners: 0 to 2: 1; 10 to 12: 1; 18 to 20: 2"' in drawn
    assert drawn.count("<rect") == 10
    assert "2 with all points, 0 with some, 1 with none" in macros.share_bar(share_bar(2, 0, 1))


def test_templates_escape_everything() -> None:
    names = TEMPLATES.list_templates()
    assert {"base.html", "class_page.html", "learner_page.html", "macros.html"} <= {*names}
    assert TEMPLATES.autoescape is True
    for name in names:
        text = Path(str(TEMPLATES.get_template(name).filename)).read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape|xmlattr|tojson", text), name


def test_unchanged_pages_are_not_written_again(tmp_path: Path, group: list[Result]) -> None:
    index = write_pages(tmp_path, ASSIGNMENT, group, marks={})
    before = {path: path.stat().st_mtime_ns for path in index.parent.iterdir()}
    write_pages(tmp_path, ASSIGNMENT, group, marks={})
    assert {path: path.stat().st_mtime_ns for path in index.parent.iterdir()} == before


def test_our_feedback_page_does_not_replace_nbgraders(tmp_path: Path) -> None:
    one = result("jane", record(1, 1.0, reason="values differ"))
    place = tmp_path / "submitted" / "jane" / ASSIGNMENT / NOTEBOOK
    place.parent.mkdir(parents=True)
    place.write_bytes(RELEASED.read_bytes())
    feedback = tmp_path / "feedback" / "jane" / ASSIGNMENT / "max_pooling.html"
    write_pages(tmp_path, ASSIGNMENT, [one], marks={})
    assert not feedback.exists(), "there is no feedback without an autograded notebook"
    (tmp_path / "autograded" / "jane" / ASSIGNMENT).mkdir(parents=True)
    write_pages(tmp_path, ASSIGNMENT, [one], marks={})
    assert all_but(3) in feedback.read_text(encoding="utf-8")
    feedback.write_text("nbgrader's own")
    write_pages(tmp_path, ASSIGNMENT, [one], marks={})
    assert feedback.read_text() == "nbgrader's own"


def handed_in(folder: Path, learner: str, source: str, name: str = NOTEBOOK) -> tuple[Path, str]:
    """Write a notebook with this answer to 3.3 as a submission; returns its path and its digest."""
    notebook = fill(json.loads(RELEASED.read_text(encoding="utf-8")), {"q3-3": source})
    place = folder / "submitted" / learner / ASSIGNMENT / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(notebook), encoding="utf-8")
    return place, digest_of(place.read_bytes(), "")


def test_the_pages_show_the_notebook_that_was_graded(tmp_path: Path) -> None:
    _, content = handed_in(tmp_path, "jane", "the_graded_answer = 1")
    handed_in(tmp_path, "jane", "another_file = 1", "aaa.ipynb")
    handed_in(tmp_path, "kim", "only_another_file = 1", "aaa.ipynb")
    for learner in ("jane", "kim"):
        (tmp_path / "autograded" / learner / ASSIGNMENT).mkdir(parents=True)
    made = [result("jane", content=content), result("kim", content="", problem="expected max_pooling.ipynb")]
    index = write_pages(tmp_path, ASSIGNMENT, made, marks={})
    back = tmp_path / "feedback"
    pages = [index.with_name("jane.html"), index.with_name("kim.html"), *back.rglob("*.html")]
    texts = {path: path.read_text(encoding="utf-8") for path in pages}
    assert not [path for path, text in texts.items() if "another_file" in text]
    assert "the_graded_answer = 1" in texts[pages[0]]
    assert "the_graded_answer = 1" in texts[back / "jane" / ASSIGNMENT / "max_pooling.html"]
    given = sorted((path.parent.parent.name, path.name) for path in back.rglob("*.html"))
    assert given == [
        ("jane", "max_pooling.html"),
        ("kim", "aaa.html"),
        ("kim", "max_pooling.html"),
    ], "nbgrader's exchange returns feedback under the names of the submitted notebooks"


def test_feedback_also_has_the_name_of_the_graded_file(tmp_path: Path) -> None:
    _, content = handed_in(tmp_path, "jane", "the_graded_answer = 1", "max_pooling (1).ipynb")
    (tmp_path / "autograded" / "jane" / ASSIGNMENT).mkdir(parents=True)
    write_pages(
        tmp_path, ASSIGNMENT, [result("jane", content=content, notebook="max_pooling (1).ipynb")], marks={}
    )
    for stem in ("max_pooling", "max_pooling (1)"):
        feedback = tmp_path / "feedback" / "jane" / ASSIGNMENT / f"{stem}.html"
        assert "the_graded_answer = 1" in feedback.read_text(encoding="utf-8")
    for odd in ("../../kim/max_pooling.ipynb", 3, ""):
        assert notebook_of(result("jane", notebook=odd)) == NOTEBOOK


def test_work_handed_in_after_grading_is_not_shown_as_graded(tmp_path: Path) -> None:
    _, content = handed_in(tmp_path, "jane", "the_graded_answer = 1")
    handed_in(tmp_path, "jane", "handed_in_since = 1")
    index = write_pages(tmp_path, ASSIGNMENT, [result("jane", content=content)], marks={})
    page = index.with_name("jane.html").read_text(encoding="utf-8")
    assert "handed_in_since" not in page
    assert "Another notebook was handed in since, and is not graded yet." in Reader(page).text


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_pages_fit_the_window_and_are_accessible(
    browser: Any,
    group: list[Result],
    tmp_path: Path,
    scheme: str,
    width: int,
) -> None:
    index = write_pages(tmp_path, ASSIGNMENT, group, marks={})
    with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme) as context:
        tab = context.new_page()
        for page in (index, index.with_name("odd.html"), index.with_name("both.html")):
            tab.goto(page.as_uri())
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
            assert tab.evaluate(UNREADABLE) == []
            assert tab.evaluate(UNREACHED) == []
            assert tab.locator("h1").count() == 1
            assert tab.locator("main").count() == 1
            assert tab.evaluate("document.documentElement.lang") == "en"


# finds text whose contrast with its background is below WCAG's minimum of 4.5
UNREADABLE = """() => {
  const lum = c => c.map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const behind = el => { for (; el; el = el.parentElement) {
    const c = rgb(getComputedStyle(el).backgroundColor);
    if (c.length < 4 || c[3] > .5) return c.slice(0, 3); }
    return matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255]; };
  return [...document.querySelectorAll('main *')]
    .filter(el => [...el.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .filter(el => { const svg = el instanceof SVGElement;
      const front = lum(rgb(svg ? getComputedStyle(el).fill : getComputedStyle(el).color).slice(0, 3));
      const back = lum(behind(el));
      return (Math.max(front, back) + .05) / (Math.min(front, back) + .05) < 4.5; })
    .map(el => el.outerHTML.slice(0, 100)); }"""
# finds boxes that scroll, but cannot be reached with the Tab key
UNREACHED = """() => [...document.querySelectorAll('main *')]
  .filter(el => ['auto', 'scroll'].includes(getComputedStyle(el).overflowX) && el.tabIndex < 0)
  .map(el => el.outerHTML.slice(0, 100))"""
