"""Three tables that mislead a reader who looks at them in the wrong way."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Array, Plain
from poolgrader.questions.question import Case, Group, Mistake, Question

Table = NDArray[Any]
ONE_RATE, SPREAD, WINS = "one rate for both", "spread", "wins"
SHAPES = {ONE_RATE: (2, 3, 4), SPREAD: (2, 6), WINS: (2, 6)}
QUANTILE = 2.571  # of Student's t distribution: six pairs, 95%


def _misleading() -> tuple[Table, Table, Table]:
    one = np.array([[[40.0] * 4, [70.0] * 4, [60.0] * 4], [[90.0] * 4, [50.0] * 4, [30.0] * 4]])
    common = np.array([10.0, 40.0, 20.0, 80.0, 60.0, 30.0])
    return (
        one,
        np.stack([common + np.array([2, 2.5, 2, 2.5, 2, 3]), common]),
        np.array([[60.0] * 5 + [0.0], [55.0] * 6]),
    )


def _cases(rng: np.random.Generator) -> list[Case]:
    wanted = ((ONE_RATE, _one_rate), (SPREAD, _spread), (WINS, _wins))
    return [
        Case(name, part=(index,), note=f"table {index + 1}, {name}", hidden=(SHAPES[name], trouble))
        for index, (name, trouble) in enumerate(wanted)
    ]


def _accepts(case: Case, value: Plain) -> str:
    """What is wrong with one table, or ""."""
    shape, trouble = case.hidden
    try:
        data = value.data if isinstance(value, Array) else np.asarray(value)
        table = data.astype(np.float64) if data.dtype.kind in "fiu" else None
    except (TypeError, ValueError):  # ragged lists, or lists of something else
        table = None
    if table is None or table.shape != shape:
        return f"An array of numbers with the axes {', '.join(map(str, shape))} was asked for."
    if not np.all((table >= 0) & (table <= 100)):
        return "Accuracies are from 0 to 100."
    message: str = trouble(table)
    return message


def _one_rate(table: Table) -> str:
    if not np.all(table[0, 1] > table[1, 1]):
        return "At the middle rate max is not better than average on every seed."
    means = table.mean(axis=2)
    if any(np.sum(own == own.max()) > 1 for own in means):
        return "For one of the poolings two rates are equally good, so it has no single best rate."
    best = [table[pool, means[pool].argmax()] for pool in (0, 1)]
    return (
        ""
        if np.all(best[1] > best[0])
        else "Each at its own best rate, average is not better than max on every seed."
    )


def _spread(table: Table) -> str:
    differences = table[0] - table[1]
    mean = differences.mean()
    if mean <= 0:
        return "The mean difference, max minus average, is not above 0."
    if mean - QUANTILE * differences.std(ddof=1) / np.sqrt(6) <= 0:
        return "The paired interval holds 0: the differences vary too much."
    if mean - QUANTILE * np.sqrt(table.var(axis=1, ddof=1).sum() / 6) > 0:
        return "The unpaired interval lies above 0 as well, so it hides nothing. What has to vary more?"
    return ""


def _wins(table: Table) -> str:
    if np.sum(table[0] > table[1]) < 4:
        return "Max is not better on four of the six seeds."
    return "" if table[0].mean() < table[1].mean() else "The mean of max is not lower than that of average."


_ONE = "[[[80.0] * 4, [90.0] * 4, [70.0] * 4], [[70.0] * 4, [80.0] * 4, [95.0] * 4]]"
_COMMON, _GAIN = "[50.0, 60.0, 70.0, 80.0, 90.0, 95.0]", "[1.0, 1.5, 1.0, 1.5, 1.0, 1.5]"
_WINS = "[[91.0, 91.0, 91.0, 91.0, 91.0, 40.0], [90.0] * 6]"

MISTAKES = (
    Mistake(
        "max_best_everywhere",
        "In the first table max stays ahead when each pooling has its own best rate.",
        "At which rate must average be better than max ever is?",
        ((_ONE, "[[[80.0] * 4, [90.0] * 4, [70.0] * 4], [[70.0] * 4, [80.0] * 4, [75.0] * 4]]"),),
    ),
    Mistake(
        "average_best_everywhere",
        "In the first table max is not ahead at the middle rate.",
        "What should somebody see who looks at the middle rate alone?",
        ((_ONE, "[[[80.0] * 4, [85.0] * 4, [70.0] * 4], [[70.0] * 4, [90.0] * 4, [95.0] * 4]]"),),
    ),
    Mistake(
        "rate_not_settled",
        "In the first table one pooling has two rates that are equally good.",
        "Which rate has the greatest mean?",
        ((_ONE, "[[[90.0] * 4, [90.0] * 4, [70.0] * 4], [[70.0] * 4, [80.0] * 4, [95.0] * 4]]"),),
    ),
    Mistake(
        "seeds_alike",
        "In the second table all seeds are alike, so the interval is clear of 0 either way.",
        "What makes the variance of one pooling large and leaves that of the differences small?",
        ((_COMMON, "[90.0, 90.0, 90.0, 90.0, 90.0, 90.0]"),),
    ),
    Mistake(
        "differences_vary",
        "In the second table the differences vary so much that their interval holds 0 too.",
        "By how much should max be better on each seed?",
        ((_GAIN, "[5.0, -4.0, 5.0, -4.0, 5.0, -4.0]"),),
    ),
    Mistake(
        "average_ahead",
        "In the second table average is ahead.",
        "Which pooling stands first in the array?",
        (("average + [1.0", "average - [1.0"),),
    ),
    Mistake(
        "mean_ahead_too",
        "In the third table max has more wins and the greater mean: no contradiction.",
        "How much may one lost seed cost?",
        ((_WINS, "[[91.0, 91.0, 91.0, 91.0, 91.0, 89.0], [90.0] * 6]"),),
    ),
    Mistake(
        "three_wins",
        "In the third table max is better on too few seeds.",
        "How many wins were asked for?",
        ((_WINS, "[[91.0, 91.0, 91.0, 40.0, 40.0, 40.0], [90.0] * 6]"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Three tables that mislead",
    task="Make three tables that mislead",
    name="misleading_tables",
    points=3,
    library="numpy",
    groups=(Group(ONE_RATE, 0.35), Group(SPREAD, 0.35), Group(WINS, 0.3)),
    draw=_cases,
    reference=_misleading,
    mistakes=MISTAKES,
    hints=(
        (
            "Each table needs very few different numbers. Begin with the numbers that mislead, then change "
            "the others so that the conclusion is wrong."
        ),
        (
            "First: average may be far better at a rate that is not the middle one. Second: let easy and "
            "hard seeds differ by tens of points, in the same way for both poolings. Third: let max lose one "
            "seed by a lot."
        ),
        (
            "First: three rates with means 80, 90, 70 for max; average is below max at the middle one, and "
            "above 90 at another. Second: add about one point to six very different numbers, but not exactly "
            "the same one to all."
        ),
    ),
    accepts=_accepts,
    shrinks=(),
)
