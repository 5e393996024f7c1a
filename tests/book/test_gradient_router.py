"""The explorer called the gradient router sends gradients to the same cells as poolkit and torch."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pytest
import torch

from poolkit import reference
from poolkit.windows import Window
from tests.book.node import in_node
from tests.book.playing import SETTINGS, SETTLED, play, predict, right_choice, slide, state_of, visit_setting

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAG = "gradient-router"
RULES = ("first", "even", "mean")
Plane = npt.NDArray[np.float64]


def sent_back(x: Plane, k: int, s: int, rule: str, output: int = -1) -> Plane:
    """The gradient of x if one output has the gradient 1 and all others 0; if `output` is -1, all have 1."""
    window = Window.of(k, s)
    sent = np.ones(window.output_size(x.shape))
    if output >= 0:
        sent = (np.arange(sent.size) == output).reshape(sent.shape).astype(float)
    if rule == "first":
        return reference.max_pool_backward(sent, x, window)
    if rule == "mean":
        return reference.avg_pool_backward(sent, x.shape, window)
    # The rule "even": amax splits the gradient evenly among equal maxima.
    leaf = torch.tensor(x, requires_grad=True)
    leaf.unfold(0, k, s).unfold(1, k, s).amax(dim=(-2, -1)).backward(torch.from_numpy(sent))
    assert leaf.grad is not None
    return leaf.grad.numpy()


def pooled(x: Plane, k: int, s: int, rule: str) -> Plane:
    pool = reference.avg_pool if rule == "mean" else reference.max_pool
    return pool(x, Window.of(k, s))


def at_random(rng: random.Random) -> dict[str, Any]:
    """Draw a random setting whose plane has many equal cells."""
    rows, columns = rng.randint(2, 6), rng.randint(2, 6)
    k, s = rng.randint(2, min(4, rows, columns)), rng.randint(1, 4)
    x = np.array([[rng.randint(-2, 2) for _ in range(columns)] for _ in range(rows)], dtype=float)
    outputs = int(np.prod(Window.of(k, s).output_size(x.shape)))
    return {
        "x": x,
        "k": k,
        "s": s,
        "rule": rng.choice(RULES),
        "from": rng.choice([-1, -1, rng.randrange(outputs)]),
        "cell": rng.randrange(x.size),
    }


def in_link(x: Plane) -> str:
    return ";".join(",".join(f"{value:g}" for value in row) for row in x)


def shown(value: float) -> str:
    return f"{float(f'{value:.3g}'):g}".replace("-", "\N{MINUS SIGN}")


def plane_in(words: str, name: str) -> list[list[float]]:
    """The rows of numbers after `name` and a colon in a drawing's label; `name` is a regular expression."""
    found = re.search(rf"{name}: ([^.]+(?:\.\d+[^.]*)*)\.", words)
    assert found, words
    rows = found[1].replace("minus ", "-").split(";")
    return [[float(one) for one in row.split()] for row in rows]


def test_the_script_computes_what_poolkit_computes() -> None:
    rng = random.Random(6)
    states = [at_random(rng) for _ in range(300)]
    cases = [[one["x"].tolist(), one["k"], one["s"], one["rule"]] for one in states]
    given = "[x, k, s, rule]"
    backs = in_node("gradients", given, "part.arriving(x, part.routes(x, k, s, rule))", cases)
    for state, back, y in zip(
        states, backs, in_node("gradients", given, "part.outputsOf(x, k, s, rule)", cases), strict=True
    ):
        expected = sent_back(state["x"], state["k"], state["s"], state["rule"])
        np.testing.assert_allclose(back, expected, atol=1e-12, err_msg=str(state))
        # Each output sends a gradient of 1, and the cells receive the whole sum.
        assert np.sum(back) == pytest.approx(np.size(y))
        np.testing.assert_allclose(y, pooled(state["x"], state["k"], state["s"], state["rule"]))


