"""The explorer of the sliding picture shows the rows that poolkit computes."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch.nn import functional as F

from poolkit import functional
from poolkit.blur import blur_pool2d, polyphase_pool2d
from tests.book.node import in_node
from tests.book.playing import (
    SETTINGS,
    SETTLED,
    drag,
    labels,
    play,
    predict,
    ready,
    right_choice,
    slide,
    state_of,
    visit_setting,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAG = "sliding-row"
N, WHITE = 24, 8
WAYS = ("subsample", "max", "average", "max+blur", "polyphase")
PICTURES = ("fan", "fine stripes", "wide stripes", "edge", "wave", "texture")
Row = npt.NDArray[np.float64]


def made(row: Row, way: str, s: int) -> Row:
    """Make a circular row s times shorter with poolkit, which pools a plane of copies of this row."""
    return _made(tuple(row.tolist()), way, s)


# The cache stays small, because the explorer has only six pictures.
@cache
def _made(row: tuple[float, ...], way: str, s: int) -> Row:
    plane = torch.tensor(row, dtype=torch.float64).expand(1, 2 * s, -1)
    if way == "subsample":
        y = plane[:, ::s, ::s]
    elif way == "polyphase":
        y = polyphase_pool2d(plane, s)
    elif way == "max+blur":
        # The row is circular for the maximum too: its windows continue from the row's end to its start.
        largest = functional.max_pool2d(F.pad(plane, (0, s - 1, 0, s - 1), "circular"), s, 1)
        y = blur_pool2d(largest, 3, s, "circular")
    else:
        pools: dict[str, Callable[..., torch.Tensor]] = {
            "max": functional.max_pool2d,
            "average": functional.avg_pool2d,
        }
        y = pools[way](plane, s)
    return y[0, 0].numpy()


def change(row: Row, way: str, s: int, shift: int) -> float:
    before, after = made(row, way, s), made(np.roll(row, shift), way, s)
    return min(float(np.sqrt(np.mean((after - np.roll(before, step)) ** 2))) for step in range(before.size))


def mean_change(row: Row, way: str, s: int) -> float:
    return _mean_change(tuple(row.tolist()), way, s)


@cache
def _mean_change(row: tuple[float, ...], way: str, s: int) -> float:
    return sum(change(np.array(row), way, s, shift) for shift in range(N)) / (N - 1)


def test_the_script_computes_what_poolkit_computes() -> None:
    rng = np.random.default_rng(8)
    drawn = [
        (rng.integers(0, 9, s * int(rng.integers(2, 8))), s, int(rng.integers(0, 20))) for s in (2, 3, 4) * 12
    ]
    cases = [[x.tolist(), way, s, d] for x, s, d in drawn for way in WAYS]
    outputs = in_node("shifts", "[x, way, s, d]", "part.WAYS[way](part.rolled(x, d), s)", cases)
    changes = in_node("shifts", "[x, way, s, d]", "part.change(x, way, s, d)", cases)
    for (x, way, s, d), y, far in zip(cases, outputs, changes, strict=True):
        row = np.array(x, dtype=float)
        np.testing.assert_allclose(y, made(np.roll(row, d), way, s), atol=1e-12)
        assert far == pytest.approx(change(row, way, s, d), abs=1e-9)


def test_the_mean_change_is_over_all_moves_except_that_by_0() -> None:
    rows = [[0, 8] * 12, [8, 0, 8, 0, 8, 8] * 4]
    got = in_node("shifts", "x", "part.meanChange(x, 'subsample', 2)", rows)
    assert got == pytest.approx([mean_change(np.array(row, dtype=float), "subsample", 2) for row in rows])


def row_in(label: str, name: str) -> Row | None:
    """The numbers that follow a name in a drawing's label; None if the label says that they are hidden."""
    found = re.search(rf"{name}: ([\d. ]+|hidden)", label)
    assert found, label
    return None if found[1] == "hidden" else np.array(found[1].split(), dtype=float)


def right_answers(row: Row, s: int, ask: str) -> set[str]:
    asked = WAYS if ask == "most" else WAYS[:-1]
    means = {way: mean_change(row, way, s) for way in asked}
    goal = (max if ask == "most" else min)(means.values())
    right = {way for way in asked if abs(means[way] - goal) < 1e-9}
    return {"all alike"} if len(right) == len(asked) else right


def percent(part: float) -> str:
    return f"{int(100 * part / WHITE + 0.5)}%"


