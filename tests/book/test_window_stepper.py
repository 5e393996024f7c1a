"""The explorer called the window stepper agrees with poolkit.

Tests compare the number of outputs, and the cells and the value of each output.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from poolkit import reference
from poolkit.errors import PoolingError
from poolkit.windows import Window
from tests.book.playing import (
    SETTINGS,
    SETTLED,
    choices,
    labels,
    numbers,
    predict,
    ready,
    right_choice,
    slide,
    state_of,
    visit_setting,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser
TAG = "window-stepper"
LIT = (
    "one => "
    "[...one.shadowRoot.querySelectorAll('.plane')[0]"
    ".querySelectorAll('.tap:not(.border):not(.beyond)')]"
    ".map(cell => cell.dataset.at)"
)


@pytest.fixture
def tab(playground: Page) -> Page:
    visit_setting(playground, TAG)
    return playground


def pair(values: tuple[int, int]) -> str:
    return f"{values[0]}x{values[1]}"


def at_random(rng: random.Random) -> tuple[dict[str, Any], np.ndarray, Window, tuple[int, ...]]:
    """Draw a random setting: its form in a link, its input, its window, and the size of its output."""
    while True:
        x = np.array([[rng.randint(-9, 9) for _ in range(rng.randint(1, 9))]] * rng.randint(1, 9))
        x = x + np.array([[rng.randint(-9, 9)] for _ in range(len(x))])
        k, s, d = ((rng.randint(1, most), rng.randint(1, most)) for most in (4, 3, 3))
        p, ceil = (rng.randint(0, k[0] // 2), rng.randint(0, k[1] // 2)), rng.random() < 0.4
        window = Window.of(k, s, p, d, ceil)
        try:
            size = window.output_size(x.shape)
        except PoolingError:
            continue
        written = ";".join(",".join(map(str, row)) for row in x.tolist())
        state = {"k": pair(k), "s": pair(s), "p": pair(p), "d": pair(d), "ceil": int(ceil), "x": written}
        at = {"r": rng.randrange(size[0]), "c": rng.randrange(size[1])}
        return state | at, x, window, size


def lit(explorer: Locator, window: Window) -> list[tuple[int, ...]]:
    """The highlighted input cells; their indices start at the first cell of the plane, not of the padding."""
    before = window.padding[0][0], window.padding[1][0]
    found: list[str] = explorer.evaluate(LIT)
    return [tuple(int(i) - b for i, b in zip(one.split(","), before, strict=True)) for one in found]


def test_it_shows_what_poolkit_computes_on_random_settings(tab: Page) -> None:
    rng = random.Random(2)
    for turn in range(SETTINGS):
        state, x, window, size = at_random(rng)
        op = ("max", "average")[turn % 2]
        counted = rng.random() < 0.5
        y = (
            reference.max_pool(x, window)
            if op == "max"
            else reference.avg_pool(x.astype(float), window, counted)
        )
        ask = rng.choice(["size", "value"])
        explorer = visit_setting(tab, TAG, **state, op=op, counted=int(counted), ask=ask)
        assert labels(explorer)[1].lower().endswith("output: hidden until you predict")
        assert explorer.locator(".winner").count() == 0
        predict(explorer)
        right = right_choice(explorer).replace("\N{MINUS SIGN}", "-").replace("∞", "inf")
        expected = size[1] if ask == "size" else y[state["r"], state["c"]]
        assert float(right) == pytest.approx(expected, rel=0.006), state
        said = labels(explorer)
        assert f"output, {size[0]} row" in said[1]
        assert numbers(said[1]) == pytest.approx(y.ravel().tolist(), rel=0.006), (state, op, counted)
        assert lit(explorer, window) == window.taps((state["r"], state["c"]), x.shape), state


def test_hovering_or_focusing_an_output_lights_its_cells(tab: Page) -> None:
    explorer = visit_setting(tab, TAG, n=6, k=3, s=2, p=1)
    window = Window.of(3, 2, 1)
    predict(explorer)
    outputs = explorer.locator("svg").nth(1)
    outputs.locator("[data-at='1,2']").hover()
    assert lit(explorer, window) == window.taps((1, 2), (6, 6))
    outputs.locator("[data-at='0,0']").focus()
    assert lit(explorer, window) == window.taps((0, 0), (6, 6))
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight"):
        tab.keyboard.press(key)
    assert lit(explorer, window) == window.taps((2, 1), (6, 6)), "the arrow key must stop at the last row"
    tab.wait_for_timeout(SETTLED)
    said = explorer.locator("[role=status]").text_content() or ""
    assert said.startswith("The output at (2, 1) is")
    assert "r=2&c=1" in tab.url
    explorer.locator("[data-key=next]").click()
    explorer.locator("[data-key=next]").click()
    assert lit(explorer, window) == window.taps((0, 0), (6, 6)), "the first window must follow the last one"


def test_a_finger_steps_the_window(browser: Browser, address: str) -> None:
    with browser.new_context(
        viewport={"width": 320, "height": 800}, has_touch=True, is_mobile=True
    ) as context:
        tab = context.new_page()
        tab.goto(f"{address}/book/playground.html#{TAG}?n=7&k=2")
        explorer = ready(tab, TAG)
        predict(explorer)
        explorer.locator("svg").nth(1).locator("[data-at='3,4']").tap()
        assert lit(explorer, Window.of(2, 1)) == Window.of(2, 1).taps((3, 4), (7, 7))


def test_it_works_with_the_keyboard_alone(tab: Page) -> None:
    explorer = tab.locator(TAG)
    for name, value in {"n": 8, "k": 4, "s": 3, "p": 2}.items():
        slide(explorer, name, value)
    explorer.locator("[data-key=more]").focus()
    tab.keyboard.press("Enter")
    slide(explorer, "d", 2)
    explorer.locator("[data-key=axis-both]").focus()
    tab.keyboard.press("ArrowRight")
    slide(explorer, "s", 1)
    state = state_of(explorer)
    assert [state[name] for name in "nkspd"] == [[8, 8], [4, 4], [1, 3], [2, 2], [2, 2]]
    size = Window.of(4, (1, 3), 2, 2).output_size((8, 8))
    explorer.locator(".choices button").first.focus()
    tab.keyboard.press("Enter")
    assert right_choice(explorer) == str(size[1])
    formulas = explorer.locator(".formula b").all_text_contents()
    assert formulas == [str(size[0]), str(size[1])]


def test_the_wrong_choices_are_known_mistakes(tab: Page) -> None:
    explorer = visit_setting(tab, TAG, n=5, k=2, s=2)
    assert choices(explorer) == ["1", "2", "3", "4", "5"]
    predict(explorer, "3")
    says = explorer.locator(".says").text_content() or ""
    assert says.startswith("You said 3; it is 2. That is rounded up.")
    assert says.endswith("Row 4 and Column 4 are never seen.")
    explorer = visit_setting(tab, TAG, x="-1,-2;-3,-4", k=3, p=1, ask="value", r=0, c=0)
    predict(explorer, "0")
    assert "Minus infinity never wins" in (explorer.locator(".says").text_content() or "")


def test_it_names_the_window_that_ceil_mode_drops(tab: Page) -> None:
    explorer = visit_setting(tab, TAG, n=5, k=2, s=2, p=1, ceil=1)
    assert explorer.locator("details").get_attribute("open") is not None, (
        "a link set ceil_mode, whose control is in a closed fold"
    )
    predict(explorer)
    assert right_choice(explorer) == str(Window.of(2, 2, 1, 1, True).output_size((5, 5))[1]) == "3"
    assert "It is dropped, and 3 are left." in (explorer.locator(".formulas").text_content() or "")


def test_a_window_that_does_not_fit_is_replaced_by_the_nearest_that_does(tab: Page) -> None:
    state = state_of(visit_setting(tab, TAG, n="2x9", k=7, d=4))
    assert Window.of(state["k"], 1, state["p"], state["d"]).output_size((2, 9))
    assert state["k"] == [2, 7]


def test_it_moves_unless_reduced_motion_is_set(browser: Browser, address: str) -> None:
    moving = (
        "one => { one.shadowRoot.querySelector('[data-key=next]').click(); return "
        "one.shadowRoot.getAnimations().length; }"
    )
    for wish, moves in (("no-preference", True), ("reduce", False)):
        with browser.new_context(reduced_motion=wish) as context:  # type: ignore[arg-type]
            tab = context.new_page()
            tab.goto(f"{address}/book/playground.html")
            explorer = ready(tab, TAG)
            predict(explorer)
            assert (explorer.evaluate(moving) > 0) is moves
