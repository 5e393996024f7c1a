"""Tests of the quiz: its cells compute every choice, one choice is right, and each has its own reply."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.book.contents import ROOT, chapters, pages, source
from tests.book.test_sources import CELL

PAGE = "book/reference/quiz"
TEXT = source(PAGE).read_text(encoding="utf-8")
QUESTION = re.compile(
    r"^\*\*Question (\d+\.\d+)\.\*\* (.+)\n((?:\n:::\{dropdown\} .+\n.+\n:::\n)+)", re.MULTILINE
)
CHOICE = re.compile(r"^:::\{dropdown\} (.+)\n(.+)\n:::$", re.MULTILINE)
AGAIN = re.compile(r"^Again, from chapter (\d+)\. ")
QUESTIONS = {
    number: (text, dict(CHOICE.findall(choices))) for number, text, choices in QUESTION.findall(TEXT)
}
each_question = pytest.mark.parametrize("number", QUESTIONS)


@pytest.fixture(scope="module")
def computed() -> dict[str, tuple[str, list[str]]]:
    """Run the page's cells, and return the right answer and the wrong answers of each question."""
    namespace: dict[str, Any] = {}
    for _, code in CELL.findall(TEXT):
        exec(compile(code, "<quiz>", "exec"), namespace)
    return dict(namespace["quiz"])


def test_each_chapter_has_a_section_with_at_least_three_questions() -> None:
    listed = chapters([page.removeprefix("book/") for page in pages()])
    parts = dict(
        re.findall(
            r"^## After chapter (\d+): .+\n\n\[Chapter \d+\]\(\.\./\d\d_(\w+)\.md\)", TEXT, re.MULTILINE
        )
    )
    assert {int(number): slug for number, slug in parts.items()} == listed
    for number in listed:
        asked = [key for key in QUESTIONS if key.split(".")[0] == str(number)]
        assert asked == [f"{number}.{one}" for one in range(1, len(asked) + 1)]
        assert len(asked) >= 3


def test_the_page_says_how_many_questions_it_has() -> None:
    assert len(QUESTIONS) == TEXT.count("\n**Question ") == 62
    assert "Sixty-two questions" in TEXT


def test_from_chapter_two_on_the_last_question_goes_two_chapters_back() -> None:
    for number in range(2, 16):
        last = max(
            (key for key in QUESTIONS if key.split(".")[0] == str(number)),
            key=lambda key: int(key.split(".")[1]),
        )
        found = AGAIN.match(QUESTIONS[last][0])
        assert found, f"{last} must begin with 'Again, from chapter'"
        assert int(found[1]) == number - 2


@each_question
def test_the_choices_are_what_the_cells_compute(
    number: str, computed: dict[str, tuple[str, list[str]]]
) -> None:
    right, wrong = computed[number]
    replies = QUESTIONS[number][1]
    assert set(replies) == {right, *wrong}
    assert len(replies) >= 3
    assert [title for title, reply in replies.items() if re.match(r"Right\b", reply) and title == right] == [
        right
    ]


@each_question
def test_each_choice_has_a_reply_of_its_own(number: str, computed: dict[str, tuple[str, list[str]]]) -> None:
    replies = QUESTIONS[number][1]
    assert len(set(replies.values())) == len(replies)
    for title, reply in replies.items():
        assert len(reply.split()) >= 5, f"{title}: {reply}"
        if title != computed[number][0]:
            assert not re.match(r"Right[:.]", reply), (
                f"{title} is a wrong choice, but its reply says that it is right"
            )


def test_the_cells_compute_answers_to_the_pages_questions_and_no_others(
    computed: dict[str, tuple[str, list[str]]],
) -> None:
    assert set(computed) == set(QUESTIONS)


def test_no_place_has_the_right_answer_in_half_of_the_questions(
    computed: dict[str, tuple[str, list[str]]],
) -> None:
    places = [list(replies).index(computed[number][0]) for number, (_, replies) in QUESTIONS.items()]
    assert max(places.count(place) for place in set(places)) < len(places) / 2


def test_the_cells_are_hidden() -> None:
    assert ROOT.is_dir()
    assert all("remove-cell" in options for options, _ in CELL.findall(TEXT))
