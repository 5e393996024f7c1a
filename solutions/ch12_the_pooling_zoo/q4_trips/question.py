"""Planes for which pooling, unpooling and pooling again fails, or loses nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Array, Plain
from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit import reference
from poolkit.windows import Window

MOST = 400
FAILS, KEEPS = "a trip that fails once", "a plane that survives"
Plane = NDArray[Any]


def _there_and_back(x: Plane) -> tuple[Plane, Plane, Plane]:
    """The maxima, the plane that holds only the maxima, and the maxima of that plane."""
    window = Window.of(2)
    y, switches = reference.max_pool(x, window, return_indices=True)
    back = np.zeros_like(x)
    back.flat[switches.ravel()] = y.ravel()
    return y, back, reference.max_pool(back, window)


def _cases(rng: np.random.Generator) -> list[Case]:
    return [
        Case(FAILS, part=(0,), note="plane 1, the trip that fails once", hidden=_fails),
        Case(KEEPS, part=(1,), note="plane 2, the plane that survives", hidden=_survives),
    ]


def _accepts(case: Case, value: Plain) -> str:
    if isinstance(value, list | tuple):
        try:
            value = Array(np.array(value, dtype=np.float64), "float64")
        except (TypeError, ValueError):
            return "A plane of numbers was asked for."
    if not isinstance(value, Array) or value.data.ndim != 2 or value.data.dtype.kind not in "fiu":
        return "A plane of numbers was asked for: rows and columns."
    x = value.data.astype(np.float64)
    if min(x.shape) < 4 or x.size > MOST or any(side % 2 for side in x.shape):
        return (
            f"The plane must have an even number of rows and of columns, at least 4 each, and at most {MOST} "
            "cells."
        )
    if not np.all(np.isfinite(x)):
        return "All numbers must be finite."
    trouble: str = case.hidden(x)
    return trouble


def _fails(x: Plane) -> str:
    y, _, again = _there_and_back(x)
    wrong = int((y != again).sum())
    if wrong == 0:
        return "The trip holds: the maxima of the unpooled plane are the maxima of the plane."
    return "" if wrong == 1 else "The trip fails in more than one output."


def _survives(x: Plane) -> str:
    y, back, _ = _there_and_back(x)
    if (y <= 0).any():
        return "Some window holds no number above 0."
    return "" if np.array_equal(back, x) else "Something was lost: the unpooled plane is not the plane."


_PLANES = "return fails, survives"

MISTAKES = (
    Mistake(
        "never_negative",
        "Every window of your first plane holds a number above 0, so the zeros that unpooling leaves never "
        "win.",
        "What stands beside a maximum when it is back in place?",
        (("fails[:2, :2] = -1", "fails[:2, :2] = 1"),),
    ),
    Mistake(
        "fails_everywhere",
        "In your first plane the trip fails in more than one output.",
        "How many windows may hold nothing but numbers below 0?",
        (("fails = np.ones((4, 4))", "fails = -np.ones((4, 4))"),),
    ),
    Mistake(
        "two_in_a_window",
        "A window of your second plane holds two numbers that are not 0. Unpooling brings one back.",
        "How many numbers of a window survive?",
        (("survives[::2, ::2] = 1", "survives[::2] = 1"),),
    ),
    Mistake(
        "empty_window",
        "A window of your second plane holds nothing above 0.",
        "Which numbers should every window hold?",
        (("survives[::2, ::2] = 1", "survives[0, 0] = 1"),),
    ),
    Mistake(
        "turned_around",
        "The planes came in the other order: first the one that fails, then the one that survives.",
        "Which plane is asked for first?",
        ((_PLANES, "return survives, fails"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="There, back, and there again",
    task="Find a plane for which the trip fails, and one that survives",
    name="round_trips",
    points=2,
    library="numpy",
    groups=(Group(FAILS, 0.5), Group(KEEPS, 0.5)),
    draw=_cases,
    reference=lambda: (
        np.array([[-1, -2, 5, 5], [-3, -4, 5, 5], [5, 5, 5, 5], [5, 5, 5, 5.0]]),
        np.kron(np.array([[1.0, 2], [3, 4]]), np.array([[0, 1], [0, 0]])),
    ),
    mistakes=MISTAKES,
    hints=(
        "Unpooling leaves zeros everywhere but at the winners. When does such a zero win the next maximum?",
        (
            "The trip fails in a window whose greatest number is below 0: the zeros beside it are greater. "
            "One such window is enough, and must be the only one."
        ),
        (
            "A plane survives if each window holds one number above 0, and zeros otherwise. For the first "
            "plane, make one window negative and the rest positive."
        ),
    ),
    accepts=_accepts,
    shrinks=(),
)
