"""Compute the gradient by central differences, to compare a backward pass with it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import positive, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit import reference
from poolkit.windows import Window

from ...planes import a_number, a_pair, whole_numbers
from ..q1_average.question import whole

Generator = np.random.Generator
Array = NDArray[Any]


def _pooled(x: Array, window: Window, operation: str) -> Array:
    if operation == "norm":
        return reference.lp_pool(x, 2, window)
    pool: Any = {"max": reference.max_pool, "mean": reference.avg_pool}[operation]
    y: Array = pool(x, window)
    return y


def _differences(
    x: Array, grad_output: Array, kernel_size: tuple[int, int], stride: int, operation: str, step: float
) -> Array:
    window = Window.of(kernel_size, stride)
    slopes = np.zeros(x.shape)
    for cell in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[cell] = step
        above, below = (
            np.sum(grad_output * _pooled(x.astype(np.float64) + sign * nudge, window, operation))
            for sign in (1, -1)
        )
        slopes[cell] = (above - below) / (2 * step)
    return slopes


# Ranks of the cells of a plane, chosen so that the greatest cell of a wrong window differs from the greatest
# cell of the right window.
_ORDER = np.array([[7, 3, 12, 8], [5, 9, 6, 1], [0, 14, 2, 11], [15, 4, 10, 13]])


def _in_order(rng: Generator, order: Array) -> Array:
    """Return distinct values above zero; the cells that win are the same with each seed."""
    ranked: Array = 0.5 + np.cumsum(rng.integers(1, 4, size=order.max() + 1))
    return ranked[order]


def _cases(rng: Generator) -> list[Case]:
    def case(
        group: str,
        x: Array,
        k: tuple[int, int],
        s: int,
        operation: str,
        step: float,
        note: str,
        sent: Any = whole,
    ) -> Case:
        gradient = sent(rng, *Window.of(k, s).output_size(x.shape))
        return Case(group, arrays(x, gradient, k, s, operation, step), note)

    whole_numbers = (rng.permutation(np.arange(12)) + 1).reshape(3, 4)
    single = _in_order(rng, _ORDER).astype(np.float32)
    piecewise, smooth, kinks, kept = (group.name for group in GROUPS)
    return [
        case(piecewise, positive(rng, 2, 2), (2, 2), 2, "mean", 0.25, "one window, its mean"),
        case(piecewise, _in_order(rng, _ORDER[:3]), (2, 2), 1, "max", 0.25, "maxima, no two values alike"),
        case(piecewise, tenths(rng, 4, 5), (2, 2), 1, "max", 0.25, "values and gradients below zero", tenths),
        case(piecewise, positive(rng, 4, 6), (2, 3), 1, "mean", 0.5, "means of 2 by 3 windows"),
        case(smooth, positive(rng, 2, 2), (2, 2), 2, "norm", 0.5, "one window, its norm, a large step"),
        case(
            smooth, tenths(rng, 4, 4), (2, 2), 2, "norm", 0.75, "four norms, values below zero, a large step"
        ),
        case(kinks, np.full((2, 2), 3.0), (2, 2), 2, "max", 0.25, "four equal values"),
        case(kinks, np.full((2, 6), 7.0), (2, 3), 3, "max", 0.5, "two windows of six equal values"),
        case(kept, whole_numbers, (2, 2), 1, "mean", 0.25, "x holds whole numbers"),
        case(kept, single, (2, 2), 2, "max", 1e-4, "x in single precision, a small step"),
    ]


def _any_plane(rng: Generator) -> Case:
    """Draw any operation and window, whole numbers or floats, and a step too large to be lost in rounding."""
    kernel_size, stride = a_pair(rng, 1, 3), a_number(rng, 1, 3)
    shape = [k + a_number(rng, 0, stride) for k in kernel_size]
    dtype = str(rng.choice(["float16", "float32", "float64", "int8", "uint8"]))
    if dtype.startswith("float"):
        x = rng.normal(size=shape) if rng.random() < 0.5 else rng.integers(-2, 3, size=shape)
    else:
        x = whole_numbers(rng, dtype, *shape)
    sent = rng.normal(size=Window.of(kernel_size, stride).output_size(tuple(shape)))
    operation, step = str(rng.choice(["max", "mean", "norm"])), float(rng.uniform(0.05, 3))
    return Case(GROUPS[0].name, arrays(x.astype(dtype), sent, kernel_size, stride, operation, step))


GROUPS = (
    Group("maximum and mean", 0.3),
    Group("a smooth operation", 0.3),
    Group("equal values", 0.2),
    Group("whole numbers and single precision", 0.2),
)

_SIDES, _TWO = "for sign in (1, -1):", "/ (2 * step)"
_MOVED, _SUM = "moved[cell] += sign * step", "np.sum(grad_output * "

MISTAKES = (
    Mistake(
        "one_sided",
        "Maxima and means are right, norms and ties are not. That is the difference to one side: (L(x + "
        "step) - L(x)) / step.",
        "On which side of x does your second value lie?",
        ((_SIDES, "for sign in (1, 0):"), (_TWO, "/ step")),
    ),
    Mistake(
        "not_halved",
        "Every slope is twice too steep: the two inputs lie two steps apart.",
        "How far is it from x - step to x + step?",
        ((_TWO, "/ step"),),
    ),
    Mistake(
        "not_divided",
        "These are differences, not slopes.",
        "What does a slope divide by?",
        ((_TWO, ""),),
    ),
    Mistake(
        "dtype_kept",
        "Whole numbers stayed whole when a fraction was added, and single precision lost a small step.",
        "What does an integer array hold after `x[0, 0] += 0.25`?",
        (("x = x.astype(np.float64)", "x = x.copy()"),),
    ),
    Mistake(
        "not_put_back",
        "Slopes come out half as steep: the second value was taken from an array that had been moved "
        "already.",
        "What does the array hold when you take the step downwards?",
        (("moved = x.copy()", "moved = x"),),
    ),
    Mistake(
        "gradient_ignored",
        "All outputs count the same: grad_output does not enter.",
        "What is the loss whose slope is asked for?",
        ((_SUM, "np.sum("),),
    ),
    Mistake(
        "all_cells_moved",
        "Every cell has the same slope: all of x was moved at once.",
        "How many numbers of x may change between the two values?",
        ((_MOVED, "moved += sign * step"),),
    ),
    Mistake(
        "sign",
        "Every slope has the wrong sign.",
        "Which of the two values belongs to the larger x?",
        (("sides[0] - sides[1]", "sides[1] - sides[0]"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="The gradient by differences",
    task="Compute the gradient by differences",
    name="gradient_by_differences",
    points=3,
    library="numpy",
    groups=GROUPS,
    draw=_cases,
    anywhere=_any_plane,
    reference=_differences,
    mistakes=MISTAKES,
    hints=(
        (
            "A slope is a rise divided by a run. The rise is the change of one number, the loss; the run "
            "is the change of one cell."
        ),
        "For each cell: a copy of x with the cell moved up, another with it moved down, the loss of both.",
        (
            "Turn x into float64 first. The loss is the sum of grad_output times the pooled plane; "
            "the two inputs lie 2 * step apart."
        ),
    ),
    tolerance=1e-6,
    shrinks=(),
)
