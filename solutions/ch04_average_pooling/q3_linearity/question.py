"""Find planes on which max pooling is not linear, and planes on which this does not show."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Array, Plain
from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit.reference import max_pool
from poolkit.windows import Window

Planes = NDArray[Any]
MAX_VALUES = 4096
MOST = 1e6
QUARTERS = Window.of(2)
SUM, FACTOR, FOOLED = "a sum that max pooling breaks", "a factor that it breaks", "planes that hide it"


def _about() -> tuple[Planes, Planes, float, Planes]:
    return (
        np.array([[1.0, 0.0], [0.0, 0.0]]),
        np.array([[0.0, 0.0], [0.0, 1.0]]),
        -2.0,
        np.array([[4.0, 3.0], [2.0, 1.0]]),
    )


def _cases(rng: np.random.Generator) -> list[Case]:
    return [
        Case(SUM, note="max pooling of a + b beside the two poolings added", hidden=_sum_trouble),
        Case(
            FACTOR, note="max pooling of factor * a beside factor times the pooling", hidden=_factor_trouble
        ),
        Case(FOOLED, note="max pooling of a + d beside the two poolings added", hidden=_fooled_trouble),
    ]


def _accepts(case: Case, value: Plain) -> str:
    """Return what is wrong with an answer, or "" if nothing is."""
    if not isinstance(value, tuple | list) or len(value) != 4:
        return "Four things were asked for, in this order: a, b, factor, d."
    a, b, factor, d = value
    first, second, third = (_plane(plane) for plane in (a, b, d))
    number = _number(factor)
    if first is None or second is None or third is None:
        return (
            f"a, b and d must be planes of finite numbers: at most {MAX_VALUES} cells, 2 rows and 2 columns "
            "at least, none beyond a million."
        )
    if number is None:
        return "factor must be one finite number, not beyond a million."
    if not first.shape == second.shape == third.shape:
        return "a, b and d must have the same number of rows and columns."
    trouble: str = case.hidden(first, second, number, third)
    return trouble


def _plane(value: Plain) -> Planes | None:
    try:
        data = value.data if isinstance(value, Array) else np.asarray(value)
        if data.ndim != 2 or data.dtype.kind not in "fiu" or min(data.shape) < 2 or data.size > MAX_VALUES:
            return None
        plane = data.astype(np.float64)
    except (TypeError, ValueError):  # ragged lists, or lists of something else
        return None
    return plane if bool(np.all(np.abs(plane) <= MOST)) else None


def _number(value: Plain) -> float | None:
    if isinstance(value, Array) and value.data.size == 1:
        value = value.data.item()
    return float(value) if type(value) in (int, float) and abs(value) <= MOST else None


def _pooled(plane: Planes) -> Planes:
    return np.asarray(max_pool(plane, QUARTERS))


def _sum_trouble(a: Planes, b: Planes, factor: float, d: Planes) -> str:
    same = np.isclose(_pooled(a + b), _pooled(a) + _pooled(b), rtol=1e-9, atol=1e-9)
    if same.all():
        return (
            "On a and b max pooling adds up in every window. Where do the greatest numbers of a and of b "
            "stand?"
        )
    return (
        "On a and b max pooling still adds up in some window. It must fail in every one."
        if same.any()
        else ""
    )


def _factor_trouble(a: Planes, b: Planes, factor: float, d: Planes) -> str:
    same = np.isclose(_pooled(factor * a), factor * _pooled(a), rtol=1e-9, atol=1e-9)
    if factor == 0:
        return "With a factor of 0 both sides are 0."
    if factor > 0:
        return (
            "A factor above 0 keeps the order of the numbers, so the winner stays the winner and nothing "
            "breaks."
        )
    return (
        "Some window of a holds one number four times, and no factor changes who wins it."
        if same.any()
        else ""
    )


def _fooled_trouble(a: Planes, b: Planes, factor: float, d: Planes) -> str:
    rows, columns = (2 * (length // 2) for length in d.shape)
    windows = d[:rows, :columns].reshape(rows // 2, 2, columns // 2, 2).transpose(0, 2, 1, 3).reshape(-1, 4)
    if not np.all(np.diff(np.sort(windows, axis=1), axis=1) > 1e-9):
        return "In some window of d two numbers are equal. All four must differ."
    if np.allclose(_pooled(a + d), _pooled(a) + _pooled(d), rtol=1e-9, atol=1e-9):
        return ""
    return (
        "On a and d max pooling does not add up in every window. Where would the winner of d have to stand?"
    )


_A = "a = np.array([[4.0, 0.0], [1.0, 2.0]])"
_B = "b = np.array([[0.0, 3.0], [1.0, 2.0]])"
_D = "d = np.array([[9.0, 1.0], [2.0, 3.0]])"

MISTAKES = (
    Mistake(
        "same_winner",
        "The greatest numbers of a and of b stand at the same place, so their sum is the greatest of the "
        "sums.",
        "What happens to max(a + b) when a and b peak at different places?",
        ((_B, "b = np.array([[3.0, 0.0], [1.0, 2.0]])"),),
    ),
    Mistake(
        "positive_factor",
        "A factor above 0 leaves the winner the winner.",
        "Which factors turn the greatest number into the smallest?",
        (("factor = -1.0", "factor = 3.0"),),
    ),
    Mistake(
        "factor_zero",
        "With a factor of 0 both sides are 0.",
        "Which factors turn the greatest number into the smallest?",
        (("factor = -1.0", "factor = 0.0"),),
    ),
    Mistake(
        "constant_a",
        "a holds one number four times. Whatever it is multiplied with, all four stay equal.",
        "In which planes does multiplying with -1 change the winner?",
        ((_A, "a = np.array([[2.0, 2.0], [2.0, 2.0]])"),),
    ),
    Mistake(
        "constant_d",
        "d holds equal numbers. Those add up anyway; the task is a d whose numbers differ.",
        "Where may the winner of d stand, if it may not share its place with a?",
        ((_D, "d = np.array([[1.0, 1.0], [1.0, 1.0]])"),),
    ),
    Mistake(
        "other_winner",
        "The winner of d stands elsewhere than that of a, so the sum breaks.",
        "Which cell wins in a, in d, and in a + d?",
        ((_D, "d = np.array([[1.0, 9.0], [2.0, 3.0]])"),),
    ),
    Mistake(
        "shapes_differ",
        "The planes do not have the same size, so they cannot be added.",
        "How many rows and columns do a and b have?",
        ((_B, "b = np.array([[0.0, 3.0, 0.0], [1.0, 2.0, 0.0]])"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Where max pooling is not linear",
    task="Find planes on which max pooling is not linear, and planes that hide it",
    name="about_linearity",
    points=4,
    library="numpy",
    groups=(Group(SUM, 0.35), Group(FACTOR, 0.3), Group(FOOLED, 0.35)),
    draw=_cases,
    reference=_about,
    mistakes=MISTAKES,
    hints=(
        "One window is enough. Ask which cell wins in a, which in b, and which in a + b.",
        (
            "If both planes peak at the same cell, the peaks add up. If they peak at different cells, they "
            "do not."
        ),
        (
            "Let a peak at the top left and b elsewhere; let d peak at the top left too, with four "
            "different numbers. For the factor, think of what reverses an order."
        ),
    ),
    accepts=_accepts,
    shrinks=(),
)
