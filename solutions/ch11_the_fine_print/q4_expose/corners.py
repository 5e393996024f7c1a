"""Wrong average poolings with ceil_mode, for the question that asks for a test that catches them.

Each of them is wrong in a corner case only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Array, Plain
from poolgrader.questions.question import Case

Plane = NDArray[Any]
Pair = tuple[int, int]
MAX_VALUES, MAX_LENGTH = 400, 12


@dataclass(frozen=True)
class Corner:
    """How a pooling behaves in corner cases; the defaults are torch's, with ceil_mode and count_include_pad.

    Args:
        group: what kind of mistake it is.
        says: what the pooling does wrong, in words.
        up: whether sizes are rounded up.
        drop: which last window is dropped: one that starts after the row ("torch"), one that starts at n or
            later, counted from the start of the padding ("early"), or none ("never").
        divide: what a sum is divided by: the number of cells in the plane and its padding ("torch"), the size
            of the kernel ("kernel"), the number of cells in the plane ("cells"), or that number only in
            windows that reach beyond the padding ("cells where it hangs").
    """

    group: str = ""
    says: str = ""
    up: bool = True
    drop: str = "torch"
    divide: str = "torch"


def pooled(x: Plane, kernel: Pair, stride: Pair, padding: Pair, corner: Corner) -> Plane:
    """Average pool a plane.

    >>> pooled(np.ones((1, 4)), (1, 3), (1, 2), (0, 1), Corner())
    array([[0.66666667, 1.        , 0.5       ]])
    >>> pooled(np.ones((1, 4)), (1, 3), (1, 2), (0, 1), Corner(divide="cells"))
    array([[1., 1., 1.]])
    """
    along = [_spans(*axis, corner) for axis in zip(x.shape, kernel, stride, padding, strict=True)]
    y = np.zeros((len(along[0]), len(along[1])))
    for at in np.ndindex(y.shape):
        starts = [along[axis][o] for axis, o in enumerate(at)]
        cells = [
            slice(max(a, 0), max(min(a + k, n), 0)) for a, k, n in zip(starts, kernel, x.shape, strict=True)
        ]
        seen = x[cells[0], cells[1]]
        limits = [n + p for n, p in zip(x.shape, padding, strict=True)]
        hangs = any(a + k > limit for a, k, limit in zip(starts, kernel, limits, strict=True))
        inside = math.prod(
            max(min(a + k, limit) - a, 0) for a, k, limit in zip(starts, kernel, limits, strict=True)
        )
        divisor = {"torch": inside, "kernel": math.prod(kernel), "cells": seen.size}.get(
            corner.divide, seen.size if hangs else inside
        )
        y[at] = seen.sum() / divisor if seen.size else 0.0
    return y


def _spans(n: int, k: int, s: int, p: int, corner: Corner) -> list[int]:
    """Where the windows start along one axis, counted from the first cell."""
    room = n + 2 * p - k
    if room < 0:
        return []
    count = (-(-room // s) if corner.up else room // s) + 1
    limit = {"torch": n + p, "early": n}.get(corner.drop, math.inf)
    if corner.up and (count - 1) * s >= limit:
        count -= 1
    return [o * s - p for o in range(count)]


NUMBER, DIVISOR = "the wrong number of windows", "the wrong divisor"

WRONG_CORNERS = (
    Corner(NUMBER, "rounds sizes down", up=False),
    Corner(NUMBER, "keeps a last window that lies in the padding", drop="never"),
    Corner(
        NUMBER,
        "drops a last window that still sees a cell, since it forgets the padding before the plane",
        drop="early",
    ),
    Corner(DIVISOR, "leaves the padding out of the divisor", divide="cells"),
    Corner(DIVISOR, "divides by the whole kernel everywhere", divide="kernel"),
    Corner(
        DIVISOR,
        "leaves the padding out of the divisor where a window hangs over",
        divide="cells where it hangs",
    ),
)


def slips_through(case: Case, value: Plain) -> str:
    """Return what is wrong with a learner's test that should catch the case's wrong pooling, or ""."""
    if not isinstance(value, list | tuple) or len(value) != 4:
        return "Four things were asked for: the plane, the kernel, the stride, the padding."
    x, kernel, stride, padding = value[0], *(_pair(item) for item in value[1:])
    if not isinstance(x, Array) or x.data.ndim != 2 or x.data.dtype.kind not in "fiu":
        return "The first thing must be a plane of numbers: an array with rows and columns."
    if not 0 < x.data.size <= MAX_VALUES or not np.all(np.isfinite(x.data)):
        return f"The plane must hold 1 to {MAX_VALUES} finite numbers."
    if kernel is None or stride is None or padding is None:
        return (
            f"Kernel, stride and padding must be pairs of whole numbers, rows first, none above {MAX_LENGTH}."
        )
    if min(kernel) < 1 or min(stride) < 1 or any(2 * p > k for p, k in zip(padding, kernel, strict=True)):
        return "Kernel and stride must be at least 1, the padding at most half of the kernel."
    plane = x.data.astype(np.float64)
    right = pooled(plane, kernel, stride, padding, Corner())
    if right.size == 0:
        return "No window fits into your plane."
    wrong = pooled(plane, kernel, stride, padding, case.hidden)
    if right.shape != wrong.shape or not np.allclose(right, wrong, rtol=1e-9, atol=0):
        return ""
    return f"A pooling that {case.hidden.says} passes your test."


def _pair(value: Plain) -> Pair | None:
    if isinstance(value, Array) and value.data.shape == (2,) and value.data.dtype.kind in "iu":
        value = value.data.tolist()
    if not isinstance(value, list | tuple) or len(value) != 2:
        return None
    if any(type(item) is not int or not 0 <= item <= MAX_LENGTH for item in value):
        return None
    return (value[0], value[1])
