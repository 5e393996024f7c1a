"""Tests of the page 'The lecture, claim by claim'.

They compare it with the chapters and questions that it names, and compute its numbers in another way.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from scipy import stats
from skimage import data, measure

from poolgrader.questions import find
from tests.book.contents import ROOT, pages, source
from tests.book.test_sources import CELL

PAGE = "book/reference/claims"
VERDICTS = {"holds", "holds in part", "fails", "announced"}
SECTION = re.compile(r"^\(claim-l(\d+)\)=\n### L(\d+)\. ([^\n]+)\n(.*?)(?=^\(claim-l|^## |\Z)", re.M | re.S)
ROW = re.compile(r"^\| \[L(\d+)\]\(#claim-l(\d+)\) \| .+ \| (.+) \|$", re.M)
LINK = re.compile(r"\[[^]]+\]\(([^)]+)\)")


@dataclass(frozen=True)
class Claim:
    """One section of the page, which judges one claim."""

    number: int
    text: str

    def said(self, name: str) -> str:
        """The text of the list item that begins with `name` and a colon in bold."""
        found = re.findall(rf"^- \*\*{name}:\*\* (.+)$", self.text, re.M)
        assert len(found) == 1, f"L{self.number}: one line '{name}' was expected, {len(found)} are there"
        return str(found[0])

    @property
    def announced(self) -> bool:
        return self.said("Verdict") == "announced"


def claims() -> list[Claim]:
    """All claims, in the order of the page."""
    found = SECTION.findall(source(PAGE).read_text(encoding="utf-8"))
    assert all(label == number for label, number, _, _ in found)
    return [Claim(int(number), text) for _, number, _, text in found]


CLAIMS = claims()
each_claim = pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"L{claim.number}")


def test_the_page_is_listed() -> None:
    assert PAGE in pages()


def test_the_page_has_each_of_the_fourteen_claims_once() -> None:
    assert sorted(claim.number for claim in CLAIMS) == list(range(1, 15))


def test_the_table_says_what_the_sections_say() -> None:
    rows = ROW.findall(source(PAGE).read_text(encoding="utf-8"))
    assert [int(number) for number, _, _ in rows] == list(range(1, 15))
    assert all(number == label for number, label, _ in rows)
    verdicts = {claim.number: claim.said("Verdict") for claim in CLAIMS}
    assert {int(number): verdict for number, _, verdict in rows} == verdicts


@each_claim
def test_the_verdict_is_one_of_four(claim: Claim) -> None:
    assert claim.said("Verdict") in VERDICTS


@each_claim
def test_the_chapters_and_places_that_a_claim_links_to_exist(claim: Claim) -> None:
    links = LINK.findall(claim.said("Shown in"))
    if claim.announced:
        assert links == [], "what is announced cannot be shown yet"
        return
    assert links
    assert len(links) % 2 == 0, "each link to a chapter must be followed by a link to a place in it"
    for chapter, place in zip(links[::2], links[1::2], strict=True):
        page = f"book/{chapter.removeprefix('../').removesuffix('.md')}"
        assert page in pages(), f"L{claim.number}: no {page} in the table of contents"
        text = source(page).read_text(encoding="utf-8")
        label = f"\n({place.removeprefix('#')})=\n"
        assert text.count(label) == 1, f"L{claim.number}: {page} has no place {place}"
        follows = text.split(label)[1]
        assert follows.startswith(("#", "```{code-cell}")), f"{place} marks neither a section nor a figure"


@each_claim
def test_a_verdict_in_a_chapter_is_that_of_the_page(claim: Claim) -> None:
    """If a section that the page links to gives a verdict in bold, it is the verdict of the page."""
    links = LINK.findall(claim.said("Shown in"))
    for chapter, place in zip(links[::2], links[1::2], strict=True):
        text = source(f"book/{chapter.removeprefix('../').removesuffix('.md')}").read_text(encoding="utf-8")
        section = re.split(
            r"^## |^\(place-", text.split(f"\n({place.removeprefix('#')})=\n## ")[-1], maxsplit=1, flags=re.M
        )[0]
        for verdict in re.findall(r"\*\*((?:holds|fails)[^*]*)\*\*", section):
            assert verdict == claim.said("Verdict"), f"L{claim.number}: {chapter} says that it {verdict}"


def test_two_chapters_give_a_verdict_of_their_own() -> None:
    """At least these chapters give verdicts, so that the test above compares something."""
    bold = [
        re.findall(r"\*\*holds in part\*\*", source(f"book/{name}").read_text(encoding="utf-8"))
        for name in ("04_average_pooling", "07_global_and_adaptive")
    ]
    assert [len(found) for found in bold] == [1, 1]


@each_claim
def test_the_question_that_a_claim_names_exists(claim: Claim) -> None:
    if claim.announced:
        return
    question = find(claim.said("Question"))
    chapter = question.id.split(".")[0]
    assert any(page.startswith(f"book/{int(chapter):02}_") for page in pages())


@each_claim
def test_the_test_that_a_claim_names_exists(claim: Claim) -> None:
    if claim.announced:
        return
    named = re.fullmatch(r"`(\w+)\[L(\d+)\]`", claim.said("Test"))
    assert named
    assert named[1] in globals()
    assert int(named[2]) == claim.number
    assert f"L{claim.number}" in OTHERWISE


@pytest.fixture(scope="module")
def page() -> tuple[dict[str, Any], str]:
    """Run the page's cells, and return the numbers that they measure and the text that they print."""
    namespace: dict[str, Any] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for _, code in CELL.findall(source(PAGE).read_text(encoding="utf-8")):
            exec(compile(code, "<claims>", "exec"), namespace)
    return namespace["measured"], printed.getvalue()


