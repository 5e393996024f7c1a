"""A failed check links to the playground with its input, its window and the first wrong output."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import parse_qs

import numpy as np
import pytest

from poolgrader.judging.feedback import _link, as_html, as_text
from poolgrader.judging.verdict import Verdict
from poolgrader.questions import find
from poolkit.windows import Window
from tests.course import COURSE
from tests.poolgrader.answers import verdict_on

playground, addresses = COURSE.module("playground"), COURSE.module("addresses")

HERE = "https://someone.github.io/course/"
START = f"{HERE}book/playground.html#window-stepper?"


@pytest.fixture(autouse=True)
def _published(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(addresses.VARIABLE, HERE)


def planted(number: str, key: str) -> Verdict:
    """The verdict on a known mistake."""
    asked = find(number)
    source = asked.mistaken(next(mistake for mistake in asked.mistakes if mistake.key == key))
    assert source
    return verdict_on(asked, source)


def link_of(verdict: Verdict) -> str:
    """The address that the feedback on a verdict links to; "" if it has no link."""
    return _link(verdict)[1]


def setting(link: str) -> dict[str, str]:
    assert link.startswith(START)
    return {
        name: values[0] for name, values in parse_qs(link.removeprefix(START), strict_parsing=True).items()
    }


def test_the_link_opens_the_first_wrong_window() -> None:
    verdict = planted("3.3", "zero_padding")
    example = verdict.example
    assert example is not None
    found = setting(link_of(verdict))
    x = np.array([[float(cell) for cell in row.split(",")] for row in found["x"].split(";")])
    where = example.difference.where[0]
    assert np.array_equal(x, example.case.args[0].data[where[:-2]])
    assert (int(found["r"]), int(found["c"])) == where[-2:]
    assert found["ask"] == "value"
    assert found["op"] == "max"
    window = find("3.3").outline.window(example.case)  # type: ignore[union-attr]
    for letter, pair in zip("ksd", (window.kernel, window.stride, window.dilation), strict=True):
        assert found[letter] == f"{pair[0]}x{pair[1]}"
    assert found["p"] == f"{window.padding[0][0]}x{window.padding[1][0]}"


def test_after_a_wrong_shape_the_playground_asks_for_the_output_size() -> None:
    found = setting(link_of(planted("3.3", "stride_ignored")))
    assert "ask" not in found
    assert "r" not in found


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # a mistaken answer may cause some
def test_links_of_an_average_question_open_the_average() -> None:
    asked = find("5.3")
    found = set()
    for mistake in asked.mistakes:
        link = link_of(planted("5.3", mistake.key))
        found |= {(setting(link)["op"], setting(link)["counted"])} if link else set()
    assert {op for op, _ in found} == {"average"}
    assert {counted for _, counted in found} == {"0", "1"}


class Links(HTMLParser):
    """The addresses that a piece of HTML links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found.append(dict(attrs)["href"])


def test_feedback_has_the_link_in_html_and_in_plain_text() -> None:
    verdict = planted("3.3", "zero_padding")
    links = Links()
    links.feed(as_html(verdict))
    assert links.found == [link_of(verdict)]
    assert link_of(verdict) in as_text(verdict)


def test_there_is_no_link_if_the_sites_address_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(addresses.VARIABLE)
    monkeypatch.setattr(playground, "site", lambda: "")
    verdict = planted("3.3", "zero_padding")
    assert link_of(verdict) == ""
    assert "playground" not in as_text(verdict) + as_html(verdict)


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("3.3", "def max_pool2d(*_):\n    return 1 / 0"),  # returns no value
        ("5.1", "def predict():\n    return [0]"),  # its question has no window
        (
            "4.6",
            "def pool_by_mean(x, weights, stride, *_):\n    return x * 0.0",
        ),  # the stepper does not have this pooling
    ],
)
def test_there_is_no_link_without_a_window_to_show(number: str, answer: str) -> None:
    verdict = verdict_on(find(number), answer)
    assert verdict.status == "wrong"
    assert link_of(verdict) == ""


@pytest.mark.parametrize(
    ("x", "written"),
    [
        ([[1.0, -2.5]], "1,-2.5"),
        ([[0.1], [np.nan]], "0.1;nan"),
        ([[np.inf, -np.inf]], "inf,-inf"),
        ([[1 / 3]], ""),
        ([[1e9]], ""),
        ([[0.0] * 13], ""),
        ([[]], ""),
    ],
)
def test_an_input_is_put_into_a_link_exactly_or_not_at_all(x: list[list[float]], written: str) -> None:
    assert playground._cells(np.array(x)) == written


def test_a_window_that_the_stepper_cannot_show_gets_no_link() -> None:
    assert playground._pairs(Window.of((2, 3), 1, (1, 0), 2, True)) == {
        "k": "2x3",
        "s": "1x1",
        "d": "2x2",
        "p": "1x0",
        "ceil": "1",
    }
    for window in (Window.of(8), Window.of(2, 7), Window.of(2, 1, ((0, 1), (0, 1))), Window.of(3, 1, 1, 5)):
        assert playground._pairs(window) == {}
