"""The explorer of the photographs paints, pixel by pixel, what poolkit computes."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pytest
import torch

from book import photographs
from poolkit import functional, reference
from poolkit.windows import Window
from tests.book.node import in_node
from tests.book.playing import SETTINGS, SETTLED, drag, play, ready, slide, state_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAG = "max-against-average"
WAYS = {"max": "maximum", "average": "average", "min": "minimum", "first": "every s-th pixel"}
# Returns the label of each canvas and, after a prediction, also its height, its width and its pixels.
# The pixels come as text, which is much faster than numbers: a pixel of grey g is the character U+0100 + g.
# A pixel that is not an opaque grey is the character U+0001.
PIXELS = """[...root.querySelectorAll('canvas')].map(canvas => {
  if (!root.querySelector('.choices .right')) return [canvas.getAttribute('aria-label')];
  const { data, height, width } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const isGrey = at => data[at] === data[at + 1] && data[at] === data[at + 2] && data[at + 3] === 255;
  const grey = at => isGrey(at) ? 0x100 + data[at] : 1;
  const letters = Array.from({ length: height * width }, (_, i) => String.fromCharCode(grey(4 * i)));
  return [canvas.getAttribute('aria-label'), height, width, letters.join('')];
})"""
Plane = npt.NDArray[np.float64]


def made(pixels: Plane, k: int, s: int) -> dict[str, Plane]:
    """Make the photograph smaller with poolkit in each of the four ways that WAYS names."""
    plane = torch.from_numpy(pixels)[None]
    out = -(-(pixels.shape[0] - k + 1) // s)
    return {
        "max": functional.max_pool2d(plane, k, s)[0].numpy(),
        "average": functional.avg_pool2d(plane, k, s)[0].numpy(),
        "min": -functional.max_pool2d(-plane, k, s)[0].numpy(),
        "first": pixels[::s, ::s][:out, :out],
    }


def photo(name: str) -> Plane:
    return photographs.photographs()[name].astype(float)


def bytes_of(levels: Plane) -> npt.NDArray[np.int64]:
    return np.floor(255 * levels / 63 + 0.5).astype(int)


def test_the_generated_script_holds_the_photographs() -> None:
    assert photographs.FILE.read_text(encoding="utf-8") == photographs.script(), (
        "run `python -m book.photographs`"
    )
    for name, levels in photographs.photographs().items():
        assert in_node("photographs", "name", "part[name]", [name.upper()]) == [levels.tolist()]


def test_the_script_computes_what_poolkit_computes() -> None:
    rng = np.random.default_rng(4)
    cases: list[list[Any]] = []
    for _ in range(60):
        k, s = int(rng.integers(1, 5)), int(rng.integers(1, 5))
        x = rng.integers(-9, 10, rng.integers(k, 9, 2)).tolist()
        cases.append([x, k, s])
    for way in WAYS:
        got = in_node("planes", "[x, k, s]", f"part.poolPlane(x, k, s, '{way}')", cases)
        for (x, k, s), y in zip(cases, got, strict=True):
            plane, window = np.array(x, dtype=float), Window.of(k, s)
            rows, columns = window.output_size(plane.shape)
            expected = {
                "max": reference.max_pool(plane, window),
                "average": reference.avg_pool(plane, window),
                "min": -reference.max_pool(-plane, window),
                "first": plane[::s, ::s][:rows, :columns],
            }[way]
            np.testing.assert_allclose(y, expected, atol=1e-12)


def test_what_chapter_4_says_of_the_printed_page() -> None:
    pixels = photo("print")
    paper = np.median(pixels)
    # A pixel counts as ink if its grey is lower than this.
    inked = paper - 12
    small = made(pixels, 4, 4)
    with_ink = small["min"] < inked
    assert (small["max"] >= inked).all()
    assert (pixels < inked).mean() == pytest.approx(1 / 6, abs=0.01)
    assert with_ink.mean() == pytest.approx(2 / 5, abs=0.03)
    assert (small["first"][with_ink] >= inked).mean() > 0.5
    assert (small["average"][with_ink] < small["average"][~with_ink].mean()).mean() > 0.98


def painted(_: str, height: int, width: int, letters: str) -> npt.NDArray[np.int64]:
    """Decode the pixels that PIXELS gives for a canvas into an array (row, column) of greys."""
    codes = np.frombuffer(letters.encode("utf-16-le"), dtype="<u2").astype(int)
    return codes.reshape(height, width) - 0x100


@pytest.mark.browser
def test_it_paints_what_poolkit_computes_on_random_settings(tab: Page) -> None:
    rng = random.Random(4)
    states: list[dict[str, Any]] = []
    for _ in range(SETTINGS):
        name, k, s = rng.choice(["photographer", "print"]), rng.randint(2, 8), rng.randint(1, 8)
        ask, order = rng.choice(list(WAYS)), rng.randrange(24)
        out = (96 - k) // s + 1
        row, column = rng.randrange(out), rng.randrange(out)
        states.append(
            {"photo": name, "k": k, "s": s, "ask": ask, "order": order, "row": row, "column": column}
        )
    for state, seen in zip(states, play(tab, TAG, states, PIXELS), strict=True):
        pixels = photo(state["photo"])
        expected = made(pixels, state["k"], state["s"])
        out = len(expected["max"])
        assert not any(way in label for label, *_ in seen["before"][1:] for way in WAYS.values())
        source, *four = seen["after"]
        assert np.array_equal(painted(*source), bytes_of(pixels))
        for letter, picture in zip("ABCD", four, strict=True):
            said = re.match(
                rf"{letter}, (.+): {out} by {out} pixels.*; at the window ([\d.]+)\.$", picture[0]
            )
            assert said, picture[0]
            way = next(way for way, words in WAYS.items() if words == said[1])
            assert np.array_equal(painted(*picture), bytes_of(expected[way])), (way, state)
            assert float(said[2]) == pytest.approx(expected[way][state["row"], state["column"]], rel=5e-3)
            assert (seen["right"] == [letter]) == (way == state["ask"])


@pytest.mark.browser
def test_each_of_the_24_orders_shows_all_four_pictures(tab: Page) -> None:
    look = "[...root.querySelectorAll('canvas')].map(canvas => canvas.getAttribute('aria-label'))"
    orders = set()
    for seen in play(tab, TAG, [{"order": order} for order in range(24)], look):
        names = tuple(label.split(":")[0].split(", ")[1] for label in seen["after"][1:])
        assert sorted(names) == sorted(WAYS.values())
        orders.add(names)
    assert len(orders) == 24


@pytest.mark.browser
def test_it_works_with_the_keyboard_alone(tab: Page) -> None:
    explorer = tab.locator(TAG)
    explorer.locator("input[name=photo]:checked").focus()
    tab.keyboard.press("ArrowRight")
    for name, value in {"k": 4, "s": 4, "row": 3, "column": 7}.items():
        slide(explorer, name, value)
    state = state_of(explorer)
    assert (state["photo"], state["k"], state["s"], state["row"], state["column"]) == ("print", 4, 4, 3, 7)
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_timeout(SETTLED)
    verdict = explorer.locator("[role=status]").text_content() or ""
    at = {way: f"{float(f'{plane[3, 7]:.3g}'):g}" for way, plane in made(photo("print"), 4, 4).items()}
    assert f"at (3, 7): maximum {at['max']}, average {at['average']}, minimum {at['min']}" in verdict


@pytest.mark.browser
def test_the_window_follows_a_finger_that_drags(touched: Page) -> None:
    drag(touched, ready(touched, TAG).locator("canvas").first, 0.1, 0.95)
    assert (state_of(touched.locator(TAG))["row"], state_of(touched.locator(TAG))["column"]) == (10, 30)


@pytest.mark.browser
def test_a_click_moves_the_window(tab: Page) -> None:
    explorer = tab.locator(TAG)
    canvas = explorer.locator("canvas").nth(2)
    box = canvas.bounding_box()
    assert box
    canvas.click(position={"x": box["width"] - 2, "y": 2})
    assert (state_of(explorer)["row"], state_of(explorer)["column"]) == (0, 31)
    explorer.locator("canvas").first.click(position={"x": 2, "y": 2})
    assert (state_of(explorer)["row"], state_of(explorer)["column"]) == (0, 0)