def windows(plane: np.ndarray, k: int, s: int, p: int = 0, fill: float = -np.inf) -> np.ndarray:
    """All windows of a plane, computed by numpy alone; the last two axes are the cells of a window."""
    padded = np.pad(plane.astype(float), p, constant_values=fill)
    return np.lib.stride_tricks.sliding_window_view(padded, (k, k))[::s, ::s]


def response(plane: np.ndarray) -> np.ndarray:
    """The response of the edge filter, computed by torch as a correlation."""
    weights = torch.tensor([[[[1.0, -1.0]]]], dtype=torch.float64)
    batch = torch.from_numpy(np.array(plane, dtype=float))[None, None]
    return torch.nn.functional.conv2d(batch, weights)[0, 0].numpy()


def lecture(rows: int, columns: int, first: int = 0, last: int = 2) -> np.ndarray:
    """The lecture's image as a whole plane, with bright columns from `first` to `last` - 1."""
    plane = np.zeros((rows, columns))
    plane[:, first:last] = 1
    return plane


SIZES = ((4, 5), (5, 4))


def l1() -> Any:
    found = 0
    for rows, columns in SIZES:
        for sign in (1, -1):
            row, column = np.nonzero(sign * response(lecture(rows, columns)))
            found += set(column + 1) == {2} and len(set(row)) == rows
    return found, 4


def l2() -> Any:
    camera = data.camera() / 255.0
    before, after = response(camera), response(np.roll(camera, 1, 1))
    kept = [np.array_equal(one, other) for one, other in zip(before.T[:-1], after.T[1:], strict=True)]
    return sum(kept) * camera.shape[0], len(kept) * camera.shape[0]


def l3() -> Any:
    camera = data.camera() / 255.0

    def pooled(plane: np.ndarray, k: int) -> np.ndarray:
        edges = response(plane)
        return windows(edges, k, k).max((2, 3)) if k > 1 else edges

    def changes(other: np.ndarray, sizes: tuple[int, ...]) -> list[float]:
        pairs = [(pooled(camera, k), pooled(other, k)) for k in sizes]
        return [((one - two) ** 2).sum() ** 0.5 / (one**2).sum() ** 0.5 for one, two in pairs]

    moved, brighter = changes(np.roll(camera, 1, 1), (1, 2, 8)), changes(camera * 1.2, (2, 8))
    assert moved == sorted(moved, reverse=True), "the larger the window, the smaller the change after a move"
    assert brighter == pytest.approx([0.2, 0.2])
    return [round(number, 3) for number in moved + brighter]


def l6() -> Any:
    stays = {}
    for rows, columns in SIZES:
        for s in (1, 2):
            pooled = [
                windows(response(lecture(rows, columns, last=2 + shift)), 2, s).max((2, 3))[0]
                for shift in (0, 1, -1)
            ]
            stays[columns, s] = tuple(
                (int((pooled[0] == other).sum()), len(other)) for other in (pooled[1], pooled[2])
            )
    return stays


