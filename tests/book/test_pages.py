"""Tests that open the pages in a real browser, in the light and in the dark colour scheme."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.book.axe import violations
from tests.book.contents import pages
from tests.book.visits import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Open = Callable[[str, str], Visit]
# Sphinx adds two pages to those of the table of contents: the index and the search results.
PAGES = [*pages(), "genindex", "search"]
each_page = pytest.mark.parametrize("page", PAGES)
each_scheme = pytest.mark.parametrize("scheme", ["light", "dark"])
# All pages in light, and every third one in dark; all in both if NIGHTLY is set.
VISITS = [(page, "light") for page in PAGES]
VISITS += [(page, "dark") for page in PAGES[:: 1 if os.environ.get("NIGHTLY") else 3]]
each_visit = pytest.mark.parametrize(("page", "scheme"), VISITS)


@pytest.mark.slow
def test_the_build_with_warnings_as_errors_succeeds(built: subprocess.CompletedProcess[str]) -> None:
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    assert "WARNING:" not in built.stderr
    assert "build succeeded" in built.stdout, "nothing was built"


@pytest.mark.browser
@each_visit
def test_the_console_shows_no_error_and_no_warning(visit: Open, page: str, scheme: str) -> None:
    assert visit(page, scheme).complaints == []


@pytest.mark.browser
@each_visit
def test_no_request_goes_to_another_host(visit: Open, page: str, scheme: str) -> None:
    assert visit(page, scheme).elsewhere == []


@pytest.mark.browser
@each_visit
def test_no_request_fails(visit: Open, page: str, scheme: str) -> None:
    assert visit(page, scheme).failed == []


@pytest.mark.browser
@each_page
def test_every_image_has_a_text_equivalent(visit: Open, page: str) -> None:
    assert visit(page, "light").mute == []


@pytest.mark.browser
@each_page
def test_one_title_and_at_least_one_section(visit: Open, page: str) -> None:
    headings = visit(page, "light").headings
    assert headings["h1"] == 1
    assert headings["h2"] >= 1 or page == "search"


@pytest.mark.browser
@each_page
def test_every_formula_is_typeset(visit: Open, page: str) -> None:
    written, drawn = visit(page, "light").formulas
    assert written == drawn


@pytest.mark.browser
@each_page
def test_no_page_scrolls_sideways_on_a_phone(visit: Open, page: str) -> None:
    assert visit(page, "light").wide == []


@pytest.mark.browser
@each_visit
def test_code_has_enough_contrast_with_its_background(visit: Open, page: str, scheme: str) -> None:
    assert visit(page, scheme).faint == []


@pytest.mark.browser
@each_visit
def test_axe_finds_nothing(visit: Open, page: str, scheme: str) -> None:
    assert visit(page, scheme).violations == []


@pytest.mark.browser
@each_page
def test_every_icon_has_a_drawing(visit: Open, page: str) -> None:
    assert visit(page, "light").undrawn == []


@pytest.mark.browser
@each_scheme
def test_axe_finds_planted_violations(browser: Browser, scheme: str) -> None:
    """The test page has text of low contrast, an image without a text equivalent, and an unnamed input."""
    ground, pale = ("#fff", "#ccc") if scheme == "light" else ("#000", "#333")
    with browser.new_context() as context:
        tab = context.new_page()
        tab.set_content(
            "<html lang=en><title>t</title><main "
            f"style='background:{ground};color:{pale}'><h1>pale</h1><details><summary>more</summary><img "
            "src='data:image/gif;base64,R0lGODlhAQABAAAAACw='></details><input></main>"
        )
        found = {line.split(" (")[0] for line in violations(tab)}
    assert {"color-contrast", "image-alt", "label"} <= found
