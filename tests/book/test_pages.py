"""Every page, read in a real browser, in light and in dark."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from tests.book.contents import pages
from tests.book.visits import Visit

Open = Callable[[str, str], Visit]
each_page = pytest.mark.parametrize("page", pages())
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
    assert headings["h2"] >= 1


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
