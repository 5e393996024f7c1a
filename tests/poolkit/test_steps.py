"""The steps of a maximum join each cell of the window; the steps of a sum add each cell exactly once."""

from __future__ import annotations

from collections import Counter

import pytest

from poolkit.steps import steps_of_max, steps_of_sum

SIZES = [*range(1, 130), 255, 256, 257, 1021]


def joined(taps: list[int]) -> Counter[int]:
    """Carry out the steps, and count how often each cell of the window enters the result."""
    reached = Counter({0: 1})
    steps: list[list[int]] = []
    for tap in taps:
        if tap == 0:
            steps.append([])
        steps[-1].append(tap)
    for step in steps:
        after: Counter[int] = Counter()
        for tap in step:
            # A negative tap joins a cell of the input, not of the previous step's result.
            for cell, times in reached.items() if tap >= 0 else [(0, 1)]:
                after[cell + abs(tap)] += times
        reached = after
    return reached


@pytest.mark.parametrize("k", SIZES)
def test_a_sum_adds_each_cell_once(k: int) -> None:
    assert joined(steps_of_sum(k)) == Counter(range(k))


@pytest.mark.parametrize("k", SIZES)
def test_a_maximum_sees_each_cell_and_no_other(k: int) -> None:
    assert set(joined(steps_of_max(k))) == set(range(k))


def test_large_windows_take_few_taps() -> None:
    assert len(steps_of_max(64)) == 12
    assert len(steps_of_sum(31)) == 12
    assert steps_of_sum(7) == [*range(7)]


def test_negative_taps_belong_to_the_second_of_two_steps() -> None:
    """Negative taps read the input, which the kernel keeps only until the second of two steps."""
    for k in SIZES:
        taps = steps_of_sum(k)
        assert taps.count(0) <= 2
        assert all(tap >= 0 for tap in taps) or taps.count(0) == 2
        assert sorted(taps[len(taps) - sum(tap < 0 for tap in taps) :], reverse=True) == [
            t for t in taps if t < 0
        ]
