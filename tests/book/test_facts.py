"""Tests of facts that the book once stated wrongly: they compute each fact and check what the book says."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np
import pytest
import torch
from pybtex.database import Entry, parse_file

from benchmarks.speed import record
from book.experiments import charts
from poolkit.reference import lp_pool
from poolkit.windows import Window
from tests.book.contents import ROOT, pages, source
from tests.book.test_every_chapter import CHAPTERS, FOLD, sections, text_of
from tests.book.test_sources import CELL

FAST = "14_making_it_fast"
NINE = np.arange(1, 10)


def sums_of_blocks(x: np.ndarray, k: int, without_itself: bool) -> list[int]:
    """Sums over all windows of k cells, each added up from two sums within blocks of k cells.

    The first sum runs from the window's first cell to the end of its block. The second sum runs from the
    start of the block in which the window ends to the window's last cell. If the window is exactly one block,
    its cells are counted twice, unless `without_itself` moves the start of the second sum to the next block.
    The second sum is then empty.
    """
    y = []
    for t in range(len(x) - k + 1):
        end, last = (t // k + 1) * k, t + k - 1
        start = (t + k if without_itself else last) // k * k
        y.append(int(x[t:end].sum() + x[start : last + 1].sum()))
    return y


def test_sums_by_blocks_count_cells_twice_unless_the_second_sum_may_be_empty() -> None:
    right = [int(NINE[t : t + 3].sum()) for t in range(7)]
    assert sums_of_blocks(NINE, 3, without_itself=False) == [12, 9, 12, 30, 18, 21, 48] != right
    assert sums_of_blocks(NINE, 3, without_itself=True) == right == [6, 9, 12, 15, 18, 21, 24]


def test_chapter_14_shows_the_wrong_and_the_right_sums() -> None:
    (code,) = [code for _, code in CELL.findall(text_of(FAST)) if "as for maxima" in code]
    names: dict[str, Any] = {"np": np}
    exec(compile(code, FAST, "exec"), names)
    assert names["twice"].tolist() == sums_of_blocks(NINE, 3, without_itself=False)
    assert names["once"].tolist() == sums_of_blocks(NINE, 3, without_itself=True)


def test_chapter_14s_table_and_answer_say_which_blocks_work_for_sums() -> None:
    head, _, *rows = re.findall(r"^\|.*\|$", text_of(FAST), re.M)[:5]
    columns = [cell.strip() for cell in head.strip("|").split("|")]
    (sums,) = [row for row in rows if row.startswith("| sum, mean")]
    said = dict(zip(columns, (cell.strip() for cell in sums.strip("|").split("|")), strict=True))
    assert said["blocks, as above"].startswith("**no**")
    assert said["blocks, starts without their own cell"] == "yes"
    (answer,) = [reply for title, reply in FOLD.findall(text_of(FAST)) if "which of the tricks" in title]
    assert "blocks whose starts leave their own cell out" in answer
    assert "blocks as for a maximum do not" in answer


def test_labels_do_not_touch_and_stay_near_their_points() -> None:
    assert charts.apart([10, 12, 50], 8) == [7, 15, 50]
    assert charts.apart([50, 10, 12], 8) == [50, 7, 15], "labels must keep their order"
    rng = np.random.default_rng(0)
    for _ in range(100):
        wanted = list(rng.uniform(0, 60, 5))
        places = charts.apart(wanted, 17)
        assert np.diff(sorted(places)).min() >= 17 - 1e-9
        assert np.argsort(places).tolist() == np.argsort(wanted).tolist()
        assert abs(np.mean(places) - np.mean(wanted)) < 1e-9
    assert charts.apart([0, 20, 40], 17) == [0, 20, 40], "labels that do not touch must not move"


def test_the_floor_in_milliseconds_is_no_strict_bound() -> None:
    one = record.shipped(1)
    case, operation, path = ("B", "max", "compiled")
    ratio = one.ratio(case, operation, path, "floor")
    assert ratio is not None
    assert ratio < 1, (
        "no pooling is faster than its floor any more: change the page 'How fast?' and chapter 14"
    )
    assert "no strict bound" in source("book/reference/speed").read_text(encoding="utf-8")
    assert "no strict bound" in text_of(FAST)
    assert "nobody gets below" not in text_of(FAST)


def test_weights_2_and_minus_1_add_up_to_1_but_are_no_subgradient_of_max() -> None:
    slope, to = np.array([2, -1]), np.array([1, 0])
    assert slope.sum() == 1
    assert max(to) < slope @ to
    text = text_of("06_the_backward_pass")
    assert "All that add up to 1 are" not in text
    assert "whose parts are not negative and add up to 1" in text


@pytest.mark.parametrize("kernel", range(1, 8))
def test_some_window_sees_padding_alone_if_the_padding_is_as_large_as_the_kernel(kernel: int) -> None:
    for padding in range(2 * kernel):
        blind = not set(range(-padding, kernel - padding)) & set(range(9))
        assert blind == (padding >= kernel)
        try:
            torch.nn.functional.max_pool1d(torch.zeros(1, 9), kernel, 1, padding)
            refused = False
        except RuntimeError:
            refused = True
        assert refused == (2 * padding > kernel)
    assert "From `p = k` on" in text_of("02_windows_and_sizes")


def test_the_median_is_no_power_mean() -> None:
    near, far = np.array([2.0, 3, 6]), np.array([2.0, 3, 60])
    assert np.median(near) == np.median(far) == 3
    for p in (1.0, 2.0, 10.0):
        assert lp_pool(far, p, Window.of(3, axes=1))[0] > lp_pool(near, p, Window.of(3, axes=1))[0]
    text = text_of("12_the_pooling_zoo")
    assert "All means that you know" not in text
    assert "The median is no member" in text


def test_chapter_13_says_how_long_the_sum_must_be() -> None:
    text = text_of("13_regions_and_sets")
    assert "nder mild conditions" not in text
    assert "at least as many numbers as the largest set has items" in text
    assert "wagstaff2019limitations" in text


def test_chapter_15_says_what_its_code_does() -> None:
    asked = sections("15_break_the_grader")["When nobody knows the answer"].split("```{code-cell} ipython3")
    taken = re.search(r"pool\(x - (\d+)\), pool\(x\) - (\d+)", asked[1])
    assert taken
    assert taken[1] == taken[2]
    assert f"If {taken[1]} is taken away from every input, every maximum falls by {taken[1]}:" in asked[0]


def label(entry: Entry) -> str:
    """The text of a citation: last names of the authors ("et al." if there are three or more) and year."""
    names = [" ".join(person.last_names) for person in entry.persons["author"]]
    return (
        f"{' and '.join(names) if len(names) < 3 else names[0] + ' et al.'}, {entry.fields.get('year', '')}"
    )


def test_no_two_sources_are_cited_alike() -> None:
    entries = parse_file(str(ROOT / "book" / "references.bib")).entries
    shared = {name: count for name, count in Counter(map(label, entries.values())).items() if count > 1}
    assert not shared


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_replies_to_the_portraits_answer_the_question_of_the_heading(name: str) -> None:
    heading, body = list(sections(name).items())[1]
    assert "has the bug" not in heading, (
        "several pictures have a bug; the question must be which one has none"
    )
    right = [title for title, reply in FOLD.findall(body) if re.match(r"Yes\b", reply)]
    assert len(right) == 1
    if heading == "Which picture is right?":
        assert re.search(r"\*\*Commit before you go on\.\*\* Which one (is right|averages)\b", body)


SAID = ["README.md", *(f"{page}.md" for page in pages())]
SAID += [path.relative_to(ROOT).as_posix() for path in (ROOT / "book" / "_static" / "explorers").glob("*.js")]


@pytest.mark.parametrize("path", SAID)
def test_no_page_says_that_pooling_keeps_one_number_of_a_window(path: str) -> None:
    """Such a sentence is false for average pooling: a mean is in general none of the window's numbers."""
    text = (ROOT / path).read_text(encoding="utf-8")
    assert not re.search(r"(each|every) window keep one\b|window keeps\"|can keep .{1,30} or the mean", text)
