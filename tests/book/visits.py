"""Open one page of the book in a browser, and collect its errors and other findings."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.sync_api import TimeoutError as NotYet

from tests.book.axe import violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response

PHONE = 320  # width in CSS pixels
# Images of the article without a text equivalent. The theme's icons and MathJax's formulas are left out.
MUTE = """() => [...document.querySelectorAll('article img, article svg, article canvas, article [role=img]')]
  .filter(image => !image.closest('summary, button, mjx-container'))
  .filter(image => {
    const group = image.closest('[role=img]') || image;
    return !(group.getAttribute('aria-label') || group.getAttribute('alt') || '').trim();
  }).map(image => image.outerHTML.slice(0, 200))"""
# Elements that reach beyond a phone's screen, unless an element around them scrolls or cuts them off.
WIDE = f"""() => document.documentElement.scrollWidth <= {PHONE} ? [] :
  [...document.querySelectorAll('body *')].filter(element => {{
    for (let box = element.parentElement; box; box = box.parentElement)
      if (getComputedStyle(box).overflowX !== 'visible') return false;
    return element.getBoundingClientRect().right > {PHONE} + 1;
  }}).map(element => element.outerHTML.slice(0, 120))"""
# Code whose contrast with its background, computed as WCAG defines it, is less than 4.5.
FAINT = """() => {
  const light = color => color.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255)
    .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0.05);
  const behind = element => {
    for (; element; element = element.parentElement) {
      const color = getComputedStyle(element).backgroundColor;
      if (!/^rgba|\\/ 0/.test(color)) return color; // a veil lets what is behind it through
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.querySelectorAll('article pre span, article code span')]
    .filter(token => token.textContent.trim() && !token.childElementCount)
    .filter(token => {
      const [dark, bright] = [getComputedStyle(token).color, behind(token)].map(light).sort((a, b) => a - b);
      return bright / dark < 4.5;
    }).map(token => `${token.className} ${token.textContent} ${getComputedStyle(token).color}`);
}"""

ALL_SET = "() => [...document.querySelectorAll('.math')].every(one => one.querySelector('mjx-container svg'))"
# Icons of the theme for which icons.css has no drawing, so that they would be coloured squares.
UNDRAWN = """() => [...document.querySelectorAll('.fa-solid, .fas, .fa-brands, .fab')]
  .filter(icon => !getComputedStyle(icon, '::before').maskImage.startsWith('url'))
  .map(icon => icon.className)"""


@dataclass
class Visit:
    """Findings on one page in one colour scheme."""

    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    mute: list[str] = field(default_factory=list)
    faint: list[str] = field(default_factory=list)
    headings: dict[str, int] = field(default_factory=dict)
    wide: list[str] = field(default_factory=list)
    undrawn: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    formulas: tuple[int, int] = (0, 0)


def read(browser: Browser, address: str, page: str, scheme: str) -> Visit:
    """Open a page, note what the browser reports, and inspect the page at desktop and at phone width."""
    seen = Visit()
    with browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    ) as context:
        tab = context.new_page()
        _listen(tab, address, seen)
        tab.goto(f"{address}/{page}.html", wait_until="load")
        _let_formulas_come(tab)
        seen.mute = tab.evaluate(MUTE)
        # Only visible titles count: the theme adds a second title that appears only in print.
        seen.headings = {level: tab.locator(f"{level}:visible").count() for level in ("h1", "h2")}
        # MathJax, which is a file of the site and needs no network, makes a container for each formula.
        seen.formulas = (tab.locator(".math").count(), tab.locator(".math mjx-container svg").count())
        seen.undrawn = tab.evaluate(UNDRAWN)
        # This also opens all folds, which then stay open for the inspection at phone width.
        seen.violations = violations(tab)
        seen.faint = tab.evaluate(FAINT)
        tab.set_viewport_size({"width": PHONE, "height": 700})
        tab.wait_for_timeout(100)
        seen.wide = tab.evaluate(WIDE)
    return seen


def _let_formulas_come(tab: Page) -> None:
    """Scroll to the first formula, so that the page loads MathJax, and wait until all are typeset."""
    if tab.locator(".math:visible").count():
        tab.locator(".math:visible").first.scroll_into_view_if_needed()
    # No error after the timeout: test_every_formula_is_typeset fails if some formula is missing.
    with contextlib.suppress(NotYet):
        tab.wait_for_function(ALL_SET, timeout=60_000)


def _listen(tab: Page, address: str, seen: Visit) -> None:
    def answered(response: Response) -> None:
        if response.status >= 400:
            seen.failed.append(f"{response.status} {response.url}")

    tab.on("console", lambda m: seen.complaints.append(m.text) if m.type in ("error", "warning") else None)
    tab.on("pageerror", lambda error: seen.complaints.append(str(error)))
    tab.on("response", answered)
    tab.on("requestfailed", lambda request: seen.failed.append(request.url))
    own = (f"{address}/", "data:")
    tab.on("request", lambda r: None if r.url.startswith(own) else seen.elsewhere.append(r.url))
