"""Playing with an explorer as a reader does: set it by its address, by keyboard or by touch,
predict, read what it says.
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
# Settings of an explorer, drawn at random, whose numbers are compared with poolkit's. The nightly run draws
# more of them.
SETTINGS = 200 if os.environ.get("NIGHTLY") else 40
SETTLED = 600  # ms, after which what an explorer says and the address are up to date


def visit_setting(tab: Page, tag: str, **state: Any) -> Locator:
    """Bring an explorer of the open playground to a setting, as a link to it does;
    it is closed afterwards.
    """
    query = "&".join(f"{name}={value}" for name, value in state.items())
    tab.evaluate(ADDRESS, f"#{tag}?{query}")
    return tab.locator(tag)


def play(tab: Page, tag: str, states: list[dict[str, Any]], look: str) -> list[dict[str, Any]]:
    """Play many settings of the open playground, one after the other, each with some prediction or other.

    `look` is a script's expression over `root`, the explorer's inside, and `said(selector)`, the texts of its
    parts. Of each setting comes back what it gives before the prediction and after, and which choices are
    ticked as right.
    """
    queries = ["&".join(f"{name}={value}" for name, value in state.items()) for state in states]
    assert all(one != other for one, other in pairwise(queries)), "an address that stays is no visit"
    plays = [[query, at] for at, query in enumerate(queries)]
    found: list[dict[str, Any]] = tab.evaluate(PLAY, [tag, plays, look])
    return found


def ready(tab: Page, tag: str) -> Locator:
    """The explorer, once its scripts have run."""
    tab.wait_for_function("tag => document.querySelector(tag)?.shadowRoot", arg=tag)
    return tab.locator(tag)


def state_of(explorer: Locator) -> dict[str, Any]:
    """The setting that an explorer shows."""
    state: dict[str, Any] = explorer.evaluate("one => one.state")
    return state


def choices(explorer: Locator) -> list[str]:
    """What there is to choose as a prediction."""
    return explorer.locator(".choices button").all_text_contents()


def predict(explorer: Locator, words: str | None = None) -> None:
    """Choose a prediction, the first one where none is named."""
    buttons = explorer.locator(".choices button")
    (buttons.first if words is None else buttons.get_by_text(words, exact=True)).click()


def right_choice(explorer: Locator) -> str:
    """The prediction that the opened explorer ticks as right."""
    ticked: str = explorer.locator(".choices .right").text_content() or ""
    return ticked.removeprefix("✓ ")


def labels(explorer: Locator) -> list[str]:
    """What a screen reader says of each drawing."""
    said: list[str] = explorer.locator("svg[aria-label], canvas").evaluate_all(
        "all => all.map(one => one.getAttribute('aria-label'))"
    )
    return said


def numbers(words: str) -> list[float]:
    """The numbers that a drawing's text names after its first colon."""
    return [
        float(n.replace("minus ", "-").replace("infinity", "inf"))
        for n in re.findall(r"(?:minus )?(?:infinity|nan|\d+(?:\.\d+)?)", words.split(":", 1)[1])
    ]


def first_control(explorer: Locator) -> Locator:
    """The first thing that a reader can turn: a slider, the chosen one of some radio buttons,
    or a box to tick.
    """
    return explorer.locator("form input:not(:disabled):not([type=radio]:not(:checked)):visible").first


def turn(explorer: Locator) -> None:
    """Turn the first control to another value, with one key."""
    control = first_control(explorer)
    at_end = control.input_value() == control.get_attribute("max")
    control.press(
        "Space" if control.get_attribute("type") == "checkbox" else "ArrowLeft" if at_end else "ArrowRight"
    )


def drag(tab: Page, drawing: Locator, start: float, end: float) -> None:
    """Draw a finger across the upper part of a drawing, from one part of its width to another."""
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
    """Set a slider with the keyboard alone."""
    slider = explorer.locator(f"input[type=range][name={name}]")
    slider.focus()
    slider.press("Home")
    for _ in range(value - int(slider.get_attribute("min") or 0)):
        slider.press("ArrowRight")
    assert slider.input_value() == str(value)
