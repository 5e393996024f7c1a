"""Tests of the link that a failed check prints: it opens the playground with the failing input.

There the explorer shows the same input and window, and ticks the expected value as right.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest

from poolgrader.calls.values import Array
from poolgrader.judging.feedback import _link
from poolgrader.questions import find
from tests.book.playing import predict, ready, right_choice, state_of
from tests.course import COURSE
from tests.poolgrader.answers import verdict_on

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

addresses = COURSE.module("addresses")
pytestmark = pytest.mark.browser
TAG = "window-stepper"
NUMPY = ("3.2", "3.3", "4.2", "5.3")  # questions in numpy


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 320, "height": 800}) as context:
        yield context.new_page()


# Mistaken answers may cause warnings of numpy.
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("number", NUMPY)
def test_a_link_opens_the_failing_input(
    tab: Page, address: str, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(addresses.VARIABLE, address)
    asked = find(number)
    tried = 0
    for mistake in asked.mistakes:
        verdict = verdict_on(asked, asked.mistaken(mistake) or "")
        link, example = _link(verdict)[1], verdict.example
        if not link:
            continue
        assert example is not None
        tried += 1
        tab.goto("about:blank")
        tab.goto(link)
        explorer = ready(tab, TAG)
        assert explorer.locator(".note").is_hidden(), link
        assert explorer.evaluate("one => one.open") is False
        assert tab.evaluate("document.documentElement.scrollWidth") <= 320
        expected, x = example.expected.value, example.case.args[0]
        assert isinstance(expected, Array)
        assert isinstance(x, Array)
        where = example.difference.where[0] if example.difference.where else (0,) * x.data.ndim
        state = state_of(explorer)
        # JavaScript's NaN arrives in Python as None, and dtype=float turns None into NaN again.
        shown = np.array(state["x"], dtype=float)
        assert np.array_equal(shown, x.data[where[:-2]].astype(float), equal_nan=True)
        predict(explorer)
        right = right_choice(explorer).replace("\N{MINUS SIGN}", "-").replace("∞", "inf")
        answer = expected.data[where] if example.difference.aspect == "values" else expected.data.shape[-1]
        assert float(right) == pytest.approx(float(answer), rel=0.006, nan_ok=True), link
    assert tried >= 10
