"""A printed page has open folds, dark text and no navigation; after printing the page is as before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
CLOSED = "() => document.querySelectorAll('article details:not([open])').length"
SEEN = """() => [...document.querySelectorAll(
    '.bd-sidebar-primary, .bd-sidebar-secondary, .bd-header-article, .prev-next-footer,'
    + ' button.copybtn, a.headerlink, #pst-back-to-top')]
  .filter(one => one.getClientRects().length)
  .map(one => one.className)"""
INK = (
    "() => [document.body, document.querySelector('article p')].map(one => getComputedStyle(one)).map("
    + "style => [style.backgroundColor, style.color])"
)


def test_a_printed_page_shows_what_is_folded_and_no_navigation(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="dark") as context:
        tab = context.new_page()
        tab.goto(f"{address}/book/03_max_pooling.html", wait_until="networkidle")
        closed, seen, ink = tab.evaluate(CLOSED), tab.evaluate(SEEN), tab.evaluate(INK)
        assert closed > 5
        assert seen != []
        tab.emulate_media(media="print", color_scheme="dark")
        tab.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert tab.evaluate(CLOSED) == 0
        assert tab.evaluate(SEEN) == []
        assert tab.locator("h1:visible").count() == 1
        (ground, _), (_, words) = tab.evaluate(INK)
        assert sum(channels(ground)) > 700, "the printed background is dark"
        assert sum(channels(words)) < 200, "the printed text is pale"
        tab.emulate_media(media="screen", color_scheme="dark")
        tab.evaluate("dispatchEvent(new Event('afterprint'))")
        assert (tab.evaluate(CLOSED), tab.evaluate(SEEN), tab.evaluate(INK)) == (closed, seen, ink)


def channels(colour: str) -> list[float]:
    """The red, green and blue parts of a CSS colour of the form rgb(...) or rgba(...)."""
    return [float(part) for part in colour.strip("rgba()").split(",")[:3]]
