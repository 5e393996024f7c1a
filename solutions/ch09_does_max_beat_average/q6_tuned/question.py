"""9.6, the transfer question: how a rate is chosen, and what is reported, come as arguments."""

from __future__ import annotations

import statistics
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

Generator = np.random.Generator
Array = NDArray[Any]
Chosen = tuple[int, int, float]
GROUPS = (
    Group("how a rate is chosen", 0.3),
    Group("more and less", 0.25),
    Group("what is reported", 0.25),
    Group("ties", 0.2),
)


def _tuned(validation: Array, scores: Array, better: str, centre: str, ties: str, summary: str) -> Chosen:
    """In plain Python: the sign of errors is flipped, so that more is always better."""
    sign = 1.0 if better == "more" else -1.0
    sums: dict[str, Any] = {"mean": statistics.fmean, "median": statistics.median, "worst": min}
    chosen = []
    for rows in (sign * validation).tolist():
        found = [sums[centre](row) for row in rows]
        places = [place for place, value in enumerate(found) if value == max(found)]
        chosen.append(places[0] if ties == "first" else places[-1])
    gains = [
        sign * (one - other) for one, other in zip(scores[0, chosen[0]], scores[1, chosen[1]], strict=True)
    ]
    if summary == "wins":
        return chosen[0], chosen[1], statistics.fmean((gain > 0) + (gain == 0) / 2 for gain in gains)
    return chosen[0], chosen[1], sign * sums[summary](gains)


# Validation numbers of four rates with three seeds each: a different rate is best by mean, by median and by
# the worst seed.
BY_MEAN, BY_MEDIAN, BY_WORST, POOR = [80, 64, 98], [50, 88, 89], [74, 75, 76], [60, 61, 62]
TIED = [75, 75, 75]  # as good as BY_WORST by mean and by median


def _cases(rng: Generator) -> list[Case]:
    centres, ways, summaries, tied = (group.name for group in GROUPS)

    def lowest_between(row: list[int]) -> list[int]:
        """Three numbers, the lowest in the middle: an answer that does not sort takes it for the median."""
        low, *others = sorted(row)
        left, right = rng.permutation(others)
        return [left, low, right]

    def case(
        group: str,
        rows: tuple[list[list[int]], list[list[int]]],
        note: str,
        better: str = "more",
        centre: str = "mean",
        ties: str = "first",
        summary: str = "mean",
        one: float = 1.0,
    ) -> Case:
        numbers = np.array([[lowest_between(row) for row in pool] for pool in rows], dtype=np.float64)
        validation = one * (numbers if better == "more" else 100 - numbers)
        rates = numbers.shape[1]
        # Each rate's scores have a range of their own, and no difference between two scores equals another
        # difference.
        base = np.array([[3.0**rate * (1 + 0.5 * pool) for rate in range(rates)] for pool in (0, 1)])
        scores = base[:, :, None] + np.array([0.0, 0.5, 0.25, 4.0, 8.0])
        scores[0] += rng.permutation([0.3, 0.425, -0.7, 0.3625, 40.3])
        return Case(group, arrays(validation, scores, better, centre, ties, summary), note)

    m, d, w, p = BY_MEAN, BY_MEDIAN, BY_WORST, POOR
    first = [[p, m, d, w], [w, p, m, d]]
    return [
        case(centres, (first[0], first[1]), "by the mean"),
        case(centres, (first[0], first[1]), "by the mean, all numbers below 1", one=1 / 128),
        case(centres, (first[0], first[1]), "by the median", centre="median"),
        case(centres, (first[0], first[1]), "by the worst", centre="worst"),
        case(ways, (first[0], first[1]), "errors, by the mean", "less"),
        case(ways, (first[1], first[0]), "errors, by the worst", "less", "worst"),
        case(summaries, ([p, w], [w, p]), "the mean of the differences"),
        _median(rng, summaries),
        _wins(rng, summaries, "more", "the share of wins"),
        _wins(rng, ways, "less", "the share of wins, errors"),
        case(tied, ([p, w, TIED], [w, TIED, p]), "a tie, the last one", ties="last"),
        case(tied, ([p, w, TIED], [w, TIED, p]), "a tie, the first one"),
        case(tied, ([w, TIED, p, w], [w, TIED, p, p]), "a tie of three, the last one", ties="last"),
        case(tied, ([p, w, TIED], [w, TIED, p]), "errors, a tie, the first one", "less"),
    ]


def _median(rng: Generator, group: str) -> Case:
    """Eight seeds on which the median of the differences, 3.5, is not the difference of the medians, -4."""
    others, offset = rng.permutation([1, 2, 3, 5, 6, 7]), float(rng.integers(1, 20))
    seeds = [*others[:3], 0, 4, *others[3:]]  # the two lowest differences are in the middle
    one = np.array([5.0, 15.0, 30.0, 12.0, 1.0, 27.0, 29.0, 7.0])[seeds]
    other = np.array([22.0, 15.0, 20.0, 0.0, 25.0, 10.0, 22.0, 16.0])[seeds]
    scores = np.stack([np.stack([one + offset, one + 50]), np.stack([other, other - 9])])
    validation = np.array([[[9.0, 8.0], [3.0, 2.0]]] * 2)
    return Case(
        group, arrays(validation, scores, "more", "mean", "first", "median"), "the median of the differences"
    )


