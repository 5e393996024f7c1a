"""Steps: what a window is taken apart into joins each of its cells, a sum's each of them once."""

from __future__ import annotations

from collections import Counter

import pytest

from poolkit.steps import steps_of_max, steps_of_sum

SIZES = [*range(1, 130), 255, 256, 257, 1021]


def joined(taps: list[int]) -> Counter[int]:
    """Count how often each cell is in the result:
    a cell is joined from those that the steps before left there.
    """
    reached = Counter({0: 1})
    steps: list[list[int]] = []
    for tap in taps:
        if tap == 0:
            steps.append([])
        steps[-1].append(tap)
    for step in steps:
        after: Counter[int] = Counter()
        for tap in step:
            for cell, times in (
                reached.items() if tap >= 0 else [(0, 1)]
            ):  # a cell that is left is joined as it was
                after[cell + abs(tap)] += times
        reached = after
    return reached


@pytest.mark.parametrize("k", SIZES)
def test_a_sum_adds_each_cell_once(k: int) -> None:
    assert joined(steps_of_sum(k)) == Counter(range(k))


@pytest.mark.parametrize("k", SIZES)
def test_a_maximum_sees_each_cell_and_no_other(k: int) -> None:
    assert set(joined(steps_of_max(k))) == set(range(k))


def test_there_are_few_taps() -> None:
    assert len(steps_of_max(64)) == 12
    assert len(steps_of_sum(31)) == 12
    assert steps_of_sum(7) == [*range(7)]


def test_cells_that_are_left_belong_to_the_last_of_two_steps() -> None:
    """The kernel keeps what it reads first beside what the first of two steps writes, not longer."""
    for k in SIZES:
        taps = steps_of_sum(k)
        assert taps.count(0) <= 2
        assert all(tap >= 0 for tap in taps) or taps.count(0) == 2
        assert sorted(taps[len(taps) - sum(tap < 0 for tap in taps) :], reverse=True) == [
            t for t in taps if t < 0
        ]
