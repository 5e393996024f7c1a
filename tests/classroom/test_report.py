"""The pages: what they say is what was graded and marked; no name where names are left out; readable by everybody."""

from __future__ import annotations

import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from poolgrader.classroom.class_page import class_page
from poolgrader.classroom.learner_page import learner_page
from poolgrader.classroom.marks import Mark, Part
from poolgrader.classroom.pages import histogram, percentile, share_bar
from poolgrader.classroom.pseudonyms import Pseudonyms
from poolgrader.classroom.reasons import not_normal
from poolgrader.classroom.report import table, write_pages
from poolgrader.jail.confine import BARE
from poolgrader.questions import questions_of
from tests.book.conftest import browser  # noqa: F401 - a fixture
from tests.classroom.classes import ASSIGNMENT, NOTEBOOK, RELEASED, Pupil, pupils
from tests.classroom.made_results import mark, record, result

QUESTIONS = questions_of(ASSIGNMENT)
SECRET = b"of this test alone, and long enough"


class Reader(HTMLParser):
    """Text of a page, its tags, and whether they close as they open."""

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
    assert "17.5 of 20 points." in read.text
    assert mistake.says in read.text
    assert "the judge's" in read.text
    assert "return '<b>' & 1" in read.text
    assert "<b>" not in page, "what was handed in is text"
    assert "walls of a test" in read.text
    assert "Grader g1" in read.text


def test_penalties_and_marks_by_hand_are_told() -> None:
    one = result("jane", record(1, 1.0, reason="x"), record(3, grader="g0"))
    read = Reader(learner_page(one, None, mark(one, 3.0, {"3.2": 3.5}, seconds_late=5400.0)))
    assert "16.5 of 20 points." in read.text
    assert "1.5 hours after the due date: 3 points are taken off 19.5" in read.text
    assert "marked by hand; the grader gave 1" in read.text
    assert "Marked by hand: 3.5 points." in read.text
    assert "Grader g0, g1" in read.text, "each grader that made a mark"


def test_a_mark_that_waits_is_not_called_final() -> None:
    one = result("jane")
    waiting = mark(one)
    parts = {**waiting.parts, "essay": Part(0.0, None, None, True)}
    read = Reader(learner_page(one, None, Mark("jane", parts, 20.0, 0.0, 22.0)))
    assert "Not final" in read.text
    assert "essay" in read.text


def test_a_notebook_that_could_not_be_read_says_why() -> None:
    nothing = [record(index, 0.0, status="lost", reason="not JSON: <x>") for index in range(len(QUESTIONS))]
    read = Reader(learner_page(result("jane", *nothing, problem="not JSON: <x>", cells=[])))
    assert "0 of 20 points." in read.text
    assert "could not be read: not JSON: <x>" in read.text


@pytest.fixture(scope="module")
def group() -> list[dict[str, Any]]:
    """Ten learners: what they did is worked out by hand below."""
    first, second = QUESTIONS[2].mistakes[:2]
    made = [result(f"right{index}", seconds=1.0 + index) for index in range(5)]
    made += [result(f"one{index}", record(2, 2.0, mistake=first.key, reason=first.key)) for index in range(3)]
    made += [result("both", record(2, 0.0, mistake=f"{first.key} + {second.key}", reason="both"))]
    made += [result("odd", record(2, 1.0, reason="values differ"), cells=["q3-2: NameError: x"], peak_bytes=50 * 2**20)]
    return made


