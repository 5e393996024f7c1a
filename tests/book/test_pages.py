"""Every page, read in a real browser, in light and in dark."""

from __future__ import annotations

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
# The index and the page of search results are made by Sphinx.
each_page = pytest.mark.parametrize("page", [*pages(), "genindex", "search"])
each_scheme = pytest.mark.parametrize("scheme", ["light", "dark"])


@pytest.mark.slow
def test_the_strict_build_has_no_warning(built: subprocess.CompletedProcess[str]) -> None:
    assert built.returncode == 0, built.stdout[-3000:] + built.stderr[-3000:]
    assert "WARNING:" not in built.stderr
    assert "build succeeded" in built.stdout, "nothing was built"


@pytest.mark.browser
@each_scheme
@each_page
def test_nothing_is_complained_about(visit: Open, page: str, scheme: str) -> None:
    assert visit(page, scheme).complaints == []


@pytest.mark.browser
@each_scheme
@each_page
def test_no_other_host_is_asked(visit: Open, page: str, scheme: str) -> None:
    assert visit(page, scheme).elsewhere == []


@pytest.mark.browser
@each_scheme
@each_page
def test_everything_that_is_asked_for_is_there(visit: Open, page: str, scheme: str) -> None:
    assert visit(page, scheme).failed == []


@pytest.mark.browser
@each_page
def test_every_image_has_words(visit: Open, page: str) -> None:
    assert visit(page, "light").mute == []


@pytest.mark.browser
@each_page
def test_one_title_and_at_least_one_section(visit: Open, page: str) -> None:
    headings = visit(page, "light").headings
    assert headings["h1"] == 1
    assert headings["h2"] >= 1 or page == "search"


@pytest.mark.browser
@each_page
def test_every_formula_is_set(visit: Open, page: str) -> None:
    written, drawn = visit(page, "light").formulas
    assert written == drawn


@pytest.mark.browser
@each_page
def test_no_page_scrolls_sideways_on_a_phone(visit: Open, page: str) -> None:
    assert visit(page, "light").wide == []


@pytest.mark.browser
@each_scheme
@each_page
def test_code_stands_out_from_its_ground(visit: Open, page: str, scheme: str) -> None:
    assert visit(page, scheme).faint == []


@pytest.mark.browser
@each_scheme
@each_page
def test_axe_finds_nothing(visit: Open, page: str, scheme: str) -> None:
    assert visit(page, scheme).violations == []


@pytest.mark.browser
@each_page
def test_every_icon_has_a_drawing(visit: Open, page: str) -> None:
    assert visit(page, "light").undrawn == []


@pytest.mark.browser
@each_scheme
def test_axe_finds_what_is_planted(browser: Browser, scheme: str) -> None:
    """Pale grey on the scheme's own ground, an image without words, and a field without a name."""
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
