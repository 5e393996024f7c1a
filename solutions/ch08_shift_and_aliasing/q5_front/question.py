"""Finds the candidates that no other candidate dominates."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

Generator = np.random.Generator
Array = NDArray[Any]
GROUPS = (Group("two columns", 0.4), Group("more columns", 0.3), Group("equals", 0.3))


def _pareto(points: Array, wants: list[str]) -> Array:
    """Compares all pairs of candidates at once."""
    good = np.where(np.array(wants) == "more", points, -points)
    as_good = (good[:, None] >= good[None]).all(axis=2)
    better = (good[:, None] > good[None]).any(axis=2)
    return np.asarray(~(as_good & better).any(axis=0))


def _cases(rng: Generator) -> list[Case]:
    two, more, equals = (group.name for group in GROUPS)

    def case(
        group: str,
        rows: list[list[int]],
        wants: list[str],
        note: str,
        apart: float = 1.0,
        moved: float = 0.0,
    ) -> Case:
        """A case with the rows in random order, and each column scaled and shifted by random amounts.

        This does not change which of two numbers in a column is larger.
        """
        points = np.array(rows, float)[rng.permutation(len(rows))]
        points = points * rng.integers(1, 5, points.shape[1]) + rng.integers(3, 40, points.shape[1])
        return Case(group, arrays(apart * points + moved, wants), note)

    staircase = [[1, 9], [3, 7], [6, 4], [8, 1], [2, 6], [5, 3], [5, 4]]
    cube = [[1, 5, 5], [5, 1, 5], [5, 5, 1], [4, 4, 4], [4, 4, 3], [1, 1, 1], [5, 1, 4]]
    return [
        case(two, staircase, ["more", "more"], "seven candidates, more is better"),
        case(two, staircase, ["more", "less"], "seven candidates, more of the first, less of the second"),
        case(two, staircase, ["less", "less"], "seven candidates, less is better"),
        case(
            two, staircase, ["more", "more"], "seven candidates close together, far below zero", 1 / 16, -1e7
        ),
        case(more, cube, ["more", "more", "more"], "three columns"),
        case(more, cube, ["more", "less", "more"], "three columns, less of the second"),
        case(equals, [[2, 5], [4, 3], [4, 3], [1, 4]], ["more", "more"], "two candidates that are equal"),
        case(
            equals,
            [[2, 5], [4, 5], [4, 3], [1, 6]],
            ["more", "more"],
            "candidates that are equal in one column",
        ),
    ]


def _anywhere(rng: Generator) -> Case:
    m, d = (int(number) for number in rng.integers(1, (9, 5)))
    points = rng.integers(0, 3, (m, d)).astype(float) if rng.integers(2) else anything(rng, m, d)
    return Case(GROUPS[0].name, arrays(points, [str(want) for want in rng.choice(["more", "less"], d)]))


_GOOD, _BETTER, _DOMINATES = (
    "np.all(good >= own, axis=1)",
    "np.any(good > own, axis=1)",
    "np.any(as_good & better)",
)

MISTAKES = (
    Mistake(
        "always_more",
        "More was taken for better in every column.",
        "Is a candidate that costs more a better one?",
        (("points * signs", "points * np.abs(signs)"),),
    ),
    Mistake(
        "better_everywhere",
        "A candidate counted as dominated only if another one is better in every column. As good in one is "
        "enough.",
        "Is there a reason to take a candidate that is as accurate as another and costs more?",
        ((_GOOD, "np.all(good > own, axis=1)"),),
    ),
    Mistake(
        "equals_dominate",
        "Two equal candidates knocked each other out.",
        "In which column is one of two equal candidates better?",
        ((_DOMINATES, "np.sum(as_good) > 1"),),
    ),
    Mistake(
        "better_somewhere",
        "A candidate was dropped because another one is better in some column. It may be worse in others.",
        "What does dominating ask for in all columns?",
        ((_DOMINATES, "np.any(better)"),),
    ),
    Mistake(
        "only_the_best",
        "Only those were kept that are best in some column. A good compromise is best in none.",
        "Which candidate would you take that is second in both columns?",
        (("not np.any(as_good & better)", "np.any(own == good.max(axis=0))"),),
    ),
    Mistake(
        "inverted",
        "This marks the candidates that are dominated.",
        "What does True stand for?",
        (("not np.any(", "np.any("),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="The Pareto front",
    task="Find the Pareto front",
    name="pareto",
    points=2,
    library="numpy",
    groups=GROUPS,
    draw=_cases,
    anywhere=_anywhere,
    reference=_pareto,
    mistakes=MISTAKES,
    hints=(
        "Flip the sign of each column where less is better. From then on more is better everywhere.",
        (
            "For each candidate ask about each other one: is it at least as good in every column? Is it "
            "better in one? Both must hold for the same other candidate."
        ),
        (
            "Compare the whole table with one row. np.all and np.any along the columns give one truth value "
            "for each other candidate; join the two by `&` before you ask whether there is any."
        ),
    ),
    loose=True,
    shrinks=(),
)
