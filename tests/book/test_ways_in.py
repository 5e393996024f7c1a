"""Tests of the landing page and the pages for readers, learners and instructors.

The steps that they describe work, and their numbers are right.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient import NotebookClient

from tests.book.contents import ROOT, chapters, pages, source
from tests.patience import HANGS_AFTER

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PAGES = {name: source(f"book/ways/{name}").read_text(encoding="utf-8") for name in ("reading", "learning")}
TEACHING = source("book/instructor/index").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(bash|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# For each command on these pages, the test that runs it.
RUN_BY = {
    "make archive": "tests/test_readme.py::test_make_archive",
    "make book": "tests/test_readme.py::test_make_book_serves_on_loopback",
    "make learn": "tests/test_readme.py::test_make_learn_opens_a_working_copy",
}
TIME = re.compile(r"about (\d+) minutes for the chapter")
SCREENS = [(1280, 900), (390, 844)]


@pytest.mark.parametrize("page", PAGES)
def test_each_command_is_run_by_a_test(page: str) -> None:
    lines = [
        line for kind, block in BLOCK.findall(PAGES[page]) if kind == "bash" for line in block.splitlines()
    ]
    assert lines
    for line in lines:
        path, _, name = RUN_BY[line].partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")
    assert set(re.findall(r"`(make \w+)", PAGES[page])) <= set(RUN_BY)


def test_the_learners_four_lines_do_what_the_page_says(tmp_path: Path) -> None:
    """The lines run in a kernel, after the setup cell of the notebook that the page names."""
    (block,) = (block for kind, block in BLOCK.findall(PAGES["learning"]) if kind == "python")
    lines = block.splitlines()
    (named,) = re.findall(r"Open `(\d\d_\w+)/(\w+)\.ipynb`", PAGES["learning"])
    released = json.loads((ROOT / "exercises" / named[0] / f"{named[1]}.ipynb").read_text(encoding="utf-8"))
    setup = next("".join(cell["source"]) for cell in released["cells"] if cell["cell_type"] == "code")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in (setup, *lines)])
    folder = tmp_path / named[0]
    folder.mkdir()
    NotebookClient(notebook, timeout=HANGS_AFTER, resources={"metadata": {"path": str(folder)}}).execute()
    check, hint, solution, progress = (str(cell.outputs) for cell in notebook.cells[1:])
    assert "0.2 Fix a planted bug" in check
    assert "Hint 1 of 3" in hint
    assert "def cut_window" in solution
    assert "together" in progress


def test_the_readers_page_states_the_minutes_of_the_shortest_and_longest_chapter() -> None:
    shortest, longest = re.findall(r"between (\d+) and (\d+) minutes", PAGES["reading"])[0]
    opened = [TIME.search(source(page).read_text(encoding="utf-8")) for page in pages()]
    minutes = [int(match[1]) for match in opened if match]
    assert (min(minutes), max(minutes)) == (int(shortest), int(longest))


def test_the_landing_page_lists_every_chapter_and_links_to_the_three_pages() -> None:
    text = source("book/index").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[(\d+)\. .+?\]\((\d\d)_(\w+)\.md\) \| .+\? \|$", text, re.MULTILINE)
    assert all(int(number) == int(padded) for number, padded, _ in listed)
    assert {int(number): slug for number, _, slug in listed} == chapters(
        [Path(page).name for page in pages()]
    )
    assert re.findall(r"^:link: (.+)$", text, re.MULTILINE) == [
        "ways/reading",
        "ways/learning",
        "instructor/index",
    ]


@pytest.mark.browser
@pytest.mark.parametrize("screen", SCREENS)
def test_an_explorer_works_on_the_first_screen(
    browser: Browser, address: str, screen: tuple[int, int]
) -> None:
    """The explorer is visible without scrolling, and answers the first click."""
    with browser.new_context(viewport={"width": screen[0], "height": screen[1]}) as context:
        tab = context.new_page()
        tab.goto(f"{address}/book/index.html", wait_until="networkidle")
        explorer = tab.locator("moving-edge")
        box = explorer.bounding_box()
        assert box
        assert box["y"] < screen[1] - 100
        explorer.get_by_role("button", name="1", exact=True).click()
        assert explorer.locator(".says").get_by_text(re.compile(r"^(Right|You said 1)")).is_visible()


@pytest.mark.browser
def test_the_search_finds_a_chapter_by_a_word(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        tab = context.new_page()
        tab.goto(f"{address}/book/ways/reading.html", wait_until="networkidle")
        tab.keyboard.press("Control+k")
        tab.keyboard.type("polyphase")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("#search-results li")
        assert tab.locator("#search-results a[href*='08_shift_and_aliasing']").count()
