"""The explorer of the padding border shows what poolkit computes.

It shows two outputs. The first one ignores the cells of the border. The second one pools them like the other
cells.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from poolkit import reference
from poolkit.windows import Window
from tests.book.playing import (
    SETTINGS,
    SETTLED,
    labels,
    numbers,
    predict,
    right_choice,
    slide,
    state_of,
    visit_setting,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
TAG = "padding-border"
MODES = {"zero": "constant", "edge": "edge", "wrap": "wrap"}


@pytest.fixture
def tab(playground: Page) -> Page:
    visit_setting(playground, TAG)
    return playground


def pooled(x: np.ndarray, state: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    """Two outputs: one that ignores the border, and one that pools the border's numbers too."""
    window, bare = Window.of(state["k"], state["s"], state["p"]), Window.of(state["k"], state["s"])
    padded = np.pad(x, state["p"], mode=MODES[state["fill"]])  # type: ignore[call-overload]
    if state["op"] == "max":
        return reference.max_pool(x, window), reference.max_pool(padded, bare)
    return reference.avg_pool(x, window, False), reference.avg_pool(padded, bare)


def at_random(rng: random.Random) -> dict[str, Any]:
    n = rng.randint(2, 6)
    k = rng.randint(2, min(5, n + 1))
    return {
        "op": rng.choice(["max", "average"]),
        "values": rng.choice(["negative", "mixed", "positive", "ones"]),
        "fill": rng.choice(list(MODES)),
        "n": n,
        "k": k,
        "s": rng.randint(1, 3),
        "p": rng.randint(1, k // 2),
    }


def test_it_shows_what_poolkit_computes_on_random_settings(tab: Page) -> None:
    rng = random.Random(3)
    for _ in range(SETTINGS):
        state = at_random(rng)
        explorer = visit_setting(tab, TAG, **state)
        said = labels(explorer)
        assert said[3] == "output: hidden until you predict"
        assert explorer.locator(".hidden").count() > 0
        x = np.array(numbers(": " + said[0].split(". Its border")[0].removeprefix("input, "))).reshape(
            state["n"], -1
        )
        assert {
            "negative": x.max() < 0,
            "mixed": x.min() < 0 < x.max() or state["n"] < 4,
            "positive": x.min() > 0,
            "ones": (x == 1).all(),
        }[state["values"]]
        out, kept = pooled(x, state)
        predict(explorer)
        changed = np.argwhere(abs(out - kept) > 1e-9)
        said = labels(explorer)
        assert numbers(said[1]) == pytest.approx(out.ravel().tolist(), rel=0.006), state
        assert numbers(said[3].split(". Changed")[0]) == pytest.approx(kept.ravel().tolist(), rel=0.006), (
            state
        )
        assert right_choice(explorer) == str(len(changed)), state
        crossed = (
            explorer.locator("svg")
            .nth(3)
            .locator(".wrong")
            .evaluate_all("all => all.map(one => one.dataset.at)")
        )
        assert crossed == [f"{r},{c}" for r, c in changed], state


def test_it_works_with_the_keyboard_alone(tab: Page) -> None:
    explorer = tab.locator(TAG)
    explorer.locator("[data-key=op-max]").focus()
    for key in ("ArrowRight", "Tab", "ArrowRight", "ArrowRight", "ArrowRight", "Tab", "Tab", "Enter"):
        tab.keyboard.press(key)
    for name, value in {"n": 5, "k": 3, "s": 2}.items():
        slide(explorer, name, value)
    state = state_of(explorer)
    assert state == {"op": "average", "values": "ones", "fill": "zero", "n": 5, "k": 3, "s": 2, "p": 1}
    explorer.locator(".choices button").first.focus()
    tab.keyboard.press("Enter")
    assert right_choice(explorer) == "8"
    tab.wait_for_timeout(SETTLED)
    said = explorer.locator("[role=status]").text_content() or ""
    assert "At (0, 0) the mean of 4 real cells is 1; with the border it is 4 divided by 9, 0.444." in said


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"values": "positive"}, "0 of 16 outputs change. Every window has a real cell"),
        ({"fill": "edge"}, "0 of 16 outputs change. A neighbour that is repeated"),
        ({"fill": "wrap"}, "comes from the border."),
        ({"op": "average", "values": "ones", "fill": "wrap"}, "0 of 16 outputs change. Each mean"),
    ],
)
def test_it_explains_why_outputs_change_or_stay(tab: Page, state: dict[str, str], words: str) -> None:
    explorer = visit_setting(tab, TAG, **state)
    predict(explorer)
    assert words in (explorer.locator(".says").text_content() or "")