def _wins(rng: Generator, group: str, better: str, note: str) -> Case:
    """Eight seeds: the first pooling is better on two by a lot, worse on four by little, equal on two."""
    gains = rng.permutation([50.0, 60.0, -1.0, -2.0, -1.5, -0.5, 0.0, 0.0])
    other = 30 + rng.permutation(8).astype(np.float64)
    scores = np.stack([np.stack([other + gains, other + 7]), np.stack([other - 9, other])])
    validation = np.array([[[9.0, 8.0], [3.0, 2.0]], [[3.0, 2.0], [9.0, 8.0]]])
    validation = validation if better == "more" else 10 - validation
    return Case(group, arrays(validation, scores, better, "mean", "first", "wins"), note)


def _anywhere(rng: Generator) -> Case:
    rates, tuned, reported = (int(number) for number in rng.integers(1, (5, 6, 7)))
    validation, scores = (
        rng.integers(0, 5, (2, rates, tuned)) / 4,
        rng.integers(0, 6, (2, rates, reported)) / 4,
    )
    if rng.integers(2):
        validation, scores = (100 * rng.random(one.shape) for one in (validation, scores))
    words = ("more", "less"), ("mean", "median", "worst"), ("first", "last"), ("mean", "median", "wins")
    return Case(GROUPS[0].name, arrays(validation, scores, *(str(rng.choice(some)) for some in words)))


_WORST = 'worst = np.min if better == "more" else np.max'
_BEST = 'best = found.max() if better == "more" else found.min()'

MISTAKES = (
    Mistake(
        "always_mean",
        "The rates were chosen by the mean, whatever the centre.",
        "Where is `centre` used?",
        (("sum_up[centre](numbers", 'sum_up["mean"](numbers'),),
    ),
    Mistake(
        "worst_is_best",
        'With "worst" the best seed decided, not the worst one.',
        "Which of the seeds would you fear?",
        ((_WORST, 'worst = np.max if better == "more" else np.min'),),
    ),
    Mistake(
        "worst_is_least",
        'With errors, "worst" is the greatest, not the least.',
        "Which error would you fear?",
        ((_WORST, "worst = np.min"),),
    ),
    Mistake(
        "always_more",
        "The greatest number won, also where less is better.",
        "Which is better, an error of 5 or of 20?",
        ((_BEST, "best = found.max()"),),
    ),
    Mistake(
        "chosen_on_scores",
        "The rates were chosen by the scores that are reported.",
        "What is the validation for?",
        (("for numbers in validation:", "for numbers in scores:"),),
    ),
    Mistake(
        "one_rate_for_both",
        "Both poolings were reported at the first one's rate.",
        "At which rate is the second pooling at its best?",
        (("scores[1, chosen[1]]", "scores[1, chosen[0]]"),),
    ),
    Mistake(
        "always_first",
        "Of equally good rates the first was chosen, also where the last was asked for.",
        "Where is `ties` used?",
        (('places[0 if ties == "first" else -1]', "places[0]"),),
    ),
    Mistake(
        "equal_is_no_win",
        "Equal scores counted nothing. They count one half.",
        "What should the share of wins be if all scores are equal?",
        ((" + np.mean(gains == 0) / 2", ""),),
    ),
    Mistake(
        "wins_the_wrong_way",
        "With errors the share of wins counts the greater ones.",
        "Which of two errors wins?",
        (('gains = differences if better == "more" else -differences', "gains = differences"),),
    ),
    Mistake(
        "median_apart",
        "The difference of the medians was taken, not the median of the differences.",
        "Which comes first, the difference or the median?",
        (
            (
                "return chosen[0], chosen[1], sum_up[summary](differences)",
                (
                    "return chosen[0], chosen[1], sum_up[summary](scores[0, chosen[0]]) - "
                    "sum_up[summary](scores[1, chosen[1]])"
                ),
            ),
        ),
    ),
    Mistake(
        "best_rate_together",
        "Both poolings got one rate, the best for the two together. Each chooses its own.",
        "Whose validation numbers choose the rate of the first pooling?",
        (
            (
                "found = sum_up[centre](numbers, axis=1)",
                "found = sum_up[centre](validation, axis=2).sum(axis=0)",
            ),
        ),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Tuned by a rule",
    task="Tune and report by a rule that you receive as arguments",
    name="tuned_difference",
    points=4,
    library="numpy",
    groups=GROUPS,
    draw=_cases,
    anywhere=_anywhere,
    reference=_tuned,
    mistakes=MISTAKES,
    hints=(
        "There are two separate steps: the validation numbers choose the rates, and the scores are reported.",
        (
            "Summarise each rate over its seeds, find the best summary, then the first or the last place "
            "that reaches it. Do that for each pooling. What is best, and what is worst, depends on `better`."
        ),
        (
            "With errors a difference below 0 is a win. The mean of a comparison is a share; add half the "
            "share of equal scores. Pair the scores before you summarise them."
        ),
    ),
    loose=True,
    shrinks=(),
)
