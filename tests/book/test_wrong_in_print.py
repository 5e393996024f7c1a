"""Tests of the page 'Wrong in print': each claim's section has all its parts, and its numbers are right."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pytest
import torch

from tests.book.contents import ROOT, pages, source
from tests.book.test_sources import CELL

PAGE = "book/reference/wrong_in_print"
SECTION = re.compile(r"^\(wrong-(\w+)\)=\n## (\d+)\. ([^\n]+)\n(.*?)(?=^\(wrong-|^## |\Z)", re.M | re.S)
TEXT = source(PAGE).read_text(encoding="utf-8")
SECTIONS = SECTION.findall(TEXT)
each_section = pytest.mark.parametrize(
    ("label", "number", "title", "text"), SECTIONS, ids=[s[0] for s in SECTIONS]
)


def test_the_page_is_listed_and_has_at_least_five_claims() -> None:
    assert PAGE in pages()
    assert len(SECTIONS) >= 5
    assert [int(number) for _, number, _, _ in SECTIONS] == list(range(1, len(SECTIONS) + 1))


@each_section
def test_each_claim_is_quoted_cited_refuted_by_a_cell_and_partly_defended(
    label: str, number: str, title: str, text: str
) -> None:
    assert re.search(r"^> \S", text, re.M), "the claim is not quoted"
    cited = re.findall(r"\{cite:p\}`([^`]+)`", text)
    assert cited
    known = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
    assert all(f"{{{key}," in known for key in cited)
    cells = CELL.findall(text)
    assert any(re.search(r"^assert ", code, re.M) for _, code in cells), "no cell asserts the refutation"
    assert "**What is right about it.**" in text
    assert f"](#wrong-{label})" in TEXT


def test_share_of_shifts_of_a_pixel_that_max_pooling_forgives() -> None:
    """The page counts positions of the pixel, but this test pools planes before and after each shift."""
    for k, share in ((2, 3 / 8), (3, 5 / 9)):
        stays = []
        for place in product(range(k), repeat=2):
            here = np.zeros((3 * k, 3 * k))
            here[k + place[0], k + place[1]] = 1
            for step in product((-1, 0, 1), repeat=2):
                if step != (0, 0):
                    moved = np.roll(here, step, (0, 1))
                    pools = [
                        torch.nn.functional.max_pool2d(torch.tensor(one)[None], k) for one in (here, moved)
                    ]
                    stays.append(torch.equal(*pools))
        assert np.mean(stays) == pytest.approx(share)


def test_same_padding_gives_n_divided_by_s_only_if_s_divides_n() -> None:
    for n, s in product(range(1, 33), range(1, 6)):
        assert (len(range(0, n, s)) == n // s) == (n % s == 0)


def test_a_norm_of_odd_order_needs_magnitudes() -> None:
    x = torch.tensor([[-3.0, 1.0]])
    assert torch.isnan(torch.nn.functional.lp_pool1d(x, 3, 2))
    assert torch.linalg.vector_norm(x, 3).item() == pytest.approx(28 ** (1 / 3))