def l6_in_a_plane() -> Any:
    """Count the moves after which a pixel is still in its 2 by 2 window.

    A window covers a pair of cells along each axis, so the pixel must stay in its pair along both axes.
    """
    pairs = [(place // 2, (place + step) // 2) for place in (2, 3) for step in (-1, 0, 1)]
    stays = sum(
        before == after and other == moved
        for (before, after), (other, moved) in itertools.product(pairs, repeat=2)
    )
    # Each of the four places has a step (0, 0), which is not a move.
    at_rest = 4
    assert Fraction(stays - at_rest, 32) == Fraction(3, 8)
    return stays - at_rest, 32


def l7() -> Any:
    agree, count = 0, 0
    for n, k, s in itertools.product(range(5, 12), range(1, 6), range(1, 4)):
        for p in range(k // 2 + 1):
            x = torch.ones(1, 1, n, n)
            one = torch.nn.Conv2d(1, 1, k, s, p)(x).shape
            agree, count = agree + (torch.nn.MaxPool2d(k, s, p)(x).shape == one), count + 1
    below = -np.ones((4, 4))
    by_zeros, right = (windows(below, 3, 1, 1, fill).max((2, 3)) for fill in (0.0, -np.inf))
    assert (right == -1).all()
    return agree, count, int((by_zeros == 0).sum())


def l12() -> Any:
    page = data.page()[:189, :384]
    mean = measure.block_reduce(page.astype(float), (3, 3), np.mean)
    picture = Image.fromarray(page)
    bicubic = picture.resize(mean.shape[::-1], Image.Resampling.BICUBIC)
    made = picture.reduce(3), bicubic, page[::3, ::3].astype(float)
    return [round(float(((np.asarray(one) - mean) ** 2).mean() ** 0.5), 2) for one in made]


def l13() -> Any:
    """Count the recipes in which max wins, in which average wins, and in which neither does.

    It reads the text of the table, and decides by the interval of scipy's paired t-test.
    """
    lines = (
        (ROOT / "book/experiments/tables/max_against_average.csv").read_text(encoding="utf-8").splitlines()
    )
    runs: dict[tuple[str, ...], dict[str, dict[str, float]]] = {}
    for row in csv.DictReader(line for line in lines if line[0] != "#"):
        # Reported seeds have one digit; the seeds that choose the learning rate have three digits.
        if len(row["seed"]) == 1:
            recipe = tuple(row[name] for name in ("images", "norm", "head", "optimizer", "epochs"))
            runs.setdefault(recipe, {}).setdefault(row["pool"], {})[row["seed"]] = float(row["accuracy"])
    found = [0, 0, 0]
    for both in runs.values():
        assert sorted(both["max"]) == sorted(both["average"]) == list("0123456789")
        pairs = [(both["max"][seed], both["average"][seed]) for seed in both["max"]]
        low, high = stats.ttest_rel(*zip(*pairs, strict=True)).confidence_interval(0.95)
        found[0 if low > 0 else 1 if high < 0 else 2] += 1
    return found


OTHERWISE: dict[str, Callable[[], Any]] = {
    "L1": l1,
    "L2": l2,
    "L3": l3,
    "L4": lambda: tuple(torch.nn.MaxPool2d(2, 1)(torch.ones(1, 3, 3)).shape[1:]),
    "L5": lambda: tuple(torch.nn.MaxPool2d(3, 1)(torch.ones(1, 4, 4)).shape[1:]),
    "L6": l6,
    "L6 in a plane": l6_in_a_plane,
    "L7": l7,
    "L8": lambda: (5, torch.nn.MaxPool2d(2)(torch.ones(2, 5, 8, 6)).shape[1]),
    "L9": lambda: len(torch.nn.Sequential(torch.nn.MaxPool2d(2), torch.nn.AvgPool2d(2)).state_dict()),
    "L10": lambda: (sum(len(windows(np.ones((n, n)), 3, 1, 1)) == n for n in range(1, 200)), 199),
    "L11": lambda: (
        sum(len(range(-1, n - 1, 2)) < n for n in range(1, 200)),
        sum(len(range(-1, n - 1, 2)) == -(-n // 2) for n in range(1, 200)),
    ),
    "L12": l12,
    "L13": l13,
    "L14": lambda: [35.0] * 3,
}


@pytest.mark.parametrize("key", OTHERWISE)
def test_the_number_is_that_of_another_computation(key: str, page: tuple[dict[str, Any], str]) -> None:
    measured, _ = page
    assert measured[key] == OTHERWISE[key]()


def test_every_number_that_the_page_measures_is_computed_here_too(page: tuple[dict[str, Any], str]) -> None:
    assert set(page[0]) == set(OTHERWISE)


def test_numbers_in_the_prose_are_those_measured(page: tuple[dict[str, Any], str]) -> None:
    measured, _ = page
    text = {claim.number: claim.text for claim in CLAIMS}
    forgiven, moves = measured["L6 in a plane"]
    assert f"{Fraction(forgiven, moves)} of the moves are forgiven" in text[6]
    assert f"by a factor of {measured['L14'][0]:.0f}" in text[14]
    shrink, _ = measured["L11"]
    assert shrink == 198
    assert "The one size that does not shrink is 1 by 1" in text[11]
    below, default, picked = measured["L12"]
    assert below < 0.5 < default < picked / 3, (
        "picking pixels must be off by more than three times the default"
    )
