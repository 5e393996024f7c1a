"""Tests of the page 'Pooling in ten minutes' and of the sheet: numbers, lengths, and the sheet in print."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.book.contents import pages, source
from tests.book.test_sources import CELL

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGE, SHEET = "book/ten_minutes", "book/reference/sheet"
TEXT = {page: source(page).read_text(encoding="utf-8") for page in (PAGE, SHEET)}
ROW = re.compile(r"^\* - (.+)\n  - (.+)\n  - (.+)$", re.MULTILINE)
CHAPTER = re.compile(r"\[[Cc]hapter (\d+)\]\((\d\d_\w+)\.md\)")


def namespace_of(page: str) -> dict[str, Any]:
    """Run the cells of a page, and return the names that they define."""
    found: dict[str, Any] = {}
    for _, code in CELL.findall(TEXT[page]):
        exec(compile(code, f"<{page}>", "exec"), found)
    return found


@pytest.fixture(scope="module")
def evidence() -> dict[str, str]:
    """For each row of the page's table, by its short name, the result that the row must quote."""
    return dict(namespace_of(PAGE)["evidence"])


def rows(page: str) -> list[tuple[str, str, str]]:
    """The rows of a page's only list-table, without the heading row."""
    head, *found = ROW.findall(TEXT[page])
    assert head[0][:3] == "You"
    return found


def test_each_row_of_the_decisions_quotes_what_was_measured(evidence: dict[str, str]) -> None:
    assert len(rows(PAGE)) == len(evidence)
    for (_, _, because), measured in zip(rows(PAGE), evidence.values(), strict=True):
        assert measured in because


def test_each_row_of_the_decisions_links_to_a_chapter() -> None:
    for _, _, because in rows(PAGE):
        links = CHAPTER.findall(because)
        assert links
        for number, name in links:
            assert f"book/{name}" in pages()
            assert int(number) == int(name[:2])


def test_two_decisions_are_against_pooling() -> None:
    assert sum(take.startswith("**No pooling**") for _, take, _ in rows(PAGE)) == 2


def test_the_page_takes_less_than_ten_minutes_to_read() -> None:
    """The time is the number of words outside of cells, divided by the reading speed that the page cites."""
    prose = re.sub(
        r"^```\{code-cell\}.*?^```\n", "", TEXT[PAGE].split("---\n", 2)[2], flags=re.MULTILINE | re.DOTALL
    )
    words = len(prose.split())
    assert 1500 <= words <= 2000
    said = re.search(
        r"about ([\d,]+) words, which takes an average reader (\d+) minutes at (\d+) words a minute", prose
    )
    assert said
    assert int(said[1].replace(",", "")) == round(words, -2)
    assert int(said[2]) == round(words / int(said[3])) < 10


def test_the_cells_of_the_sheet_run_into_each_of_its_traps() -> None:
    caught = namespace_of(SHEET)["caught"]
    assert len(caught) == len(rows(SHEET))
    for symptom, (seen, cause, _) in zip(caught, rows(SHEET), strict=True):
        assert symptom in f"{seen} {cause}"


@pytest.mark.browser
def test_the_sheet_prints_on_two_pages(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        tab = context.new_page()
        tab.goto(f"{address}/{SHEET}.html", wait_until="networkidle")
        paper = tab.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", paper)) <= 2
