"""The cost plot shows the same numbers of comparisons and bytes as a run of poolkit's own code."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

import pytest
import torch

from poolkit import fast
from poolkit.windows import Window
from tests.book.node import in_node
from tests.book.playing import SETTINGS, SETTLED, drag, play, predict, ready, slide, state_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

TAG = "cost-plot"
LAST, SIDE = 64, 512
WINDOW, PASSES, DOUBLING, BLOCKS = METHODS = ("each window alone", "two passes", "doubling", "blocks")


class Steps:
    """Stands in for torch in poolkit.fast, and records the lengths of each maximum's inputs and output."""

    inf = torch.inf

    def __init__(self) -> None:
        self.steps: list[tuple[list[int], int]] = []

    def maximum(self, one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
        """Return torch.maximum of two rows, and record their lengths and that of the result."""
        y = torch.maximum(one, other)
        self.steps.append(([one.shape[-1], other.shape[-1]], y.shape[-1]))
        return y


def doubled(monkeypatch: pytest.MonkeyPatch, n: int, k: int) -> list[tuple[list[int], int]]:
    """Run poolkit's running maximum along a row of n cells, and return the steps that it took."""
    noted = Steps()
    with monkeypatch.context() as patch:
        patch.setattr(fast, "torch", noted)
        fast.running_max(torch.zeros(n), k)
    return noted.steps


def counted(monkeypatch: pytest.MonkeyPatch, method: str, k: int) -> int:
    """Count the comparisons for one output, from poolkit's own windows and running maxima."""
    taps = len(Window.of(k, 1).taps((0, 0), (k, k)))
    along = len(Window.of(k, 1, axes=1).taps((0,), (k,)))
    steps = len(doubled(monkeypatch, k, k))
    return {WINDOW: taps - 1, PASSES: 2 * (along - 1), DOUBLING: 2 * steps, BLOCKS: 6}[method]


def moved(monkeypatch: pytest.MonkeyPatch, method: str, n: int, k: int) -> int:
    """Count the bytes that a method reads and writes for a float32 plane of n by n.

    Chapter 14 and its notebook count in the same way.
    """
    rows = Window.of((1, k), 1).output_size((n, n))
    outputs = Window.of(k, 1).output_size((n, n))
    between, last = rows[0] * rows[1], outputs[0] * outputs[1]
    if method == WINDOW:
        return 4 * (last * k * k + last)
    if method == PASSES:
        return 4 * (n * n + between + between + last)
    # Blocks: one pass over the row forwards and one backwards, then two reads and a write for each output.
    if method == BLOCKS:
        return 4 * (n * (4 * n + 3 * rows[1]) + rows[1] * (4 * n + 3 * outputs[0]))
    # Doubling: each step reads a row once, because both arguments are parts of it, and writes a shorter row.
    along, length = 0, n
    for _, written in doubled(monkeypatch, n, k):
        along, length = along + length + written, written
    return 4 * (n * along + rows[1] * along)


def over_floor(monkeypatch: pytest.MonkeyPatch, method: str, k: int, n: int = SIDE) -> float:
    return moved(monkeypatch, method, n, k) / (4 * (n * n + (n - k + 1) ** 2))


def test_comparisons_are_those_that_poolkit_makes(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [(method, k) for method in METHODS for k in range(2, LAST + 1)]
    got = in_node("costs", "[method, k]", "part.COMPARISONS[method](k)", cases)
    assert got == [counted(monkeypatch, method, k) for method, k in cases]


def test_bytes_are_counted_as_chapter_14_counts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [
        (method, n, k) for method in METHODS for n, k in ((56, 7), (20, 2), (64, 64), (SIDE, 31), (100, 17))
    ]
    got = in_node("costs", "[method, n, k]", "part.bytes(method, n, k)", cases)
    assert got == [moved(monkeypatch, method, n, k) for method, n, k in cases]
    chapter = in_node("costs", "[method]", "part.bytes(method, 56, 7)", [[WINDOW], [PASSES], ["the floor"]])
    h = w = 56
    between, outputs = h * (w - 6), (h - 6) * (w - 6)
    assert chapter == [
        4 * (outputs * 49 + outputs),
        4 * (h * w + 2 * between + outputs),
        4 * (h * w + outputs),
    ]


def test_two_passes_cost_twice_the_floor() -> None:
    """Chapter 14 says that two passes move about twice as many bytes as the floor, whatever the window."""
    cases = [[k] for k in range(2, LAST + 1)]
    assert in_node("costs", "[k]", f"part.overFloor('{PASSES}', {SIDE}, k)", cases) == pytest.approx(
        [2] * len(cases), rel=0.01
    )


def test_from_the_crossing_on_every_window_is_cheaper() -> None:
    cases = [[[9, 9, 3, 9, 2, 2, 2], [5] * 7], [[5] * 4, [5] * 4], [[1] * 5, [2] * 5]]
    at = "k => {}[k - 2]"
    expression = f"part.crossing({at.format('one')}, {at.format('other')}, one.length + 1)"
    assert in_node("costs", "[one, other]", expression, cases) == [6, None, 2]


def written(cost: float) -> str:
    return f"{int(cost + 0.5):,}" if cost >= 100 or cost == int(cost) else f"{float(f'{cost:.3g}'):g}"


def rows(explorer: Locator, table: str) -> dict[str, list[str]]:
    """The cells of each row of a table, by the heading of the row."""
    found = {}
    for row in explorer.locator(f"table.{table} tbody tr").all():
        found[row.locator("th").text_content() or ""] = row.locator("td").all_text_contents()
    return found


@pytest.mark.browser
def test_it_shows_what_poolkit_counts_on_random_settings(tab: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(14)
    costs: dict[str, dict[str, list[Any]]] = {
        "comparisons": {m: [counted(monkeypatch, m, k) for k in range(2, LAST + 1)] for m in METHODS},
        "bytes": {m: [over_floor(monkeypatch, m, k) for k in range(2, LAST + 1)] for m in METHODS},
    }
    states: list[dict[str, Any]] = []
    for _ in range(SETTINGS):
        a, b = rng.sample(METHODS, 2)
        count, table = rng.choice(["comparisons", "bytes"]), rng.randint(0, 1)
        states.append({"k": rng.randint(2, LAST), "count": count, "table": table, "a": a, "b": b})
    look = """{ methods: said('table.now th'), now: said('table.now td:last-child'),
      line: said('table.all .here td'),
      plot: root.querySelector('svg.costs')?.getAttribute('aria-label') ?? null }"""
    for state, seen in zip(states, play(tab, TAG, states, look), strict=True):
        k, count, table, a, b = state.values()
        hidden = seen["before"]
        assert [
            (method, cost == "?") for method, cost in zip(hidden["methods"], hidden["now"], strict=True)
        ] == [(method, method in (a, b)) for method in METHODS]
        below = [one < other for one, other in zip(costs[count][a], costs[count][b], strict=True)]
        never = not below[-1]
        crossing = max((i + 3 for i, less in enumerate(below) if not less), default=2)
        right = "never" if never else f"k = {crossing}"
        assert seen["right"] == [right], (a, b, count)
        now = {method: written(costs[count][method][k - 2]) for method in METHODS}
        shown = seen["after"]
        assert dict(zip(shown["methods"], shown["now"], strict=True)) == now, (k, count)
        if table:
            assert shown["line"] == list(now.values())
        else:
            assert hidden["plot"].count("hidden until you predict") == 2
            assert shown["plot"].endswith(", ".join(f"{method} {cost}" for method, cost in now.items()) + ".")


@pytest.mark.browser
def test_it_works_with_the_keyboard_alone(tab: Page) -> None:
    explorer = tab.locator(TAG)
    slide(explorer, "k", 9)
    tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Space")
    state = state_of(explorer)
    assert (state["k"], state["count"], state["table"]) == (9, "comparisons", True)
    assert rows(explorer, "all")["9"] == ["80", "16", "?", "?"]
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_timeout(SETTLED)
    verdict = explorer.locator("[role=status]").text_content() or ""
    assert verdict.startswith("You said k = 2; it is k = 9. At k = 2, blocks: 6, doubling: 2.")
    assert rows(explorer, "all")["9"] == ["80", "16", "8", "6"]


@pytest.mark.browser
def test_a_click_on_the_plot_chooses_the_window(tab: Page) -> None:
    explorer = tab.locator(TAG)
    plot = explorer.locator("svg.costs")
    box = plot.bounding_box()
    assert box
    plot.click(position={"x": box["width"] - 2, "y": 40})
    assert state_of(explorer)["k"] == LAST
    explorer.locator("svg.costs").click(position={"x": 2, "y": 40})
    assert state_of(explorer)["k"] == 2


@pytest.mark.browser
def test_the_window_follows_a_finger_that_drags(touched: Page) -> None:
    plot = ready(touched, TAG).locator("svg.costs")
    drag(touched, plot, 0.3, 0.99)
    assert state_of(touched.locator(TAG))["k"] == LAST
    drag(touched, plot, 0.9, 0.02)
    assert state_of(touched.locator(TAG))["k"] == 2


@pytest.mark.browser
def test_lines_differ_in_dashes_and_marks_not_in_colour_alone(tab: Page) -> None:
    explorer = tab.locator(TAG)
    predict(explorer)
    looks = explorer.locator("svg.costs path[stroke-dasharray]").evaluate_all(
        "all => all.map(one => one.getAttribute('stroke-dasharray'))"
    )
    marks = explorer.locator("table.now svg path:last-child").evaluate_all(
        "all => all.map(one => one.getAttribute('d'))"
    )
    assert len(set(looks)) == len(set(marks)) == len(METHODS)
    assert not re.search("nan|undefined", "".join(looks).lower())