@pytest.mark.browser
def test_it_shows_what_poolkit_computes_on_random_settings(tab: Page) -> None:
    rng = random.Random(7)
    states = [at_random(rng) for _ in range(SETTINGS)]
    look = """[root.querySelector('svg').getAttribute('aria-label'),
      said('.figures [data-input] text:not(.small)'),
      root.querySelectorAll('.route').length, said('.choices button')]"""
    played = play(tab, TAG, [{**state, "x": in_link(state["x"])} for state in states], look)
    for state, seen in zip(states, played, strict=True):
        back = sent_back(state["x"], state["k"], state["s"], state["rule"], state["from"])
        words, drawn, routes, offered = seen["before"]
        assert "hidden until you predict" in words
        assert (set(drawn), routes) == ({"?"}, 0)
        assert len(set(offered)) == len(offered) >= 2
        assert seen["right"] == [shown(back.flatten()[state["cell"]])], state
        words, drawn, routes, _ = seen["after"]
        assert plane_in(words, "rows?") == state["x"].tolist()
        np.testing.assert_allclose(plane_in(words, "The gradient of x"), back, rtol=5e-3, err_msg=str(state))
        np.testing.assert_allclose(
            [float(one) for one in drawn], back.flatten(), atol=5.1e-3, err_msg=str(state)
        )
        assert routes >= np.count_nonzero(back)


@pytest.mark.browser
def test_it_works_with_the_keyboard_alone(tab: Page) -> None:
    explorer = tab.locator(TAG)
    explorer.locator("input[name=rule]:checked").focus()
    tab.keyboard.press("ArrowRight")
    for name, value in {"k": 3, "s": 2, "from": 2, "cell": 12}.items():
        slide(explorer, name, value)
    state = state_of(explorer)
    assert (state["rule"], state["k"], state["s"], state["from"], state["cell"]) == ("even", 3, 2, 2, 12)
    back = sent_back(np.array(state["x"], dtype=float), 3, 2, "even", 2)
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert right_choice(explorer) == shown(back[2, 2])
    tab.wait_for_timeout(SETTLED)
    assert f"{shown(back[2, 2])} arrives in (2, 2)" in (
        explorer.locator("[role=status]").text_content() or ""
    )


@pytest.mark.browser
def test_clicks_choose_the_output_that_sends_and_the_cell_of_the_question(tab: Page) -> None:
    explorer = tab.locator(TAG)
    explorer.locator(".grounds [data-output='5']").click()
    explorer.locator(".grounds [data-input='7']").click()
    assert (state_of(explorer)["from"], state_of(explorer)["cell"]) == (5, 7)
    explorer.locator(".grounds [data-output='5']").click()
    assert state_of(explorer)["from"] == -1, "a second click must let all outputs send again"


@pytest.mark.browser
def test_a_pointer_on_a_cell_dims_the_routes_of_other_cells(tab: Page) -> None:
    explorer = tab.locator(TAG)
    predict(explorer)
    back = sent_back(np.array(state_of(explorer)["x"], dtype=float), 2, 1, "first")
    bright = explorer.locator(".route:not(.dim)")
    assert bright.count() == 16
    explorer.locator(".grounds [data-output='5']").hover()
    assert bright.count() == 1
    explorer.locator(".grounds [data-input='11']").hover()
    assert bright.count() == back[2, 1] == 4
    explorer.locator(".says").hover()
    assert bright.count() == 16


@pytest.mark.browser
def test_a_wrong_prediction_that_is_a_known_mistake_is_explained(tab: Page) -> None:
    explorer = visit_setting(tab, TAG, k=2, s=1, rule="first", cell=11)
    predict(explorer, "1")
    assert "= leaves" in (explorer.locator(".says").text_content() or "")
    explorer = visit_setting(tab, TAG, k=2, s=1, rule="first", cell=12)
    predict(explorer, "2.17")
    assert "through amax" in (explorer.locator(".says").text_content() or "")


@pytest.mark.browser
@pytest.mark.parametrize("x", ["nan,1;2,3", "1,inf;2,3", "1", "1,2", "1,2;3"])
def test_a_link_with_a_plane_that_it_cannot_show_is_refused(tab: Page, x: str) -> None:
    explorer = visit_setting(tab, TAG, x=x)
    assert len(state_of(explorer)["x"]) == 5
    assert explorer.locator(".note").is_visible()
