"""Tests that unpack the archive of the site and open its pages from the disk in a real browser."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.book.contents import extension
from tests.book.playing import TAGS, ready

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="session")
def unpacked(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the archive that the pages link to, and return its folder."""
    offline = extension("offline")
    folder = tmp_path_factory.mktemp("stick")
    with zipfile.ZipFile(site / offline.ARCHIVE) as archive:
        archive.extractall(folder)
    assert [one.name for one in folder.iterdir()] == [offline.FOLDER]
    return folder / str(offline.FOLDER)


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A browser page; a test fails if the page logs an error or a warning, or sends a request to a server."""
    with browser.new_context() as context:
        opened = context.new_page()
        complaints: list[str] = []
        opened.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on(
            "request", lambda r: None if r.url.startswith(("file:", "data:")) else complaints.append(r.url)
        )
        yield opened
        assert complaints == []


@pytest.mark.browser
def test_the_first_page_leads_to_the_book(tab: Page, unpacked: Path) -> None:
    tab.goto((unpacked / "index.html").as_uri())
    tab.wait_for_url("**/book/index.html")
    assert tab.locator("h1:visible").inner_text().startswith("Poolkit Course")
    assert tab.locator("a.pk-offline").count() == 0, "the offline copy links to the archive"


@pytest.mark.browser
@pytest.mark.parametrize("tag", TAGS)
def test_explorers_work_from_a_disk(tab: Page, unpacked: Path, tag: str) -> None:
    tab.goto((unpacked / "book" / "playground.html").as_uri())
    explorer = ready(tab, tag)
    assert explorer.evaluate("one => one.shadowRoot.querySelectorAll('button, input, select').length") > 0


@pytest.mark.browser
def test_the_search_works_from_a_disk(tab: Page, unpacked: Path) -> None:
    tab.goto((unpacked / "search.html").as_uri() + "?q=dilation")
    tab.wait_for_selector("#search-results ul.search li a")
    found = tab.locator("#search-results ul.search li a").evaluate_all("all => all.map(one => one.href)")
    assert any("02_windows_and_sizes" in address for address in found)
    tab.goto(found[0].split("?")[0])
    assert tab.locator("h1:visible").count() == 1


@pytest.mark.browser
def test_formulas_are_typeset_from_a_disk(tab: Page, unpacked: Path) -> None:
    tab.goto((unpacked / "book" / "02_windows_and_sizes.html").as_uri())
    tab.locator(".math:visible").first.scroll_into_view_if_needed()
    tab.wait_for_selector(".math mjx-container svg")


@pytest.mark.browser
def test_formulas_far_below_are_typeset_without_scrolling(tab: Page, unpacked: Path) -> None:
    """The page opens without MathJax, and loads it by itself after a while."""
    tab.goto((unpacked / "book" / "03_max_pooling.html").as_uri())
    assert tab.locator("script[src*='mathjax']").count() == 0
    tab.wait_for_selector(".math mjx-container svg", state="attached", timeout=60_000)


def test_the_same_pages_make_the_same_archive(tmp_path: Path) -> None:
    offline = extension("offline")
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text(
        '<p>one <a class="pk-offline" href="x.zip">two</a></p>', encoding="utf-8"
    )
    offline.pack(site, site / offline.ARCHIVE)
    first = (site / offline.ARCHIVE).read_bytes()
    offline.pack(site, site / offline.ARCHIVE)
    assert (site / offline.ARCHIVE).read_bytes() == first
    with zipfile.ZipFile(site / offline.ARCHIVE) as archive:
        assert archive.namelist() == [f"{offline.FOLDER}/{offline.NOTE}", f"{offline.FOLDER}/index.html"]
        assert archive.read(f"{offline.FOLDER}/index.html") == b"<p>one </p>"
