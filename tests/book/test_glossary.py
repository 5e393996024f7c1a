"""Tests of the glossary: its order, the length of its entries, and two facts that it states."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy import ndimage

from poolkit import reference
from poolkit.windows import Window
from tests.book.contents import pages, source

TEXT = source("book/reference/glossary").read_text(encoding="utf-8")
ENTRIES = dict(re.findall(r"^(\w[^\n]*)\n  (\S[^\n]*)$", TEXT.split(":::{glossary}\n")[1], re.MULTILINE))
LINK = re.compile(r"\{term\}`(?:[^<`]*<([^>`]+)>|([^<`]+))`")


def test_the_terms_are_in_alphabetical_order() -> None:
    assert len(ENTRIES) > 100
    assert list(ENTRIES) == sorted(ENTRIES, key=str.lower)


@pytest.mark.parametrize("term", ENTRIES)
def test_an_entry_is_one_to_three_sentences(term: str) -> None:
    assert ENTRIES[term].endswith(".")
    assert 1 <= len(re.findall(r"[.?](?: |$)", ENTRIES[term].replace("p-th", ""))) <= 3


@pytest.mark.parametrize("page", pages())
def test_each_term_that_a_page_links_to_has_an_entry(page: str) -> None:
    known = {term.lower() for term in ENTRIES}
    for by_name, by_itself in LINK.findall(source(page).read_text(encoding="utf-8")):
        assert (by_name or by_itself).lower() in known


def test_image_processing_calls_max_pooling_dilation() -> None:
    x = np.random.default_rng(0).standard_normal((9, 11))
    dilated = ndimage.grey_dilation(x, size=(3, 3), mode="constant", cval=-np.inf)
    assert np.array_equal(reference.max_pool(x, Window.of(3, 1, 1)), dilated)
    least = -reference.max_pool(-x, Window.of(3, 1))
    assert np.array_equal(least, np.lib.stride_tricks.sliding_window_view(x, (3, 3)).min((2, 3)))
