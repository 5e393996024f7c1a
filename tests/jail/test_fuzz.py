"""Two hundred notebooks broken at random: no crash, no hang, a row with a reason for each."""

from tests.jail import fuzz

COUNT = 200


def test_every_broken_notebook_is_a_row() -> None:
    wrong = {seed: fuzz.wrong_with(result) for seed, result in fuzz.graded(COUNT)}
    assert len(wrong) == COUNT
    assert {seed: what for seed, what in wrong.items() if what} == {}


def test_they_are_broken_in_many_ways() -> None:
    assert len({fuzz.broken(seed) for seed in range(COUNT)}) > 0.9 * COUNT
