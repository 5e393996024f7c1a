"""A plan of runs that gives every pooling the same chances."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from poolgrader.calls.values import Array, Plain
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

Run = tuple[str, str, Any, int]
CHANCES, PAIRS, APART, ENOUGH = (
    "the same chances",
    "in pairs",
    "seeds kept apart",
    "enough, and within the budget",
)
REPORTED = 10


def _plan(poolings: list[str], rates: list[float], budget: int) -> list[Run]:
    tuned = [("tune", *run) for run in itertools.product(poolings, rates, (51, 52))]
    return [*tuned, *(("report", pooling, "best", seed) for pooling in poolings for seed in range(REPORTED))]


def _cases(rng: np.random.Generator) -> list[Case]:
    names = ["max", "average", "blur", "stride"]
    grid = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3]
    cases = []
    for group, trouble in ((CHANCES, _chances), (PAIRS, _pairs), (APART, _apart), (ENOUGH, _enough)):
        for poolings, rates in ((2, 3), (3, 4)):
            chosen = [names[k] for k in rng.permutation(4)[:poolings]]
            tried = sorted(grid[k] for k in rng.permutation(6)[:rates])
            # with two poolings the budget has no run to spare, with three it may have some
            least = poolings * (2 * rates + REPORTED)
            budget = least + (int(rng.integers(0, poolings * rates)) if poolings > 2 else 0)
            note = f"{poolings} poolings, {rates} rates"
            cases.append(Case(group, arrays(chosen, tried, budget), note, hidden=trouble))
    return cases


def _accepts(case: Case, value: Plain) -> str:
    """What is wrong with a plan, or ""."""
    poolings, rates, budget = case.args
    runs = _runs(value)
    if runs is None:
        return "A list of tuples was asked for: purpose, pooling, rate, seed."
    tuned = [run for run in runs if run[0] == "tune"]
    reported = [run for run in runs if run[0] == "report"]
    if len(tuned) + len(reported) < len(runs):
        return 'There is a purpose that is neither "tune" nor "report".'
    if not {pooling for _, pooling, _, _ in runs} <= set(poolings):
        return "There is a run of a pooling that was not given."
    if any(rate not in rates for _, _, rate, _ in tuned):
        return "A run that tunes has a rate that was not given."
    if any(rate != "best" for _, _, rate, _ in reported):
        return 'A reported run has a rate of its own. Its rate must be the one that tuning chooses: "best".'
    trouble: str = case.hidden(tuned, reported, poolings, rates, budget)
    return trouble


def _runs(value: Plain) -> list[Run] | None:
    if not isinstance(value, list | tuple):
        return None
    runs = []
    for run in value:
        if not isinstance(run, list | tuple) or len(run) != 4:
            return None
        purpose, pooling, rate, seed = (
            one.data.item() if isinstance(one, Array) and one.data.size == 1 else one for one in run
        )
        if not isinstance(purpose, str) or not isinstance(pooling, str) or type(seed) is not int:
            return None
        if type(rate) not in (int, float, str):
            return None
        runs.append((purpose, pooling, rate, seed))
    return runs


def _seeds(runs: list[Run], pooling: str) -> set[int]:
    return {seed for _, name, _, seed in runs if name == pooling}


def _chances(
    tuned: list[Run], reported: list[Run], poolings: list[str], rates: list[float], budget: int
) -> str:
    if not tuned:
        return "Nothing is tuned. One rate is rarely the best for every pooling."
    tried = {pooling: {rate for _, name, rate, _ in tuned if name == pooling} for pooling in poolings}
    if any(tried[pooling] != tried[poolings[0]] for pooling in poolings):
        return "Some pooling is tuned at more rates than another one."
    if any(found != set(rates) for found in tried.values()):
        return "Not every rate is tried."
    if any(_seeds(tuned, pooling) != _seeds(tuned, poolings[0]) for pooling in poolings):
        return "The poolings are tuned on different seeds."
    seeds = _seeds(tuned, poolings[0])
    if {(name, rate, seed) for _, name, rate, seed in tuned} != set(
        itertools.product(poolings, rates, seeds)
    ):
        return "Some rate is tried on fewer seeds than another one."
    return "" if len(seeds) > 1 else "A single seed chooses the rate, so the choice is partly luck."


def _pairs(
    tuned: list[Run], reported: list[Run], poolings: list[str], rates: list[float], budget: int
) -> str:
    if any(not _seeds(reported, pooling) for pooling in poolings):
        return "Some pooling is never reported."
    if any(_seeds(reported, pooling) != _seeds(reported, poolings[0]) for pooling in poolings):
        return "The poolings are reported on different seeds, so there are no pairs of runs to compare."
    return ""


def _apart(
    tuned: list[Run], reported: list[Run], poolings: list[str], rates: list[float], budget: int
) -> str:
    if not tuned or not reported:
        return "There must be runs that tune and runs that are reported."
    shared = {seed for _, _, _, seed in tuned} & {seed for _, _, _, seed in reported}
    return (
        "Some seed is used both to choose the rate and to report. The report then contains luck as well."
        if shared
        else ""
    )


def _enough(
    tuned: list[Run], reported: list[Run], poolings: list[str], rates: list[float], budget: int
) -> str:
    if any(len(_seeds(reported, pooling)) < REPORTED for pooling in poolings):
        return "Fewer than ten seeds are reported for some pooling."
    if len(set(tuned + reported)) < len(tuned + reported):
        return "Some run is in the list twice."
    return "" if len(tuned + reported) <= budget else "There are more runs than the budget allows."


_TUNED, _REPORTED, _RATES = "range(100, 102)", "range(10)", "for rate in rates:"

MISTAKES = (
    Mistake(
        "same_seeds",
        "The seeds that chose the rate are reported as well.",
        "Which pooling looks better than it is if its luckiest rate is picked on the reported seeds?",
        ((_TUNED, "range(2)"),),
    ),
    Mistake(
        "one_rate",
        "Only one rate is tried. Whichever pooling likes that rate wins.",
        "At which of the given rates is each pooling at its best?",
        ((_RATES, "for rate in rates[:1]:"),),
    ),
    Mistake(
        "one_side_tuned",
        "One pooling is tuned at all rates, the others at one. The one that was tuned has an advantage that "
        "is not the pooling's.",
        "Which rates does each pooling get?",
        ((_RATES, "for rate in rates if pooling == poolings[0] else rates[:1]:"),),
    ),
    Mistake(
        "unpaired",
        "Every pooling is reported on seeds of its own.",
        "What do two runs share that start from the same seed?",
        (
            (
                "for seed in reported]",
                "for seed in range(10 * poolings.index(pooling), 10 * poolings.index(pooling) + 10)]",
            ),
        ),
    ),
    Mistake(
        "too_few",
        "Too few seeds are reported.",
        "How many pairs were asked for?",
        ((_REPORTED, "range(5)"),),
    ),
    Mistake(
        "over_budget",
        "Everything is there, but there are more runs than the budget allows.",
        "On how many seeds must a rate be tried at least?",
        ((_TUNED, "range(100, 110)"),),
    ),
    Mistake(
        "one_seed",
        "A single seed chooses the rates.",
        "How much does accuracy vary from seed to seed at one rate?",
        ((_TUNED, "range(100, 101)"),),
    ),
    Mistake(
        "fixed_rate",
        "The reported runs have a fixed rate, so tuning changes nothing.",
        "What is the tuning for?",
        (('"best"', "rates[0]"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Plan a fair experiment",
    task="Plan a fair experiment",
    name="plan",
    points=3,
    library="numpy",
    groups=(Group(CHANCES, 0.3), Group(PAIRS, 0.25), Group(APART, 0.25), Group(ENOUGH, 0.2)),
    draw=_cases,
    reference=_plan,
    mistakes=MISTAKES,
    hints=(
        (
            "Count the runs that one pooling needs to choose its rate, and the runs that it needs to report. "
            "Then give every pooling the same."
        ),
        "Choose the seeds first: two sets that share no seed, and the same two sets for all poolings.",
        (
            "Three loops make the runs that tune: poolings, rates, seeds. Two make those that are reported: "
            "poolings and seeds. Two seeds to tune on and ten to report always fit."
        ),
    ),
    accepts=_accepts,
    shrinks=(),
)
