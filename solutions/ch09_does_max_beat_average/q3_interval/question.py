"""The interval around the mean of paired differences."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

Generator = np.random.Generator
Array = NDArray[Any]
GROUPS = (
    Group("runs in the same order", 0.4),
    Group("runs in another order", 0.3),
    Group("runs that are missing", 0.3),
)


def _paired_interval(
    seeds_a: Array, a: Array, seeds_b: Array, b: Array, quantile: float
) -> tuple[float, float, float]:
    """Pairs equal seeds by numpy's own intersect1d."""
    _, first, second = np.intersect1d(seeds_a, seeds_b, assume_unique=True, return_indices=True)
    differences = a[first] - b[second]
    mean, n = differences.sum() / len(differences), len(differences)
    half = quantile * np.sqrt(((differences - mean) ** 2).sum() / (n - 1) / n)
    return float(mean), float(mean - half), float(mean + half)


def _cases(rng: Generator) -> list[Case]:
    same, order, missing = (group.name for group in GROUPS)

    def runs(n: int) -> tuple[Array, Array, Array]:
        """Seeds, and accuracies that vary together, so far apart that an answer in single precision fails."""
        seeds = rng.permutation(40)[:n]
        common = 28 + 3.0 * rng.permutation(n)
        return seeds, common + 2.0 ** rng.permutation(n) / 64 + 32.6, common - rng.permutation(n) / 8 - 0.3

    def case(
        group: str, n: int, note: str, shuffled: bool = False, lost: int = 0, worse: bool = False
    ) -> Case:
        seeds, a, b = runs(n)
        if worse:
            a, b = b, a
        quantile = float(rng.choice([2.125, 2.25, 2.75, 3.25]))
        first, second = np.arange(n), np.arange(n)
        if shuffled:
            second = np.roll(second, int(rng.integers(1, n)))
        if lost:
            first, second = (
                np.delete(first, 1),
                np.delete(second, np.flatnonzero((second != 1) & (second != 0))[:lost]),
            )
        return Case(group, arrays(seeds[first], a[first], seeds[second], b[second], quantile), note)

    return [
        case(same, 5, "five pairs"),
        case(same, 10, "ten pairs"),
        case(same, 7, "seven pairs, the second pooling is better", worse=True),
        case(order, 6, "six pairs, the second pooling's in another order", shuffled=True),
        case(order, 9, "nine pairs, the second pooling's in another order", shuffled=True),
        case(missing, 8, "each pooling lacks another seed", lost=1),
        case(missing, 10, "different numbers of runs, in another order", shuffled=True, lost=2),
    ]


def _anywhere(rng: Generator) -> Case:
    seeds = rng.permutation(200)[: rng.integers(2, 10)]
    # seeds that only one of the two poolings has
    own, others = (np.arange(one, one + rng.integers(4)) for one in (200, 300))
    first, second = (rng.permutation(np.concatenate([seeds, alone])) for alone in (own, others))
    a, b = (rng.choice([1.0, 100.0]) * rng.random(len(runs)) for runs in (first, second))
    return Case(GROUPS[0].name, arrays(first, a, second, b, float(rng.uniform(1, 13))))


_PAIRS = "pairs = [(one, second[seed]) for seed, one in runs if seed in second]"
_HALF = "half = quantile * differences.std(ddof=1) / np.sqrt(len(differences))"

MISTAKES = (
    Mistake(
        "by_position",
        "The runs were paired by their position, not by their seeds.",
        "Which seed does the first run of each pooling have?",
        ((_PAIRS, "pairs = list(zip(a.tolist(), b.tolist()))"),),
    ),
    Mistake(
        "unpaired",
        "The interval is too wide: the spread of each pooling was taken, not that of the differences.",
        "What cancels in the difference of two runs from one seed?",
        (
            (
                _HALF,
                (
                    "one, other = np.array(pairs).T\n    half = quantile * np.sqrt((one.var(ddof=1) + "
                    "other.var(ddof=1)) / len(one))"
                ),
            ),
        ),
    ),
    Mistake(
        "divided_by_n",
        "The interval is a little too narrow: the squares were divided by the number of pairs, not by one "
        "less.",
        "What is numpy's ddof by default?",
        (("ddof=1", "ddof=0"),),
    ),
    Mistake(
        "spread_of_one",
        "The interval is too wide: it is that of a single difference, not of their mean.",
        "How does the spread of a mean change if there are four times as many pairs?",
        ((" / np.sqrt(len(differences))", ""),),
    ),
    Mistake(
        "divided_by_number",
        "The interval is too narrow: the deviation was divided by the number of pairs, not by its root.",
        "How does the spread of a mean change if there are four times as many pairs?",
        (("np.sqrt(len(differences))", "len(differences)"),),
    ),
    Mistake(
        "all_runs_counted",
        "The number under the root is that of all runs of the first pooling, not that of the pairs.",
        "How many differences are there?",
        (("np.sqrt(len(differences))", "np.sqrt(len(a))"),),
    ),
    Mistake(
        "quantile_of_two",
        "The quantile was always 1.96, whatever was given. That is the one for very many pairs.",
        "Where is `quantile` used?",
        (("half = quantile", "half = 1.96"),),
    ),
    Mistake(
        "turned_around",
        "The sign is wrong: the second pooling minus the first.",
        "Which way round is a difference taken?",
        (("one - other for", "other - one for"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="The paired interval",
    task="Put a paired interval around the difference",
    name="paired_interval",
    points=3,
    library="numpy",
    groups=GROUPS,
    draw=_cases,
    anywhere=_anywhere,
    reference=_paired_interval,
    mistakes=MISTAKES,
    hints=(
        "Find the pairs first, then their differences. After that, only the differences matter.",
        (
            "A dictionary from seed to accuracy finds the partner of a run. A seed without a partner gives "
            "no difference."
        ),
        (
            "The array's std takes ddof=1. Divided by the root of the number of pairs it is the spread of "
            "the mean. The interval reaches the quantile times that spread to both sides of the mean."
        ),
    ),
    loose=True,
    shrinks=(),
)
