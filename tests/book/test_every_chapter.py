"""Tests that every chapter and every notebook has the parts that it must have, read from their sources."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from poolgrader.questions import chapters as asked_chapters
from poolgrader.questions import questions_of
from poolgrader.questions.question import Question
from tests.book.contents import ROOT, chapters, pages, source
from tests.book.test_sources import CELL, INCLUDE

CHAPTERS = [Path(page).name for page in pages() if chapters([Path(page).name])]
FOLD = re.compile(r"^:::\{dropdown\} ([^\n]*)\n(.*?)^:::$", re.M | re.S)
PREDICT = re.compile(r"\*\*Predict\b[^*]*\*\*|\*\*Commit before you go on\.\*\*")
# The names by which later chapters refer to a chapter, besides its number.
TITLES = {
    1: ("convolutions",),
    2: ("windows and sizes",),
    4: ("average pooling",),
    5: ("padding and stride",),
    6: ("the backward pass",),
    7: ("global and adaptive pooling",),
    11: ("the fine print",),
}
# Predictions that a later chapter repeats with other numbers: a phrase in the first and in the later chapter.
AGAIN = {
    3: ("The lecture's image", "The response is `0 1 0 0`"),
    4: ("Now the row has 8 cells", "over a row of 8"),
    7: ("What is the first *average*, if the padding does *not* count?", "a row 6 3 is padded by one cell"),
    11: ("max wins three times out of three", "max wins on three seeds out of three"),
    13: ("Take the row `1 2 3 4 5`", "A row `1 2 3 4 5` is averaged with windows of 2 at stride 2"),
}
each_chapter = pytest.mark.parametrize("name", CHAPTERS)
each_notebook = pytest.mark.parametrize("name", [name for name in CHAPTERS if name in asked_chapters()])
each_question = pytest.mark.parametrize(
    "question",
    [one for chapter in asked_chapters() for one in questions_of(chapter)],
    ids=lambda one: one.id,
)


def text_of(name: str) -> str:
    return source(f"book/{name}").read_text(encoding="utf-8")


def sections(name: str) -> dict[str, str]:
    """The text of each section of a chapter, by its heading; the key "" has the text before all headings."""
    parts = re.split(r"^## (.+)$", text_of(name), flags=re.M)
    return {"": parts[0]} | dict(zip(parts[1::2], parts[2::2], strict=True))


def section(name: str, starts: str) -> str:
    found = [body for heading, body in sections(name).items() if heading.startswith(starts)]
    assert len(found) == 1, f"{name}: one section '{starts}' was expected, {len(found)} are there"
    return found[0]


def notebook(name: str) -> list[str]:
    """The texts of all cells of a chapter's released notebook."""
    (path,) = (ROOT / "exercises" / name).glob("*.ipynb")
    return ["".join(cell["source"]) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]


def prompts(name: str) -> dict[str, str]:
    """For each question of a notebook, by its id, the text of all its cells."""
    found: dict[str, str] = {}
    asked = ""
    for cell in notebook(name):
        if match := re.match(r"## (\d+\.\d+) ", cell):
            asked = match[1]
        if asked:
            found[asked] = found.get(asked, "") + cell + "\n"
    return found


@each_chapter
def test_it_opens_with_objectives_minutes_and_what_it_builds_on(name: str) -> None:
    opening = sections(name)[""]
    assert "**Afterwards you can**" in opening
    assert re.search(
        r"\*\*Time:\*\* about \d+ minutes for the chapter and \{exercise\}`minutes` for its", opening
    )
    assert "**It builds on**" in opening


@each_chapter
def test_bug_portraits_are_the_first_section_and_have_replies(name: str) -> None:
    heading, portraits = list(sections(name).items())[1]
    assert heading.startswith("Which picture")
    assert "figures.photographs(" in portraits
    assert "alt=" in portraits
    assert "**Commit before you go on.**" in portraits
    assert len(FOLD.findall(portraits)) >= 3
    assert portraits.index("figures.photographs(") < portraits.index(":::{dropdown}")