@pytest.mark.browser
def test_it_shows_what_poolkit_computes_on_random_settings(tab: Page) -> None:
    rng = random.Random(9)
    drawn = {
        (rng.choice(PICTURES), rng.choice([2, 3, 4]), rng.randrange(N), rng.choice(["most", "least"]))
        for _ in range(300)
    }
    settings = rng.sample(sorted(drawn), SETTINGS)
    states = [dict(zip(("picture", "s", "shift", "ask"), setting, strict=True)) for setting in settings]
    look = (
        "[[...root.querySelectorAll('svg[aria-label]')].map(one => one.getAttribute('aria-label')), "
        "said('.way .name')]"
    )
    for (picture, s, shift, ask), seen in zip(settings, play(tab, TAG, states, look), strict=True):
        labels, _ = seen["before"]
        moved = row_in(labels[0], f"moved by {shift}")
        assert moved is not None
        row = np.roll(moved, -shift)
        assert [row_in(label, "now") is None for label in labels[1:]] == [shift != 0] * 5
        assert set(seen["right"]) == right_answers(row, s, ask), (picture, s, ask)
        labels, titles = seen["after"]
        for way, label, title in zip(WAYS, labels[1:], titles[1:], strict=True):
            now = row_in(label, "now")
            assert now is not None
            np.testing.assert_allclose(
                now, made(moved, way, s), rtol=5e-3, err_msg=f"{way} {picture} {s} {shift}"
            )
            here, mean = change(row, way, s, shift), mean_change(row, way, s)
            assert title == f"{way}here {percent(here)}, on average {percent(mean)}"


@pytest.mark.browser
def test_it_works_with_the_keyboard_alone(tab: Page) -> None:
    explorer = tab.locator(TAG)
    explorer.locator("input[name=picture]:checked").focus()
    tab.keyboard.press("ArrowRight")
    slide(explorer, "shift", 3)
    assert state_of(explorer) == {"picture": "fine stripes", "s": 2, "shift": 3, "ask": "most"}
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert right_choice(explorer) == "subsample"
    tab.wait_for_timeout(SETTLED)
    verdict = explorer.locator("[role=status]").text_content() or ""
    assert verdict.startswith(
        "You said max; it is subsample. max answers a plain grey, wherever the picture is. "
    )
    assert "subsample 100%, max 0%" in verdict


@pytest.mark.browser
def test_a_finger_drags_the_picture_around_its_circle(touched: Page) -> None:
    explorer = ready(touched, TAG)
    drag(touched, explorer.locator("svg.picture"), 0.25, 0.75)
    assert state_of(explorer)["shift"] == 1 + N // 2
    drag(touched, explorer.locator("svg.picture"), 0.1, 0.9)
    assert state_of(explorer)["shift"] == (1 + N // 2 + round(0.8 * N)) % N
    before = state_of(explorer)
    touched.mouse.move(10, 10)
    assert state_of(explorer) == before, "it still follows the pointer after the finger was lifted"


@pytest.mark.browser
def test_it_moves_only_when_the_reader_moves_it(tab: Page) -> None:
    explorer = tab.locator(TAG)
    predict(explorer)
    before = state_of(explorer), labels(explorer)
    tab.wait_for_timeout(SETTLED)
    assert (state_of(explorer), labels(explorer)) == before
    slide(explorer, "shift", 5)
    assert labels(explorer) != before[1]


@pytest.mark.browser
def test_outputs_that_differ_are_marked_with_crosses(tab: Page) -> None:
    explorer = visit_setting(tab, TAG, picture="fan", s=2, shift=1)
    predict(explorer)
    crosses = [way.locator(".cross").count() for way in explorer.locator(".way").all()]
    row = row_in(labels(explorer)[0], "moved by 1")
    assert row is not None
    for way, crossed in zip(WAYS, crosses[1:], strict=True):
        before, after = made(np.roll(row, -1), way, 2), made(row, way, 2)
        assert crossed in {int((after != np.roll(before, step)).sum()) for step in range(before.size)}
    assert crosses[1] > crosses[-1] == 0


@pytest.mark.browser
def test_the_three_settings_that_chapter_8_suggests_show_what_it_says(tab: Page) -> None:
    """Stripes become all white or all 0; blur helps on the texture; polyphase fails on the fan at s = 4."""
    settings = [("fine stripes", 2), ("texture", 2), ("fan", 4)]
    look = "root.querySelector('svg').getAttribute('aria-label')"
    states = [{"picture": picture, "s": s, "shift": 1} for picture, s in settings]
    moved = [row_in(seen["after"], "moved by 1") for seen in play(tab, TAG, states, look)]
    fine, texture, fan = (np.roll(row, -1) for row in moved if row is not None)
    outputs = [made(np.roll(fine, shift), "subsample", 2).tolist() for shift in (0, 1)]
    assert sorted(outputs) == [[0] * 12, [WHITE] * 12]
    assert mean_change(fine, "max", 2) == 0
    assert set(made(fine, "max", 2)) == {WHITE}
    assert mean_change(texture, "max+blur", 2) < mean_change(texture, "max", 2)
    squares = sorted(float(np.sum(fan[phase::4] ** 2)) for phase in range(4))
    assert squares[-1] == squares[-2]
    assert mean_change(fan, "polyphase", 4) > 0
    assert mean_change(fan, "polyphase", 2) == 0
