"""Functions that use an explorer, an interactive drawing of the book, as a reader does.

They bring it to a setting by a link, by keyboard or by touch, choose a prediction, and read its texts.
"""

from __future__ import annotations

import os
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tests.book.contents import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

EXPLORERS = ROOT / "book" / "_static" / "explorers"
PLAYGROUND = (ROOT / "book" / "playground.md").read_text(encoding="utf-8")
TAGS = tuple(re.findall(r"<([a-z]+-[a-z-]+) linked", PLAYGROUND))
ADDRESS = """query => new Promise(done => {
  if (location.hash === query) { location.hash = ''; }
  addEventListener('hashchange', () => setTimeout(done), { once: true });
  location.hash = query;
})"""
PLAY = """async ([tag, plays, look]) => {
  const root = document.querySelector(tag).shadowRoot;
  const said = all => [...root.querySelectorAll(all)].map(one => one.textContent);
  const looked = new Function('root', 'said', `return ${look}`);
  const found = [];
  for (const [query, guess] of plays) {
    const come = new Promise(done => addEventListener('hashchange', done, { once: true }));
    location.hash = `${tag}?${query}`;
    await come;
    const before = looked(root, said);
    const buttons = [...root.querySelectorAll('.choices button')];
    buttons[guess % buttons.length].click();
    const right = said('.choices .right').map(words => words.slice(2));
    found.push({ before, after: looked(root, said), right });
  }
  return found;
}"""
# The number of random settings of an explorer that a test compares with poolkit; the nightly run takes more.
SETTINGS = 200 if os.environ.get("NIGHTLY") else 40
# Milliseconds after a change; by then the explorer has updated its text and the page's address.
SETTLED = 600


def visit_setting(tab: Page, tag: str, **state: Any) -> Locator:
    """Bring an explorer on the open playground to a setting, as a link to that setting does.

    Afterwards the explorer hides its answer until the next prediction.
    """
    query = "&".join(f"{name}={value}" for name, value in state.items())
    tab.evaluate(ADDRESS, f"#{tag}?{query}")
    return tab.locator(tag)


def play(tab: Page, tag: str, states: list[dict[str, Any]], look: str) -> list[dict[str, Any]]:
    """Bring an explorer on the open playground to many settings, and choose a prediction in each.

    `look` is a JavaScript expression. It may use `root`, the explorer's shadow root, and `said(selector)`,
    the texts of the elements in the shadow root that match the selector. The result has one dictionary for
    each setting. Its keys are "before" and "after", the value of `look` before and after the prediction, and
    "right", the choices that the explorer ticks as right.
    """
    queries = ["&".join(f"{name}={value}" for name, value in state.items()) for state in states]
    assert all(one != other for one, other in pairwise(queries)), (
        "two equal settings in a row: the address would not change"
    )
    plays = [[query, at] for at, query in enumerate(queries)]
    found: list[dict[str, Any]] = tab.evaluate(PLAY, [tag, plays, look])
    return found


def ready(tab: Page, tag: str) -> Locator:
    """Wait until the scripts of an explorer have run, and return the explorer."""
    tab.wait_for_function("tag => document.querySelector(tag)?.shadowRoot", arg=tag)
    return tab.locator(tag)


def state_of(explorer: Locator) -> dict[str, Any]:
    """The setting that an explorer currently shows."""
    state: dict[str, Any] = explorer.evaluate("one => one.state")
    return state


def choices(explorer: Locator) -> list[str]:
    """The texts of the choices from which a reader picks a prediction."""
    return explorer.locator(".choices button").all_text_contents()


def predict(explorer: Locator, words: str | None = None) -> None:
    """Choose the prediction whose text is `words`, or the first one if `words` is None."""
    buttons = explorer.locator(".choices button")
    (buttons.first if words is None else buttons.get_by_text(words, exact=True)).click()


def right_choice(explorer: Locator) -> str:
    """The text of the choice that the explorer has ticked as right after a prediction."""
    ticked: str = explorer.locator(".choices .right").text_content() or ""
    return ticked.removeprefix("✓ ")


def labels(explorer: Locator) -> list[str]:
    """The text that a screen reader reads out for each drawing."""
    texts: list[str] = explorer.locator("svg[aria-label], canvas").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label'))"
    )
    return texts


def numbers(words: str) -> list[float]:
    """The numbers after the first colon in a drawing's text."""
    return [
        float(n.replace("minus ", "-").replace("infinity", "inf"))
        for n in re.findall(r"(?:minus )?(?:infinity|nan|\d+(?:\.\d+)?)", words.split(":", 1)[1])
    ]


def first_control(explorer: Locator) -> Locator:
    """The first control of an explorer: a slider, the selected radio button of a group, or a checkbox."""
    return explorer.locator("form input:not(:disabled):not([type=radio]:not(:checked)):visible").first


def turn(explorer: Locator) -> None:
    """Change the value of an explorer's first control by pressing one key."""
    control = first_control(explorer)
    at_end = control.input_value() == control.get_attribute("max")
    control.press(
        "Space" if control.get_attribute("type") == "checkbox" else "ArrowLeft" if at_end else "ArrowRight"
    )


def drag(tab: Page, drawing: Locator, start: float, end: float) -> None:
    """Move a finger across the upper part of a drawing; start and end are fractions of its width."""
    drawing.scroll_into_view_if_needed()
    box = drawing.bounding_box()
    assert box
    session, y = tab.context.new_cdp_session(tab), box["y"] + box["height"] / 3
    for step in range(13):
        x = box["x"] + box["width"] * (start + (end - start) * step / 12)
        kind = "touchMove" if step else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        tab.wait_for_timeout(20)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    session.detach()


def slide(explorer: Locator, name: str, value: int) -> None:
    """Set the slider called `name` to a value by keyboard alone."""
    slider = explorer.locator(f"input[type=range][name={name}]")
    slider.focus()
    slider.press("Home")
    for _ in range(value - int(slider.get_attribute("min") or 0)):
        slider.press("ArrowRight")
    assert slider.input_value() == str(value)