def test_the_class_page_counts_what_there_is(group: list[dict[str, Any]]) -> None:
    first, second = QUESTIONS[2].mistakes[:2]
    page = class_page(ASSIGNMENT, group)
    read = Reader(page)
    assert (
        "10 learners. Half of them have 18 points or fewer, of 20; the mean is 18.7. 5 have all points, 0 have none."
        in read.text
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


def test_the_gradebooks_marks_go_before_the_graders(group: list[dict[str, Any]]) -> None:
    marks = {one["learner"]: mark(one) for one in group}
    marks["right0"] = mark(group[0], penalty=4.0, seconds_late=60.0)
    marks["odd"] = mark(group[-1], by_hand={"3.3": 4.0})
    read = Reader(class_page(ASSIGNMENT, group, marks))
    assert "the mean is 18.6." in read.text
    assert "late: 4 points taken off" in read.text
    assert "by hand: 3.3" in read.text


def test_everything_not_normal_has_one_line() -> None:
    lost = result("x", record(4, 0.0, status="lost", reason="no answer within 5 s"))
    assert not_normal(lost) == ["3.5 no answer within 5 s"]
    assert not_normal(result("x", problem="not JSON")) == ["not JSON"]
    assert "without walls" in not_normal(result("x", wall=BARE))[0]
    assert not_normal(result("x", record(2, 1.0, reason="values differ"))) == [], "to be wrong is normal"
    ungraded = {"3.1": Part(0.0, None, None, False)}
    assert "needs autograding" in not_normal(result("x"), Mark("x", ungraded, 0.0, 0.0, 20.0))[0]


def test_who_handed_in_and_has_no_result_is_named(tmp_path: Path, group: list[dict[str, Any]]) -> None:
    for learner in ("late-comer", "right0", ".hidden"):
        (tmp_path / "submitted" / learner / ASSIGNMENT).mkdir(parents=True)
    index = write_pages(tmp_path, ASSIGNMENT, group, marks={})
    text = Reader(index.read_text(encoding="utf-8")).text
    assert "late-comer needs autograding: handed in, and not graded yet" in text
    assert text.count("not graded yet") == 1
    index = write_pages(tmp_path, ASSIGNMENT, [], marks={})
    assert index.read_text(encoding="utf-8").count("not graded yet") == 2


def test_an_empty_class_is_a_page() -> None:
    assert "Nothing was graded yet" in Reader(class_page(ASSIGNMENT, [])).text


def test_percentiles_are_values_that_occur() -> None:
    values = [float(value) for value in range(1, 101)]
    assert percentile(values, 0.5) == 50
    assert percentile(values, 0.95) == 95
    assert percentile([7.0], 0.95) == 7


def test_figures_say_in_words_what_they_draw() -> None:
    drawn = histogram([0.0, 20.0, 20.0, 11.0], 20.0, "Learners")
    assert 'aria-label="Learners: 0 to 2: 1; 10 to 12: 1; 18 to 20: 2"' in drawn
    assert drawn.count("<rect") == 10
    assert "2 with all points, 0 with some, 1 with none" in share_bar(2, 0, 1)


def class_of_names(folder: Path, made: list[Pupil]) -> list[dict[str, Any]]:
    """Submissions, results and a gradebook full of names: in comments, in reasons, in cells that failed."""
    from nbgrader.api import Gradebook

    from poolgrader.classroom.intake import register
    from poolgrader.classroom.learners import folder_of
    from poolgrader.classroom.roster import Learner

    released = json.loads(RELEASED.read_text(encoding="utf-8"))
    results = []
    with Gradebook(f"sqlite:///{folder}/gradebook.db", "poolkit") as gradebook:
        register(
            gradebook,
            [
                Learner(folder_of(one.login), str(one.number), one.name, f"{one.first}.{one.number}@uni.example")
                for one in made
            ],
        )
    for one in made:
        learner = folder_of(one.login)
        place = folder / "submitted" / learner / ASSIGNMENT / NOTEBOOK
        place.parent.mkdir(parents=True)
        for cell in released["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("solution"):
                cell["source"] = f"# {one.full}, {one.name}, {learner}, {one.number}\nraise KeyError({one.last!r})"
        place.write_text(json.dumps(released), encoding="utf-8")
        told = f"KeyError: {one.last} of {one.full}"
        html = f"<p>got {one.last.replace(chr(39), '&#x27;')} and {one.first}</p>"
        results.append(
            result(learner, record(1, 0.0, status="lost", reason=told, text=told, html=html), cells=[f"q3-2: {told}"])
        )
    return results


def test_no_name_stands_in_any_page_or_table_without_names(tmp_path: Path) -> None:
    from rich.console import Console

    made = [one for one in pupils(60, seed=3) if min(len(one.last), len(one.first)) >= 3]
    results = class_of_names(tmp_path, made)
    named = write_pages(tmp_path, ASSIGNMENT, results, marks={})
    assert "Müller" in "".join(path.read_text(encoding="utf-8") for path in named.parent.glob("*.html"))
    from poolgrader.classroom.learners import folder_of

    names = {
        folder_of(one.login): (one.last, one.first, f"{one.first}.{one.number}@uni.example", str(one.number))
        for one in made
    }
    hidden = Pseudonyms(SECRET, names)
    index = write_pages(tmp_path, ASSIGNMENT, results, hidden, marks={})
    pages = sorted(index.parent.rglob("*"))
    assert len(pages) == len(made) + 1
    console = Console(width=200, record=True, file=(tmp_path / "table.txt").open("w", encoding="utf-8"))
    console.print(table(ASSIGNMENT, results, hidden))
    everything = {str(path): path.read_text(encoding="utf-8") + path.name for path in pages} | {
        "table": console.export_text()
    }
    for one in made:
        for known in (folder_of(one.login), one.login, one.last, one.first, str(one.number)):
            pattern = re.compile(rf"(?<!\w){re.escape(known)}(?!\w)", re.IGNORECASE)
            found = [where for where, text in everything.items() if pattern.search(text.replace("&#x27;", "'"))]
            allowed = known.casefold() == "max"  # also what the chapter is about: see below
            assert not found or allowed, (known, found)
    for one in made:
        if one.first == "Max":
            page = (index.parent / f"{hidden.of(folder_of(one.login))}.html").read_text(encoding="utf-8")
            assert not re.search(r"(?<!\w)Max(?!\w)", page), "not on the own page either"


def test_pseudonyms_stay_and_only_the_secret_tells_them(tmp_path: Path) -> None:
    one, again, other = Pseudonyms(SECRET), Pseudonyms(SECRET), Pseudonyms(SECRET + b"2")
    assert one.of("jane") == again.of("jane") != other.of("jane")
    assert one.of("jane") != one.of("john")
    one.of("john")
    path = one.keep(tmp_path)
    assert path == tmp_path / ".poolgrader" / "pseudonyms.csv"
    assert path.stat().st_mode & 0o777 == 0o600
    again.of("kim")
    assert again.keep(tmp_path).read_text().splitlines()[0] == "pseudonym,learner"
    assert {line.split(",")[1] for line in path.read_text().splitlines()[1:]} == {"jane", "john", "kim"}


def test_a_result_without_names_is_the_same_result() -> None:
    told = record(1, 0.0, reason="KeyError: jane", html="<p title='jane'>jane</p>", parts=[["jane's part", 1.0, True]])
    one = result("jdoe", told, cells=["q3-2: jane doe"])
    hidden = Pseudonyms(SECRET, {"jdoe": ("Doe", "Jane")}).of_result(one)
    assert hidden.keys() == one.keys()
    assert hidden["questions"][1]["parts"] == [["···'s part", 1.0, True]]
    assert hidden["questions"][1]["html"] == "<p title='jane'>···</p>", "tags hold no learner's words"
    assert (hidden["cells"], hidden["seconds"]) == (["q3-2: ··· ···"], one["seconds"])
    assert hidden["learner"].startswith("learner-")


def test_pages_are_written_once(tmp_path: Path, group: list[dict[str, Any]]) -> None:
    index = write_pages(tmp_path, ASSIGNMENT, group, marks={})
    before = {path: path.stat().st_mtime_ns for path in index.parent.iterdir()}
    write_pages(tmp_path, ASSIGNMENT, group, marks={})
    assert {path: path.stat().st_mtime_ns for path in index.parent.iterdir()} == before


def test_feedback_is_ours_until_nbgrader_makes_its_own(tmp_path: Path) -> None:
    one = result("jane", record(1, 1.0, reason="values differ"))
    place = tmp_path / "submitted" / "jane" / ASSIGNMENT / NOTEBOOK
    place.parent.mkdir(parents=True)
    place.write_bytes(RELEASED.read_bytes())
    feedback = tmp_path / "feedback" / "jane" / ASSIGNMENT / "max_pooling.html"
    write_pages(tmp_path, ASSIGNMENT, [one], marks={})
    assert not feedback.exists(), "what is not graded now is not handed back"
    (tmp_path / "autograded" / "jane" / ASSIGNMENT).mkdir(parents=True)
    write_pages(tmp_path, ASSIGNMENT, [one], marks={})
    assert "17 of 20 points." in feedback.read_text(encoding="utf-8")
    feedback.write_text("nbgrader's own")
    write_pages(tmp_path, ASSIGNMENT, [one], marks={})
    assert feedback.read_text() == "nbgrader's own"


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_pages_fit_the_window_and_can_be_read(
    browser: Any,  # noqa: F811
    group: list[dict[str, Any]],
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


# Text whose contrast with what is behind it is below WCAG's 4.5; boxes that scroll and have no place in the tab order.
UNREADABLE = """() => {
  const lum = c => c.map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const behind = el => { for (; el; el = el.parentElement) {
    const c = rgb(getComputedStyle(el).backgroundColor); if (c.length < 4 || c[3] > .5) return c.slice(0, 3); }
    return matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255]; };
  return [...document.querySelectorAll('main *')].filter(el => [...el.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .filter(el => { const svg = el instanceof SVGElement;
      const front = lum(rgb(svg ? getComputedStyle(el).fill : getComputedStyle(el).color).slice(0, 3)), back = lum(behind(el));
      return (Math.max(front, back) + .05) / (Math.min(front, back) + .05) < 4.5; })
    .map(el => el.outerHTML.slice(0, 100)); }"""
UNREACHED = """() => [...document.querySelectorAll('main *')]
  .filter(el => ['auto', 'scroll'].includes(getComputedStyle(el).overflowX) && el.tabIndex < 0)
  .map(el => el.outerHTML.slice(0, 100))"""
