"""Tests that every explorer must pass.

They use each explorer by keyboard, by touch, through its texts for screen readers, with reduced motion, on a
phone and from a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.book.axe import violations
from tests.book.contents import ROOT, extension, pages
from tests.book.node import tags_of
from tests.book.playing import (
    EXPLORERS,
    SETTLED,
    TAGS,
    choices,
    first_control,
    labels,
    predict,
    ready,
    state_of,
    turn,
)
from tests.book.visits import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

each = pytest.mark.parametrize("tag", TAGS)
LISTED = extension("explorers")
SCRIPT = re.compile(r'<script ([^>]*)src="[./]*_static/explorers/([\w-]+)\.js')
SCRIPTS = [
    path
    for path in sorted([*(ROOT / "book" / "_static").rglob("*.js"), *(ROOT / "tests" / "book").glob("*.mjs")])
    if not path.name.startswith("mathjax")
]
EMBEDDED = sorted(
    (path.stem, tag)
    for path in (ROOT / "book").glob("[01]*.md")
    for tag in re.findall(r"^<([a-z]+-[a-z-]+)\b", path.read_text(encoding="utf-8"), re.MULTILINE)
)
# Controls that are too small for a finger: less than 24 CSS pixels wide or high.
SMALL = """one => [...one.shadowRoot.querySelectorAll('button, input, a[href], [role=button]')]
  .filter(part => part.type !== 'radio' || (part = part.parentElement))
  .map(part => [part.getBoundingClientRect(), part.outerHTML.slice(0, 80)])
  .filter(([box]) => box.width && (box.width < 24 || box.height < 24))
  .map(([box, html]) => `${box.width}x${box.height} ${html}`)"""
# Drawings that are cut off at the right, except drawings in a box that scrolls.
CUT = """one => [...one.shadowRoot.querySelectorAll('svg, canvas, img')]
  .filter(drawing => !drawing.closest('.wide'))
  .filter(drawing => drawing.getBoundingClientRect().right > one.getBoundingClientRect().right)
  .map(drawing => drawing.outerHTML.slice(0, 80))"""
# The controls that the Tab key should reach, in order.
# In a group of radio buttons it should reach the selected one only, in a plane of outputs one cell only.
REACHABLE = """one => [...one.shadowRoot.querySelectorAll(
    'input:not(:disabled), button, summary, a[href], [tabindex="0"]')]
  .filter(part => part.checkVisibility() && (part.type !== 'radio' || part.checked))
  .map(part => part.dataset.key)"""
MOVING = "one => one.shadowRoot.getAnimations().length"
FOCUSED = "() => document.activeElement?.shadowRoot?.activeElement?.dataset.key ?? null"


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": PHONE, "height": 800}) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        yield context.new_page()


@pytest.fixture
def fresh(tab: Page, address: str) -> Page:
    """Open the playground anew, without a setting in its address."""
    tab.goto("about:blank")
    tab.goto(f"{address}/book/playground.html")
    for tag in TAGS:
        ready(tab, tag)
    return tab


def status(explorer: Locator) -> str:
    return explorer.locator("[role=status]").text_content() or ""


@pytest.mark.browser
@each
def test_each_hides_its_answer_until_a_prediction(fresh: Page, tag: str) -> None:
    explorer = fresh.locator(tag)
    assert explorer.evaluate("one => one.open") is False
    assert len(choices(explorer)) >= 2
    assert len(set(choices(explorer))) == len(choices(explorer))
    before = labels(explorer)
    predict(explorer)
    assert explorer.evaluate("one => one.open") is True
    assert labels(explorer) != before, "the prediction revealed nothing"
    assert explorer.locator(".choices .right").count() == 1


ANOTHER = """one => Array.from({ length: 60 }, () => {
  const { choices } = one.question(one.state);
  const state = JSON.stringify(one.state);
  one.shadowRoot.querySelector('.choices button').click();
  one.shadowRoot.querySelector('[data-key=again]').click();
  return [state, choices.map(({ words }) => words), choices.filter(({ right }) => right).length];
})"""


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_after_a_prediction(browser: Browser, address: str, scheme: str) -> None:
    with browser.new_context(
        viewport={"width": PHONE, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
    ) as context:
        tab = context.new_page()
        tab.goto(f"{address}/book/playground.html")
        for tag in TAGS:
            predict(ready(tab, tag))
        assert violations(tab) == []


@pytest.mark.browser
@each
def test_each_new_question_has_a_right_answer(fresh: Page, tag: str) -> None:
    complaints: list[str] = []
    fresh.on("pageerror", lambda error: complaints.append(str(error)))
    asked = fresh.locator(tag).evaluate(ANOTHER)
    for state, words, right in asked:
        assert len(set(words)) == len(words) >= 2, state
        # More than one choice is right if two results are equal.
        assert 1 <= right < len(words), state
    assert len({state for state, *_ in asked}) > 5, "it asks the same question again and again"
    assert complaints == []


@pytest.mark.browser
@each
def test_each_is_played_with_the_keyboard_alone(fresh: Page, tag: str) -> None:
    explorer = fresh.locator(tag)
    keys = explorer.evaluate(REACHABLE)
    explorer.locator("input:not(:disabled), button, [tabindex='0']").first.focus()

    def tabbed() -> Any:
        fresh.keyboard.press("Tab")
        return fresh.evaluate(FOCUSED)

    reached = [fresh.evaluate(FOCUSED)]
    while (key := tabbed()) is not None:
        reached.append(key)
    assert reached == keys
    explorer.locator(".choices button").first.focus()
    fresh.keyboard.press("Enter")
    assert explorer.evaluate("one => one.open") is True
    assert fresh.evaluate(FOCUSED) == "choice-0", "the keyboard focus moved away"
    explorer.locator("[data-key=again]").focus()
    fresh.keyboard.press("Space")
    assert explorer.evaluate("one => one.open") is False
    assert (fresh.evaluate(FOCUSED) or "").startswith("choice-")


@pytest.mark.browser
@each
def test_each_announces_its_verdict_politely_and_after_a_pause(fresh: Page, tag: str) -> None:
    explorer = fresh.locator(tag)
    assert status(explorer) == ""
    assert explorer.locator("[role=alert], [aria-live=assertive]").count() == 0
    predict(explorer)
    assert status(explorer) == "", "the verdict is announced without a pause"
    fresh.wait_for_timeout(SETTLED)
    verdict = status(explorer)
    assert re.match(r"Right\.|You said ", verdict)
    assert verdict in (explorer.locator(".says").text_content() or ""), (
        "the announced text is not the text on the page"
    )
    turn(explorer)
    fresh.wait_for_timeout(SETTLED)
    assert status(explorer) not in ("", verdict)


@pytest.mark.browser
@each
def test_each_fits_a_phone_and_its_controls_fit_a_finger(fresh: Page, tag: str) -> None:
    explorer = fresh.locator(tag)
    predict(explorer)
    box = explorer.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE
    assert fresh.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert explorer.evaluate(SMALL) == []
    assert explorer.evaluate(CUT) == []


@pytest.mark.browser
@each
def test_each_setting_has_a_link(fresh: Page, tag: str) -> None:
    explorer = fresh.locator(tag)
    turn(explorer)
    state = state_of(explorer)
    explorer.locator("[data-key=copy]").click()
    explorer.get_by_text("Link copied").wait_for()
    link = fresh.evaluate("navigator.clipboard.readText()")
    fresh.wait_for_timeout(SETTLED)
    assert link == fresh.url
    assert f"#{tag}?" in link
    fresh.goto("about:blank")
    fresh.goto(link)
    explorer = ready(fresh, tag)
    assert state_of(explorer) == state
    assert explorer.evaluate("one => one.open") is False, "the link shows the answer"
    assert explorer.evaluate("one => Math.abs(one.getBoundingClientRect().top) < innerHeight / 2"), (
        "the link does not scroll to the explorer"
    )


@pytest.mark.browser
@each
def test_a_bad_value_in_a_link_is_ignored_with_a_note(fresh: Page, tag: str) -> None:
    page, initial = fresh.url, state_of(fresh.locator(tag))
    name = next(iter(initial))
    for bad in ("<img src=x onerror=alert(1)>", "1e9", "-1", "", "2x", "0x10", "9" * 50):
        fresh.goto("about:blank")
        fresh.goto(f"{page}#{tag}?{name}={bad}&constructor=1")
        explorer = ready(fresh, tag)
        assert state_of(explorer) == initial, bad
        note = explorer.locator(".note")
        assert note.is_visible()
        assert name in (note.text_content() or "")
        assert "constructor" in (note.text_content() or "")
        assert explorer.locator("img").count() == 0


@pytest.mark.browser
@each
def test_nothing_moves_with_reduced_motion(browser: Browser, address: str, tag: str) -> None:
    with browser.new_context(reduced_motion="reduce") as context:
        tab = context.new_page()
        tab.goto(f"{address}/book/playground.html")
        explorer = ready(tab, tag)
        predict(explorer)
        turn(explorer)
        assert explorer.evaluate(MOVING) == 0


@pytest.mark.browser
@each
def test_each_works_by_touch(browser: Browser, address: str, tag: str) -> None:
    with browser.new_context(
        viewport={"width": PHONE, "height": 800}, has_touch=True, is_mobile=True
    ) as context:
        tab = context.new_page()
        tab.goto(f"{address}/book/playground.html")
        explorer = ready(tab, tag)
        control = first_control(explorer)
        box = control.bounding_box()
        assert box
        assert box["height"] >= 44
        before = state_of(explorer)
        if control.get_attribute("type") == "radio":
            explorer.locator(".segments").first.locator("input:not(:checked)").first.tap()
        else:
            at_end = control.input_value() == control.get_attribute("max")
            control.tap(position={"x": 4 if at_end else box["width"] - 4, "y": box["height"] / 2})
        assert state_of(explorer) != before
        explorer.locator(".choices button").last.tap()
        assert explorer.evaluate("one => one.open") is True
        assert explorer.locator(".choices button").evaluate_all(
            "all => all.every(one => one.offsetHeight >= 44)"
        )


@pytest.mark.browser
@each
def test_without_scripts_there_is_a_text(browser: Browser, address: str, tag: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(f"{address}/book/playground.html")
        assert len(tab.locator(tag).inner_text()) > 60


@pytest.mark.browser
@pytest.mark.parametrize(("page", "tag"), EMBEDDED)
def test_a_chapter_sets_attributes_and_values_that_the_explorer_knows(
    browser: Browser, address: str, page: str, tag: str
) -> None:
    with browser.new_context(viewport={"width": PHONE, "height": 800}) as context:
        tab = context.new_page()
        tab.goto(f"{address}/book/{page}.html")
        explorer = ready(tab, tag)
        attributes = set(explorer.evaluate("one => one.getAttributeNames()")) - {"unfolded"}
        assert attributes <= set(state_of(explorer)), "the explorer does not know an attribute"
        assert explorer.locator(".note").is_hidden(), "the explorer rejects a value"
        link = explorer.locator("[data-key=playground]").evaluate("one => one.href")
        state = state_of(explorer)
        tab.goto(link)
        assert tab.url.startswith(f"{address}/book/playground.html#{tag}?")
        assert state_of(ready(tab, tag)) == state


def test_every_explorer_is_in_a_chapter() -> None:
    assert {tag for _, tag in EMBEDDED} == set(TAGS)


def test_every_explorer_is_on_the_playground() -> None:
    assert set(TAGS) == set(LISTED.EXPLORERS)


@each
def test_each_uses_only_what_its_earlier_scripts_define(tag: str) -> None:
    assert tags_of(LISTED.scripts_of(f"<{tag}>")) == [tag]


def test_all_explorers_work_on_one_page_and_no_script_is_left_out() -> None:
    all_scripts = LISTED.scripts_of("".join(f"<{tag}>" for tag in TAGS))
    assert sorted(tags_of(all_scripts)) == sorted(TAGS)
    assert sorted(all_scripts) == [path.stem for path in sorted(EXPLORERS.glob("*.js"))]


@pytest.mark.parametrize(
    ("scripts", "complaint"),
    [
        (["poolkit", "gradients"], "Poolkit offers no pooling yet"),
        (["poolkit", "pooling", "formula"], "Poolkit offers no controls yet"),
    ],
)
def test_scripts_in_a_wrong_order_fail(scripts: list[str], complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        tags_of(scripts)


@pytest.mark.parametrize("page", pages())
def test_a_page_loads_the_scripts_of_its_explorers_and_no_others(site: Path, page: str) -> None:
    embedded = {tag for path, tag in EMBEDDED if page == f"book/{path}"}
    embedded |= {"book/index": {"moving-edge"}, "book/playground": set(TAGS)}.get(page, set())
    loaded = SCRIPT.findall((site / f"{page}.html").read_text(encoding="utf-8"))
    assert all("defer" in attributes for attributes, _ in loaded)
    assert [name for _, name in loaded] == LISTED.scripts_of("".join(f"<{tag}>" for tag in embedded))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_lines_of_scripts_have_at_most_110_characters(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 110] == []


@pytest.mark.parametrize("path", sorted(EXPLORERS.glob("*.js")), ids=lambda path: path.stem)
def test_explorers_are_small_and_use_no_other_host_and_no_markup_from_strings(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.encode()) < 20_000
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == []
    assert not re.search(r"fetch\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b", text)
