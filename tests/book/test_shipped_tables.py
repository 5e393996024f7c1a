"""Tests that all charts and all decimals in the prose of chapters 8 and 9 agree with the shipped tables.

The text equivalent of a chart names every number that the chart draws, as tests/book/test_experiments.py
checks. So these tests read the text equivalents in the built pages.
"""

from __future__ import annotations

import itertools
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from book.experiments import max_against_average, results, shift_consistency
from book.experiments.results import Interval, interval
from tests.book.contents import source

SHIFT, RIVALS = shift_consistency.EXPERIMENT.name, max_against_average.EXPERIMENT.name
# For each chart of chapter 8, by its title: the measure, the kind of training images, and the net's head.
DRAWN = {
    "Consistency, flatten": ("consistency", "moved", "flatten"),
    "Consistency, GAP": ("consistency", "moved", "gap"),
    "Accuracy, flatten": ("moved", "moved", "flatten"),
    "Accuracy, GAP": ("moved", "moved", "gap"),
    "Trained centred, flatten": ("moved", "centred", "flatten"),
    "Trained centred, GAP": ("moved", "centred", "gap"),
}
RECIPES = {
    "Digits, Adam, 10 epochs": ("digits", "adam", 10),
    "Digits, Adam, 30 epochs": ("digits", "adam", 30),
    "Digits, SGD, 10 epochs": ("digits", "sgd", 10),
    "Textures, Adam, 10 epochs": ("textures", "adam", 10),
}
NETS = {
    "no norm, flatten": ("none", "flatten"),
    "no norm, GAP": ("none", "gap"),
    "batch norm, flatten": ("batch", "flatten"),
    "batch norm, GAP": ("batch", "gap"),
}
WHERE = {"above": "above 0", "below": "below 0", "holds 0": "holds 0"}
INTERVAL = r"([^.:]+): (\S+ ± \d+\.\d(?:, (?:above 0|below 0|holds 0))?)"


def words(site: Path, page: str) -> list[str]:
    """The text equivalents of the charts on a built page, split into one text for each panel."""
    html = (site / f"{page}.html").read_text(encoding="utf-8")
    said = [unescape(one) for one in re.findall(r'aria-label="([^"]+)"', html)]
    titles = "|".join(map(re.escape, (*DRAWN, *RECIPES)))
    return [part for one in said if "±" in one for part in re.split(rf"(?<=\. )(?=(?:{titles})\. )", one)]


def interval_of(measure: str, trained: str, head: str, pool: str) -> Interval:
    return interval(results.by_seed(SHIFT, measure, trained=trained, head=head, pool=pool))


def gain(recipe: tuple[str, str, int], net: tuple[str, str]) -> Interval:
    setting: dict[str, Any] = dict(zip(("images", "optimizer", "epochs"), recipe, strict=True))
    setting |= zip(("norm", "head"), net, strict=True)
    one, other = (results.by_seed(RIVALS, "accuracy", **setting, pool=pool) for pool in ("max", "average"))
    return interval(one - other)


def signed(one: Interval) -> str:
    sign = "+" if one.mean > 0 else "\N{MINUS SIGN}"
    return f"{sign}{abs(one.mean):.1f} ± {one.half:.1f}, {WHERE[one.side]}"


@pytest.mark.slow
def test_every_interval_in_chapter_8s_charts_follows_from_the_table(site: Path) -> None:
    seen = {}
    for said in words(site, "book/08_shift_and_aliasing"):
        title = said.split(".")[0]
        seen[title] = [(name.strip(), value) for name, value in re.findall(INTERVAL, said)]
    assert seen == {
        title: [
            (pool, str(interval_of(measure, trained, head, pool)))
            for pool in shift_consistency.POOLINGS
            if trained == "moved" or pool in shift_consistency.FROM_THE_CENTRE
        ]
        for title, (measure, trained, head) in DRAWN.items()
    }


@pytest.mark.slow
def test_every_point_in_chapter_8s_charts_follows_from_the_table(site: Path) -> None:
    html = unescape((site / "book/08_shift_and_aliasing.html").read_text(encoding="utf-8"))
    (front,) = [one for one in re.findall(r'aria-label="([^"]+)"', html) if ", on the front" in one]
    for head, title in (("flatten", "flatten"), ("gap", "GAP")):
        part = front[front.index(f"{title}. right answers") :]
        for pool in shift_consistency.POOLINGS[1:]:
            across, up = (
                interval_of(measure, "moved", head, pool).mean for measure in ("moved", "consistency")
            )
            assert f" {pool}: {across:.1f} and {up:.1f}, " in part


@pytest.mark.slow
def test_every_interval_in_chapter_9s_charts_follows_from_the_table(site: Path) -> None:
    seen = {}
    for said in words(site, "book/09_does_max_beat_average"):
        title = said.split(".")[0]
        seen[title] = [(name.strip(), value) for name, value in re.findall(INTERVAL, said)]
    assert seen == {
        title: [(row, signed(gain(recipe, net))) for row, net in NETS.items()]
        for title, recipe in RECIPES.items()
    }


def prose(page: str, *sections: str) -> str:
    """The text of the named sections of a page, without code cells and other fenced blocks."""
    text = re.sub(r"^```.*?^```", "", source(page).read_text(encoding="utf-8"), flags=re.M | re.S)
    parts = re.split(r"^(?=##+ )", text, flags=re.M)
    found = [part for part in parts if part.lstrip("# ").startswith(sections)]
    assert len(found) == len(sections)
    return "".join(found)


def test_every_decimal_in_chapter_8s_prose_follows_from_the_table() -> None:
    known = set()
    for (trained, head), pool in itertools.product(
        itertools.product(("moved", "centred"), ("flatten", "gap")), shift_consistency.POOLINGS
    ):
        if trained == "moved" or pool in shift_consistency.FROM_THE_CENTRE:
            known |= {
                f"{interval_of(measure, trained, head, pool).mean:.1f}"
                for measure in ("moved", "centred", "consistency")
            }
    for pool in ("max+blur", "polyphase"):
        one, other = (
            results.by_seed(SHIFT, "moved", trained="moved", head="gap", pool=name) for name in (pool, "max")
        )
        known |= set(str(interval(one - other)).split(" ± "))
    said = prose(
        "book/08_shift_and_aliasing",
        "Does it help a network?",
        "The whole table",
        "Choose",
        "The strongest demonstration",
    )
    numbers = set(re.findall(r"\d+\.\d+", said))
    assert len(numbers) > 10
    assert numbers <= known


def test_every_decimal_in_chapter_9s_prose_follows_from_the_table() -> None:
    setting: dict[str, Any] = {
        "images": "digits",
        "norm": "batch",
        "head": "flatten",
        "optimizer": "sgd",
        "epochs": 10,
    }
    one, other = (results.tuning(RIVALS, **setting, pool=pool) for pool in ("max", "average"))
    known = {f"{rate:g}" for rate in one} | {f"{abs(one[rate] - other[rate]):.1f}" for rate in one}
    known.add(f"{max(other.values()) - max(one.values()):.1f}")
    said = prose("book/09_does_max_beat_average", "The same chances", "The whole table", "Conclude")
    numbers = set(re.findall(r"\d+\.\d+", said))
    assert len(numbers) > 3
    assert numbers <= known
