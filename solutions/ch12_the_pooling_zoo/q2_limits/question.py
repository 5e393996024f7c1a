"""Find the p for which the generalised mean of a window is a given number; its limits are the extremes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Array, Plain
from poolgrader.questions.draws import positive
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

CLOSE = 1e-6
ABOVE, BELOW, LIMITS = "above the mean", "below the mean", "the limits"


def power_mean(window: NDArray[Any], p: float) -> float:
    """The generalised mean of numbers above 0, for any p, including 0 and the infinities.

    >>> [round(power_mean(np.array([1.0, 4.0]), p), 3) for p in (-math.inf, -1, 0, 1, 2, math.inf)]
    [1.0, 1.6, 2.0, 2.5, 2.915, 4.0]
    """
    logs = np.log(window)
    if math.isinf(p):
        return float(window.max() if p > 0 else window.min())
    if abs(p) < 1e-9:
        return float(np.exp(logs.mean()))
    shift = (p * logs).max()
    return float(np.exp((shift + np.log(np.mean(np.exp(p * logs - shift)))) / p))


def _find(window: NDArray[Any], target: float) -> float:
    """Halves an interval of p again and again; this works because the mean grows with p."""
    if target in (window.max(), window.min()):
        return math.inf if target == window.max() else -math.inf
    low, high = -300.0, 300.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if power_mean(window, middle) < target else (low, middle)
    return low


def _cases(rng: np.random.Generator) -> list[Case]:
    def case(group: str, n: int, p: float, note: str) -> Case:
        window = positive(rng, n)
        greatest = window.argmax()
        # At place 0: an answer that divides by the place is wrong
        window[0], window[greatest] = window[greatest], window[0]
        target = power_mean(window, p)
        return Case(group, arrays(window, target), note, hidden=(window, target))

    def drawn(low: float, high: float) -> float:
        return float(rng.uniform(low, high))

    return [
        case(ABOVE, 3, drawn(1.5, 3), "3 numbers, a target above the mean"),
        case(ABOVE, 6, drawn(6, 12), "6 numbers, a target near the greatest"),
        case(ABOVE, 5, 1.0, "5 numbers, the mean itself"),
        case(BELOW, 3, drawn(-3, -0.5), "3 numbers, a target below the mean"),
        case(BELOW, 5, drawn(0.3, 0.45), "5 numbers, a target just below the mean"),
        case(BELOW, 6, drawn(-12, -6), "6 numbers, a target near the smallest"),
        case(LIMITS, 4, math.inf, "the greatest number"),
        case(LIMITS, 4, -math.inf, "the smallest number"),
    ]


def _accepts(case: Case, value: Plain) -> str:
    if isinstance(value, Array) and value.data.size == 1:
        value = value.data.item()
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        return "A number was asked for: p. It may be infinite."
    window, target = case.hidden
    reached = power_mean(window, float(value))
    if abs(reached - target) <= CLOSE * target:
        return ""
    side = "below" if reached < target else "above"
    return (
        f"The generalised mean for your p lies {side} the "
        f"target{_closer(window, target, float(value), reached)}."
    )


def _closer(window: NDArray[Any], target: float, p: float, reached: float) -> str:
    """A further remark on a wrong p; each remark fits the result of another wrong way to search."""
    least, greatest = window.min(), window.max()
    if math.isinf(p):
        return ": an infinite p gives an extreme of the window"
    if target in (least, greatest):
        return ": no finite p gives an extreme of the window"
    if abs(p) > 0.01 and abs(reached * len(window) ** (1 / p) - target) <= 1e-3 * target:
        return "; the norm for your p is the target"
    if min(reached / least, greatest / reached) < 1.02:
        return ", near an extreme of the window"
    if abs(reached / target - 1) < 0.02:
        return ", but close to it"
    return ""


_LOW, _MORE = "low, high = -190.0, 200.0", "if scale * mean < target:"

MISTAKES = (
    Mistake(
        "only_above_the_mean",
        "Only p from 1 on were tried, so the answer never goes below the mean.",
        "Which p gives the harmonic mean?",
        ((_LOW, "low, high = 1.0, 200.0"),),
    ),
    Mistake(
        "wrong_half",
        "The search went away from the target: it kept the wrong half.",
        "Does the generalised mean grow or shrink as p grows?",
        ((_MORE, "if scale * mean > target:"),),
    ),
    Mistake(
        "sum",
        "The p is that of a norm: the powers were added up, not averaged.",
        "What is the generalised mean of equal numbers?",
        (("np.mean((window / scale) ** p)", "np.sum((window / scale) ** p)"),),
    ),
    Mistake(
        "limits_swapped",
        "The two limits changed places.",
        "Where does the generalised mean go as p goes to infinity?",
        (("return np.inf", "return -np.float64(np.inf)"), ("return -np.inf", "return np.inf")),
    ),
    Mistake(
        "large_instead_of_infinite",
        "Some finite p came back where only the limit gives the target.",
        "By how much do the greatest of four numbers and their mean for p = 200 differ?",
        (("return np.inf", "return 200.0"), ("return -np.inf", "return -190.0")),
    ),
    Mistake(
        "too_few_steps",
        "The search stopped before the mean was close to the target.",
        "After how many halvings is an interval of 390 shorter than a millionth?",
        (("range(100)", "range(9)"),),
    ),
    Mistake(
        "only_above_zero",
        "Only p above 0 were tried, so the answer never goes below the geometric mean.",
        "Which p gives the harmonic mean?",
        ((_LOW, "low, high = 0.001, 200.0"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Which p gives this mean?",
    task="Find the exponent for a wanted mean, and its limits",
    name="find_p",
    points=3,
    library="numpy",
    groups=(Group(ABOVE, 0.35), Group(BELOW, 0.35), Group(LIMITS, 0.3)),
    draw=_cases,
    reference=_find,
    mistakes=MISTAKES,
    hints=(
        "The generalised mean grows with p, from the smallest number to the greatest. So you can search.",
        (
            "Take an interval of p that is wide enough on both sides of 0, look at its middle, and keep the "
            "half in which the target lies. Treat the two extremes first: no finite p reaches them."
        ),
        (
            "Divide the window by its greatest number for p above 0 and by its smallest below, so that no "
            "power overflows. A hundred halvings are plenty. Start with an interval whose middle is not 0."
        ),
    ),
    accepts=_accepts,
    shrinks=(),
)