def predictions(name: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each request for a prediction, with the titles of the folds between it and the next code cell."""
    text = text_of(name)
    for match in PREDICT.finditer(text):
        rest = text[match.end() :]
        yield match[0], [fold[0] for fold in FOLD.findall(rest.split("\n```{code-cell}")[0])]


@each_chapter
def test_each_choice_of_a_prediction_has_a_reply(name: str) -> None:
    found = list(predictions(name))
    answered = [folds for _, folds in found if len(folds) >= 2]
    assert len(answered) >= 2, "the portraits and at least one more prediction must have replies"
    assert len(answered) >= len(found) - 1, "at most one prediction may lack a reply to each choice"


@each_chapter
def test_a_chapter_has_one_misconception_and_its_counter_example(name: str) -> None:
    text = text_of(name)
    assert len(re.findall(r"^###? Misconception: .+$", text, re.M)) == 1
    assert "**Find the counter-example first" in text
    after = text[text.index("**Find the counter-example first") :]
    assert after.index(":::{dropdown}") < 900, "the fold with a counter-example must follow soon"


@each_chapter
def test_worked_code_is_followed_by_code_with_blanks_and_an_exercise(name: str) -> None:
    text = text_of(name)
    faded = re.search(r"```python\n(?:(?!```).)*?\.\.\.(?:(?!```).)*?# blank 1", text, re.S)
    assert faded, "no code with blanks"
    assert re.search(r"dropdown\} The (two|three|four) blanks", text[faded.end() :])
    assert re.search(r"^## On your own$", text, re.M)


@each_chapter
def test_one_of_three_recall_questions_goes_two_chapters_back(name: str) -> None:
    recall = section(name, "Three questions to keep")
    asked = [fold[0] for fold in FOLD.findall(recall)]
    assert len(asked) == 3
    number = int(name[:2])
    # Only chapter 0 comes before chapter 1.
    if number == 1:
        assert "From chapter 0" in recall
    elif number >= 2:
        names = (f"chapter {number - 2},", *TITLES.get(number - 2, ()))
        assert any(f"From {one}" in question for question in asked for one in names), asked


@each_chapter
def test_a_prediction_returns_two_chapters_later(name: str) -> None:
    """The numbers of the prediction are in both chapters, or both have the phrases that AGAIN lists."""
    number = int(name[:2])
    if number < 2:
        return
    before = next(one for one in CHAPTERS if int(one[:2]) == number - 2)
    if number in AGAIN:
        asked, again = AGAIN[number]
        assert asked in text_of(before)
        assert again in text_of(name)
        return
    recall = section(name, "Three questions to keep")
    back = [fold for fold in FOLD.findall(recall) if fold[0].startswith("From ")]
    assert len(back) == 1
    asked_before = " ".join(
        text_of(before)[match.start() - 700 : match.end() + 1500]
        for match in PREDICT.finditer(text_of(before))
    )
    rows = re.findall(r"\d+(?:,? (?:and )?\d+)+", re.sub(r"[`.]", "", back[0][0] + " " + back[0][1]))
    plain = re.sub(r"[`.]", "", asked_before)
    assert any(row in plain for row in rows), (rows, before)


@each_chapter
def test_a_chapter_has_two_figures_and_code_of_poolkit(name: str) -> None:
    text = text_of(name)
    drawn = [
        code
        for _, code in CELL.findall(text)
        if re.search(r"figures\.(beside|plane|step|shifts|photographs)", code)
    ]
    assert len(drawn) >= 2
    for code in drawn:
        if "photographs(" in code:
            assert "alt=" in code
        else:
            assert "caption=" in code or "alt=" in code
    assert INCLUDE.search(text)


@each_chapter
def test_the_section_on_sources_has_citations(name: str) -> None:
    assert "{cite:" in section(name, "Where it comes from")


@each_chapter
def test_the_end_leads_to_the_notebook(name: str) -> None:
    assert "```{exercise}\n```" in section(name, "On your own")


@each_notebook
def test_the_notebook_opens_with_its_aims_and_points(name: str) -> None:
    first = notebook(name)[0]
    assert re.match(rf"# Exercise {int(name[:2])}: ", first)
    assert "**After this notebook you can**" in first
    assert re.search(r"\*\*Time:\*\* about \d+ minutes\.", first)
    rows = re.findall(r"^\| (\d+\.\d+) \| .+ \| ([\d.]+) \|$", first, re.M)
    assert rows == [(question.id, f"{question.points:g}") for question in questions_of(name)]
    assert rows


@each_notebook
def test_each_question_has_worked_examples_points_and_a_place_for_the_answer(name: str) -> None:
    cells = notebook(name)
    asked = prompts(name)
    for question in questions_of(name):
        prompt = asked[question.id]
        assert re.search(r"\*Worked\s+examples?", prompt), question.id
        assert f"({question.points:g} point" in prompt.splitlines()[0], question.id
        (answer,) = [
            one for one in cells if "YOUR CODE HERE" in one and re.search(rf"\b{question.name}\b", one)
        ][:1]
        assert "raise NotImplementedError" in answer


@each_question
def test_each_question_has_three_different_hints(question: Question) -> None:
    assert len(question.hints) == len(set(question.hints)) == 3
    assert all(len(hint) > 30 for hint in question.hints)


@each_notebook
def test_one_question_is_a_transfer_question(name: str) -> None:
    """In a transfer question a rule comes as arguments of the function; the check makes up their values."""
    rule = re.compile(
        r"by (?:a|the) rule|makes up|comes? as arguments|rule that the arguments give|arguments tell"
    )
    assert any(rule.search(cell) for cell in notebook(name)[1:])
