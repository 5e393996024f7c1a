"""Each of two hundred randomly broken notebooks gets a row in the report, with reasons for lost marks."""

from tests.jail import fuzz

COUNT = 200


def test_every_broken_notebook_gets_a_row() -> None:
    problems = {seed: fuzz.wrong_with(result) for seed, result in fuzz.graded(COUNT)}
    assert len(problems) == COUNT
    assert {seed: problem for seed, problem in problems.items() if problem} == {}


def test_the_notebooks_are_broken_in_many_ways() -> None:
    assert len({fuzz.broken(seed) for seed in range(COUNT)}) > 0.9 * COUNT
