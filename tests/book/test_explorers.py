"""The figures that can be played with: by keyboard, without sight, on a phone, and with poolkit's numbers."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from poolkit import reference
from tests.book.contents import ROOT
from tests.book.visits import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

EXPLORERS = ROOT / "book" / "_static" / "explorers"
CONTROLS = ("width", "bright", "kernel", "stride", "shift")
pytestmark = pytest.mark.browser


def rows_of(state: dict[str, int]) -> tuple[list[int], list[int]]:
    """What numpy and poolkit say of a setting: the pooled response as it was, and after the move."""
    row = (np.arange(state["width"]) < state["bright"]).astype(int)
    both = []
    for shift in (0, state["shift"]):
        at = np.clip(np.arange(row.size) - shift, 0, row.size - 1)
        response = row[at][:-1] - row[at][1:]
        fits = response.size >= state["kernel"]
        both.append(reference.max_pool_row(response, state["kernel"], state["stride"]).tolist() if fits else [])
    return both[0], both[1]


def choose(box: Locator, value: str) -> None:
    """Pick an option of a select box with the keyboard alone."""
    values = box.locator("option").evaluate_all("options => options.map(option => option.value)")
    box.focus()
    box.press("Home")
    for _ in range(values.index(value)):
        box.press("ArrowDown")
    assert box.input_value() == value


def numbers(label: str | None) -> list[int]:
    """The numbers that a drawing's text names after its colon."""
    assert label
    return [int(n) for n in re.findall(r"-?\d+", label.split(":")[1].replace("\N{MINUS SIGN}", "-"))]


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    with browser.new_context(viewport={"width": PHONE, "height": 800}, color_scheme="dark") as context:
        tab = context.new_page()
        tab.goto(f"{address}/book/01_the_edge_that_moved.html", wait_until="networkidle")
        yield tab


def set_at_random(explorer: Locator, rng: random.Random) -> dict[str, int]:
    state: dict[str, int] = {}
    for name in CONTROLS:
        box = explorer.locator(f"select[name={name}]")
        chosen = rng.choice(box.locator("option").evaluate_all("options => options.map(o => o.value)"))
        choose(box, chosen)
        state[name] = int(chosen)
    return state


def test_the_moving_edge_says_what_poolkit_says(tab: Page) -> None:
    explorer, rng = tab.locator("moving-edge"), random.Random(5)
    status = explorer.locator("[role=status]")
    for _ in range(25):
        state = set_at_random(explorer, rng)
        before, after = rows_of(state)
        same = sum(a == b for a, b in zip(before, after, strict=True))
        shown = explorer.locator("svg[aria-label^=pooled]")
        assert status.text_content() == ""
        labels = explorer.locator("svg").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
        assert ["hidden until you predict" in label for label in labels] == [False] * 4 + [True] * 2
        guess = explorer.get_by_role("button", name=str(rng.randint(0, len(before))), exact=True)
        guess.focus()
        tab.keyboard.press("Enter")
        assert [numbers(shown.nth(i).get_attribute("aria-label")) for i in (0, 1)] == [before, after], state
        noun = "output" if len(before) == 1 else "outputs"
        assert f"{same} of {len(before)} {noun} stay" in (status.text_content() or ""), state
        assert explorer.locator("path").count() == len(before) - same


def test_the_keyboard_keeps_its_place(tab: Page) -> None:
    box = tab.locator("moving-edge select[name=kernel]")
    choose(box, "3")
    tab.keyboard.press("Tab")
    focused = "document.querySelector('moving-edge').shadowRoot.activeElement.name"
    assert tab.evaluate(focused) == "stride"


def test_the_arithmetic_by_itself(tab: Page) -> None:
    rng = np.random.default_rng(7)
    cases = [
        (rng.integers(-9, 9, n).tolist(), k, s) for n in range(1, 14) for k in range(1, n + 1) for s in (1, 2, 3, 5)
    ]
    got: Any = tab.evaluate(
        """async cases => {
          const { maxPoolRow } = await import('../_static/explorers/pooling.js');
          return cases.map(([x, k, s]) => maxPoolRow(x, k, s));
        }""",
        [list(case) for case in cases],
    )
    assert got == [reference.max_pool_row(np.array(x), k, s).tolist() for x, k, s in cases]


def test_nothing_sticks_out_on_a_phone(tab: Page) -> None:
    explorer = tab.locator("moving-edge")
    choose(explorer.locator("select[name=width]"), "12")
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE
    box = explorer.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE


def test_without_scripts_there_is_a_text(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(f"{address}/book/01_the_edge_that_moved.html")
        assert "static figure below" in tab.locator("moving-edge").inner_text()


def test_explorers_are_small_and_ask_no_other_host() -> None:
    for path in EXPLORERS.glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert len(text) < 20_000
        assert text.count("\n") < 300
        assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == []
        assert "fetch(" not in text
