"""Tests that a page which asks for a prediction shows no answer before the reader opens a fold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.book.contents import chapters, pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Finds each question for a prediction, and collects what is visible between it and the next heading.
# Such a question is a paragraph with 'Predict' or the like in bold, or with words like 'before you look'.
# If an explorer follows the question, nothing is collected, because the explorer itself hides the answer.
OPEN = r"""() => {
  const asks = /^(Predict|Commit before you go on|Find)\b/;
  const waits = /before you (look|open|read (it|the))\b/;
  const explorer = element => element.matches(':not(:defined)') || element.localName.includes('-');
  const seen = element => element.checkVisibility();
  return [...document.querySelectorAll('article p')].filter(asked => !asked.closest('details, figure') && (
    [...asked.querySelectorAll('strong')].some(strong => asks.test(strong.textContent)) ||
    waits.test(asked.textContent)
  )).map(asked => {
    const behind = [];
    for (
      let next = asked.nextElementSibling;
      next && next.localName !== 'section';
      next = next.nextElementSibling
    )
      behind.push(next);
    const choices = behind.filter(one => one.matches('details.sd-dropdown'));
    const from = behind.length && explorer(behind[0]) ? [] : behind;
    const open = from.filter(one => !choices.includes(one));
    return {
      asked: asked.textContent.slice(0, 90),
      choices: choices.map(one => one.querySelector('summary').textContent.trim()),
      unfolded: choices.filter(one => one.open).length,
      shown: open.flatMap(one => [...one.querySelectorAll('.cell_output, figure, table')]).filter(seen)
        .map(one => one.textContent.trim().replace(/\s+/g, ' ').slice(0, 90)),
      said: open.filter(one => one.localName === 'p' || one.localName === 'ul').map(one => one.textContent),
      code: open.flatMap(one => [...one.querySelectorAll('.cell_input')]).filter(seen)
        .map(one => one.textContent),
      folds: open.flatMap(one => [...one.querySelectorAll('details.hide > summary')])
        .map(one => one.querySelector('.collapsed').textContent.trim()),
    };
  });
}"""

LABEL = "Show the computed answer"
# Matches the letter of a picture, but not the article "A".
PORTRAIT = re.compile(r"\b[B-E]\b|\bA (?:is|was|has|and|or)\b")


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[Page]:
    """A browser page with JavaScript turned off; folds work without it."""
    with browser.new_context(java_script_enabled=False) as context:
        yield context.new_page()


def predictions(reader: Page, address: str, page: str) -> list[dict[str, Any]]:
    reader.goto(f"{address}/{page}.html", wait_until="domcontentloaded")
    return list(reader.evaluate(OPEN))


@pytest.mark.parametrize("page", pages())
def test_no_answer_to_a_prediction_is_visible_before_a_fold_is_opened(
    reader: Page, address: str, page: str
) -> None:
    found = predictions(reader, address, page)
    assert len(found) >= 3 * len(chapters([page.rsplit("/", 1)[-1]])), (
        "a chapter has at least three predictions: the portraits, another one, the counter-example"
    )
    assert not [one["asked"] for one in found if one["unfolded"]]
    spoilt = {one["asked"]: one["shown"] + one["code"] for one in found if one["shown"] + one["code"]}
    assert not spoilt
    portraits = [one for one in found if any(choice.startswith("I think A") for choice in one["choices"])]
    assert not [said for one in portraits for said in one["said"] if PORTRAIT.search(said)]
    assert {fold for one in found for fold in one["folds"]} <= {LABEL}


def test_a_fold_opens_without_scripts_and_shows_the_answer(reader: Page, address: str) -> None:
    reader.goto(f"{address}/book/00_setup.html", wait_until="domcontentloaded")
    fold = reader.locator("details.hide").filter(has_text="C: shape (150, 150)")
    result = fold.locator(".cell_output")
    assert not result.is_visible()
    fold.locator("summary").focus()
    reader.keyboard.press("Enter")
    assert result.is_visible()
    assert fold.locator("summary").inner_text().strip() == LABEL.replace("Show", "Hide")


def test_a_printed_page_shows_the_answers_without_scripts(reader: Page, address: str) -> None:
    reader.goto(f"{address}/book/00_setup.html", wait_until="domcontentloaded")
    results = reader.locator("details.hide .cell_output")
    assert not any(one.is_visible() for one in results.all())
    reader.emulate_media(media="print")
    assert all(one.is_visible() and one.bounding_box() for one in results.all())
    assert results.count() >= 3
    reader.emulate_media(media="screen")
