"""The explorer of the moving edge shows what poolkit computes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from poolkit import reference
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
TAG = "moving-edge"


def rows_of(state: dict[str, int]) -> tuple[list[int], list[int]]:
    """The pooled response of the edge filter before and after the move, computed by numpy and poolkit."""
    row = (np.arange(state["n"]) < state["bright"]).astype(int)
    both = []
    for shift in (0, state["shift"]):
        at = np.clip(np.arange(row.size) - shift, 0, row.size - 1)
        both.append(reference.max_pool_row(row[at][:-1] - row[at][1:], state["k"], state["s"]).tolist())
    return both[0], both[1]


def at_random(rng: random.Random) -> dict[str, int]:
    n = rng.randint(4, 12)
    bright, kernel = rng.randint(1, n - 1), rng.randint(1, min(4, n - 1))
    return {"n": n, "bright": bright, "k": kernel, "s": rng.randint(1, 4), "shift": rng.choice([-1, 0, 1])}


def test_it_shows_what_poolkit_computes_on_random_settings(tab: Page) -> None:
    rng = random.Random(5)
    for _ in range(SETTINGS):
        state = at_random(rng)
        explorer = visit_setting(tab, TAG, **state)
        before, after = rows_of(state)
        same = sum(a == b for a, b in zip(before, after, strict=True))
        assert ["hidden until you predict" in label for label in labels(explorer)] == [False] * 4 + [True] * 2
        assert explorer.locator(".hidden").count() == state["n"] - 1 + len(after)
        predict(explorer, str(rng.randint(0, len(before))))
        said = labels(explorer)
        assert [numbers(said[2]), numbers(said[5])] == [before, after], state
        assert right_choice(explorer) == str(same), state
        assert explorer.locator(".cell.wrong").count() == len(before) - same


def test_it_works_with_the_keyboard_alone(tab: Page) -> None:
    explorer = tab.locator(TAG)
    for name, value in {"n": 8, "bright": 4, "k": 3, "s": 1}.items():
        slide(explorer, name, value)
    tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.press("ArrowLeft")
    assert state_of(explorer) == {"n": 8, "bright": 4, "k": 3, "s": 1, "shift": -1}
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    before, after = rows_of(state_of(explorer))
    same = sum(a == b for a, b in zip(before, after, strict=True))
    tab.wait_for_timeout(SETTLED)
    verdict = explorer.locator("[role=status]").text_content() or ""
    assert verdict.startswith(f"You said 0; it is {same}. {same} of 5 outputs stay the same.")
    assert "into other windows" in verdict


def test_all_hidden_cells_look_the_same(tab: Page) -> None:
    hidden = tab.locator(TAG).locator(".cell.hidden")
    assert {
        tuple(names.split())
        for names in hidden.evaluate_all("all => all.map(one => one.getAttribute('class'))")
    } == {("cell", "hidden")}
