"""A verdict over several recipes, by a rule that was fixed beforehand."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

Generator = np.random.Generator
Array = NDArray[Any]
GROUPS = (
    Group("one recipe", 0.25),
    Group("all recipes agree", 0.2),
    Group("recipes that differ", 0.35),
    Group("what pairs show", 0.2),
)


def _conclude(max_: Array, average: Array, quantile: float) -> str:
    """Computes one interval after the other, then looks up the verdict in a table."""
    found = set()
    for one, other in zip(max_, average, strict=True):
        gains = one - other
        half = quantile * np.sqrt(((gains - gains.mean()) ** 2).sum() / (len(gains) - 1) / len(gains))
        found.add("above" if gains.mean() > half else "below" if gains.mean() < -half else "open")
    verdicts = {
        frozenset({"above"}): "max",
        frozenset({"below"}): "average",
        frozenset({"above", "open"}): "max in part",
        frozenset({"below", "open"}): "average in part",
        frozenset({"open"}): "open",
    }
    return verdicts.get(frozenset(found), "depends")


# Quantiles for which the interval around five differences, spread evenly from -1 to 1, extends by 0.95 to
# 0.99 on each side of their mean.
QUANTILES = (2.7, 2.75, 2.8)


def _cases(rng: Generator) -> list[Case]:
    single, agree, differ, paired = (group.name for group in GROUPS)

    def case(
        group: str, means: list[float], note: str, common: float = 4.0, spread: float = 1.0, seeds: int = 5
    ) -> Case:
        """Recipes with the given mean differences; the part that both poolings share varies with the seed."""
        shared = 50.25 + common * rng.permutation(seeds) + np.zeros((len(means), 1))
        average = shared + rng.integers(0, 8, (len(means), 1))
        gains = np.array([mean + spread * rng.permutation(np.linspace(-1, 1, seeds)) for mean in means])
        return Case(group, arrays(average + gains, average, float(rng.choice(QUANTILES))), note)

    return [
        case(single, [6.0], "one recipe, far above 0", common=1.0),
        case(single, [-6.0], "one recipe, far below 0", common=1.0),
        case(single, [0.25], "one recipe, 0.25 above 0"),
        case(single, [0.9375], "one recipe, whose interval just holds 0"),
        case(single, [1.0625], "one recipe, whose interval just lies above 0"),
        case(single, [2.0], "one recipe, nine seeds that differ by a lot", spread=4.0, seeds=9),
        case(single, [0.5], "one recipe, nine seeds that differ by little", spread=0.25, seeds=9),
        case(single, [0.0], "one recipe, both poolings the same on every seed", spread=0.0),
        case(single, [1.5], "one recipe, average the same on every seed", common=0.0),
        case(agree, [6.0, 4.0, 5.0], "three recipes above 0", common=1.0),
        case(agree, [-6.0, -4.0], "two recipes below 0", common=1.0),
        case(agree, [0.25, -0.25, 0.5], "three recipes near 0"),
        case(differ, [5.0, -5.0], "one recipe above, one below", common=1.0),
        case(differ, [5.0, 0.25, 4.0], "two recipes above, one near 0", common=1.0),
        case(differ, [-0.25, -5.0], "one recipe near 0, one below", common=1.0),
        case(differ, [5.0, 0.25, -5.0], "one recipe above, one near 0, one below", common=1.0),
        case(paired, [1.2], "one recipe whose seeds differ by a lot", common=8.0),
        case(paired, [-1.2, -1.3], "two recipes whose seeds differ by a lot", common=8.0),
    ]


def _anywhere(rng: Generator) -> Case:
    recipes, seeds = int(rng.integers(1, 5)), int(rng.integers(2, 8))
    average = 50 + rng.integers(-120, 120, (recipes, seeds)) / 4 * (rng.random() < 0.8)
    gains = rng.choice([-8, 0, 8], (recipes, 1)) + rng.integers(-4, 5, (recipes, seeds)) * rng.choice(
        [0.0, 0.5, 2.0]
    )
    return Case(GROUPS[0].name, arrays(average + gains, average, float(rng.uniform(1, 5))))


_HALF = "half = quantile * differences.std(axis=1, ddof=1) / np.sqrt(differences.shape[1])"

MISTAKES = (
    Mistake(
        "means_alone",
        "A mean on one side of 0 was enough for a verdict. Its interval may hold 0.",
        "What would another five seeds give?",
        ((_HALF, "half = 0"),),
    ),
    Mistake(
        "one_is_enough",
        "One recipe above 0 was enough for the verdict that max wins.",
        "What does the verdict say about the other recipes?",
        (("if above.all():", "if above.any():"),),
    ),
    Mistake(
        "all_in_one",
        "All recipes were thrown together, and one interval was put around all differences.",
        "Can recipes that disagree cancel each other?",
        (("differences = max_ - average", "differences = (max_ - average).reshape(1, -1)"),),
    ),
    Mistake(
        "unpaired",
        "The spread of each pooling was taken, and what the pairs share did not cancel. Clear differences "
        "came out open.",
        "Which numbers should the spread be that of?",
        (
            (
                _HALF,
                (
                    "half = quantile * np.sqrt((max_.var(axis=1, ddof=1) + average.var(axis=1, ddof=1)) / "
                    "max_.shape[1])"
                ),
            ),
        ),
    ),
    Mistake(
        "spread_of_one",
        "The intervals are those of a single difference, not of a mean. Clear differences came out open.",
        "How does the spread of a mean change with the number of pairs?",
        ((" / np.sqrt(differences.shape[1])", ""),),
    ),
    Mistake(
        "turned_around",
        "The verdicts are the wrong way round: average minus max.",
        "Which sign has the difference if max is better?",
        (("max_ - average", "average - max_"),),
    ),
    Mistake(
        "no_depends",
        "Some recipes lie above 0 and others below, and the verdict speaks of the first only.",
        "What would you tell somebody who uses the second recipe?",
        (("above.any() and below.any()", "False"),),
    ),
    Mistake(
        "in_part_forgotten",
        "Where some recipes are clear and others open, the verdict is open. Something was shown, for some "
        "recipes.",
        "Which verdicts are there for a mixture of clear and open?",
        (("if above.any():\n", "if False:\n"), ("if below.any():", "if False:")),
    ),
    Mistake(
        "squares_divided_by_all",
        "The intervals are a little too short: the squares were divided by the number of pairs, not by one "
        "less.",
        "What is numpy's ddof by default?",
        ((_HALF, _HALF.replace("ddof=1", "ddof=0")),),
    ),
    Mistake(
        "mixed_is_depends",
        "Some recipes are clear and others open, and the verdict is that it depends. For that, two must "
        "contradict each other.",
        "Which verdict has a clear recipe beside open ones?",
        (("above.any() and below.any()", "above.any() or below.any()"),),
    ),
    Mistake(
        "in_part_before_depends",
        "Recipes contradict each other, and the verdict speaks of one side in part, because another recipe "
        "is open.",
        "Is one recipe above 0 and one below? Which verdict does that settle, whatever the others show?",
        (("above.any() and below.any()", "above.any() and below.any() and (above | below).all()"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Conclude",
    task="Conclude over several recipes",
    name="conclude",
    points=3,
    library="numpy",
    groups=GROUPS,
    draw=_cases,
    anywhere=_anywhere,
    reference=_conclude,
    mistakes=MISTAKES,
    hints=(
        (
            "One interval for each recipe. Then only three things matter: are there any above, any below, "
            "any that hold 0?"
        ),
        (
            "Differences first, one row for each recipe. Means and deviations along the seeds give all "
            "intervals at once."
        ),
        (
            "Make two arrays of truth values, above and below. Ask in this order: are all above? Are all "
            "below? Are there some of each? Is any above? Is any below?"
        ),
    ),
    loose=True,
    shrinks=(),
)
