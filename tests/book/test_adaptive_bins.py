"""The explorer of adaptive bins draws the bins and the values that poolkit computes."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from poolkit import reference
from poolkit.bins import Bins
from tests.book.playing import (
    SETTINGS,
    SETTLED,
    choices,
    labels,
    numbers,
    predict,
    right_choice,
    slide,
    state_of,
    visit_setting,
)

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
TAG = "adaptive-bins"
LIT = "one => [...one.shadowRoot.querySelectorAll('[data-cell].tap')].map(cell => Number(cell.dataset.cell))"
# For each bar, its first cell and the cell after its last one, measured on the screen.
BARS = """one => {
  const cells = [...one.shadowRoot.querySelectorAll('[data-cell] .ground')]
    .map(cell => cell.getBoundingClientRect());
  return [...one.shadowRoot.querySelectorAll('.bar')].map(bar => {
    const box = bar.getBoundingClientRect();
    return [box.left, box.right].map(x => Math.round((x - cells[0].left) / cells[0].width));
  });
}"""


@pytest.fixture
def tab(playground: Page) -> Page:
    visit_setting(playground, TAG)
    return playground


def words(start: int, end: int) -> str:
    return f"cell {start}" if end == start + 1 else f"cells {start} to {end - 1}"


def line(explorer: Locator, o: int) -> Locator:
    return explorer.locator(f"[data-bin='{o}']")


def test_it_shows_what_poolkit_computes_on_random_settings(tab: Page) -> None:
    rng = random.Random(4)
    for _ in range(SETTINGS):
        n, m, op = rng.randint(1, 12), rng.randint(1, 12), rng.choice(["average", "max"])
        o = rng.randrange(m)
        explorer = visit_setting(tab, TAG, n=n, m=m, op=op, o=o)
        assert labels(explorer)[0].endswith("The bins: hidden until you predict")
        assert explorer.locator(".bar, .tap, .value").count() == 0
        assert len(choices(explorer)) >= 2
        predict(explorer)
        bins = Bins.adaptive((n,), (m,))
        spans = bins.spans[0]
        assert right_choice(explorer) == words(*spans[o])
        assert explorer.evaluate(BARS) == [list(span) for span in spans]
        said = labels(explorer)[0]
        x = np.array(numbers(said.split(". Bin")[0]))
        y = (reference.avg_pool if op == "average" else reference.max_pool)(x, bins)
        shown = [numbers(line(explorer, one).get_attribute("aria-label") or "")[0] for one in range(m)]
        assert x.size == n
        assert shown == pytest.approx(y.tolist(), rel=0.006)
        assert explorer.evaluate(LIT) == list(range(*spans[o]))
        seen = [tap for one in range(m) for (tap,) in bins.taps((one,), (n,))]
        often = [f"{seen.count(j)} bins" for j in range(n) if seen.count(j) > 1]
        assert explorer.locator(".often").all_text_contents() == often


def test_it_works_with_the_keyboard_alone(tab: Page) -> None:
    explorer = tab.locator(TAG)
    slide(explorer, "n", 7)
    slide(explorer, "m", 4)
    tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowDown")
    assert state_of(explorer) == {"n": 7, "m": 4, "op": "max", "o": 2}
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    spans = Bins.adaptive((7,), (4,)).spans[0]
    assert right_choice(explorer) == words(*spans[2])
    line(explorer, 2).focus()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowDown")
    assert explorer.evaluate(LIT) == list(range(*spans[3])), "the arrow key must stop at the last bin"
    tab.keyboard.press("ArrowUp")
    assert [one.inner_text() for one in explorer.locator(".formula b").all()] == [
        str(end) for end in spans[2]
    ]
    tab.wait_for_timeout(SETTLED)
    assert "seen by more than one bin" in (explorer.locator("[role=status]").text_content() or "")


def test_a_pointer_highlights_a_bin_only_after_a_prediction(tab: Page) -> None:
    explorer = visit_setting(tab, TAG, n=8, m=3, o=0)
    line(explorer, 2).hover()
    assert state_of(explorer)["o"] == 0, "a pointer must not change the question"
    line(explorer, 1).click()
    assert state_of(explorer)["o"] == 1
    predict(explorer)
    verdict = explorer.locator(".says").text_content()
    line(explorer, 2).hover()
    assert explorer.evaluate(LIT) == list(range(*Bins.adaptive((8,), (3,)).spans[0][2]))
    assert explorer.locator(".says").text_content() == verdict, "a pointer must not remove the verdict"


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ({"n": 5, "m": 1}, "that is global pooling"),
        ({"n": 6, "m": 3}, "a window with k = s = 2"),
        ({"n": 3, "m": 5}, "There are more bins than cells"),
        ({"n": 5, "m": 3}, "2 cells of 5 are seen by more than one bin."),
    ],
)
def test_it_explains_special_cases_of_adaptive_pooling(tab: Page, state: dict[str, int], says: str) -> None:
    explorer = visit_setting(tab, TAG, **state)
    predict(explorer)
    assert says in (explorer.locator(".says").text_content() or "")
