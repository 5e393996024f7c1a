"""A comment from formgrader is shown on the learner's page, in the feedback and in Moodle's column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from poolgrader.__main__ import main
from poolgrader.classroom.exports.for_lms import comment
from poolgrader.classroom.gradebook.gradebook import database
from poolgrader.classroom.gradebook.marks import read_marks
from poolgrader.classroom.pages.learner_page import learner_page
from poolgrader.classroom.pages.pseudonyms import Pseudonyms
from tests.classroom.classes import ASSIGNMENT
from tests.classroom.made_results import mark, mocked, record, result
from tests.classroom.test_pages import Reader, handed_in
from tests.course import COURSE

TYPED = "Nearly, Jane!\nLook at the <last> row & column:\n\n    it is cut off."


def type_comment(folder: Path, learner: str, cell: str, text: str) -> None:
    """Save an instructor's comment in the gradebook, as formgrader does."""
    with Gradebook(database(folder), COURSE.id) as book:
        book.find_comment(cell, "max_pooling", ASSIGNMENT, learner).manual_comment = text
        book.db.commit()


def section(page: str, question: str) -> str:
    """The section about this question on a learner's page."""
    start = page.index(f'<h2 id="q{question}"')
    return page[start : page.index("</section>", start)]


@pytest.fixture(scope="module")
def class_(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graded class of Jane and Kim, with pages.

    Jane has a comment on 3.2; Kim's comment on 3.3 is only spaces.
    """
    folder = tmp_path_factory.mktemp("class")
    for learner in ("jane", "kim"):
        handed_in(folder, learner, "x = 1")
        (folder / "autograded" / learner / ASSIGNMENT).mkdir(parents=True)
    mocked(folder, ["jane", "kim"])
    type_comment(folder, "jane", "q3-2", TYPED)
    type_comment(folder, "kim", "q3-3", " \n ")
    assert main(["report", "--folder", str(folder), "--assignment", ASSIGNMENT]) == 0
    return folder


def test_a_comment_is_shown_with_its_question_as_it_was_typed(class_: Path) -> None:
    reports, feedback = class_ / "reports" / ASSIGNMENT, class_ / "feedback"
    for path in (reports / "jane.html", feedback / "jane" / ASSIGNMENT / "max_pooling.html"):
        page = path.read_text(encoding="utf-8")
        own = section(page, "3.2")
        assert "Your instructor's comment" in Reader(page).words
        assert "Nearly, Jane!\nLook at the &lt;last&gt; row &amp; column:\n\n    it is cut off." in own
        assert own.index("Your instructor") < own.index("Nearly") < own.index("3.2 text"), (
            "the comment comes before the grader's text"
        )
        assert "Nearly" not in section(page, "3.3")
        assert 'wrote about <a href="#q3.2">3.2</a>' in page[: page.index("<h2")], (
            "the top of the page mentions the comment"
        )
    for path in (
        reports / "kim.html",
        feedback / "kim" / ASSIGNMENT / "max_pooling.html",
        reports / "index.html",
    ):
        text = path.read_text(encoding="utf-8")
        assert "Nearly" not in text
        assert "Your instructor" not in text


@pytest.mark.browser
def test_line_breaks_of_a_comment_are_shown(class_: Path, browser: Any) -> None:
    with browser.new_context() as context:
        tab = context.new_page()
        tab.goto((class_ / "reports" / ASSIGNMENT / "jane.html").as_uri())
        shown = tab.locator(".comment").inner_text()
        assert shown.split("\n") == ["Your instructor's comment", "", *TYPED.split("\n")]


def test_a_comment_on_a_cell_of_no_question_is_shown_too() -> None:
    one = result("jane")
    page = learner_page(one, None, mark(one, comments={"essay": "Well <b>argued</b>."}))
    words = Reader(page).text
    assert "Your instructor wrote about essay" in words
    assert "Well <b>argued</b>." in words
    assert "essay Your instructor's comment Well" in words


def test_an_empty_comment_is_left_out(class_: Path) -> None:
    assert {name: one.comments for name, one in read_marks(class_, ASSIGNMENT).items()} == {
        "jane": {"3.2": TYPED},
        "kim": {},
    }


def test_names_in_a_comment_are_hidden_on_anonymous_pages() -> None:
    one = result("jdoe")
    hidden = Pseudonyms(b"of this test alone, and long enough", {"jdoe": ("Doe", "Jane")})
    page = learner_page(one, None, mark(one, comments={"3.2": "Nearly, Jane!"}), hidden)
    assert "Nearly, ···!" in page
    assert "Jane" not in page


def test_moodles_column_has_the_comment_on_one_line() -> None:
    one = result("jane", record(1, 1.0, reason="values differ"))
    told = comment(mark(one, comments={"3.2": TYPED, "essay": "Good."}), one)
    assert "Comment on 3.2: Nearly, Jane! Look at the <last> row & column: it is cut off." in told
    assert "Comment on essay: Good." in told
    assert "\n" not in told
