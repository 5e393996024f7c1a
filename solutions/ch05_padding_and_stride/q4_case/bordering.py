"""Max poolings with a wrong border, stride or order of axes.

They are for questions that ask for a test which catches them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Array, Plain
from poolgrader.questions.question import Case

Plane = NDArray[Any]
Pair = tuple[int, int]
Setting = tuple[Pair, Pair, Pair]  # kernel, stride, padding
MAX_VALUES, MAX_LENGTH = 400, 12


def pooled(
    x: Plane, setting: Setting, fill: float = -np.inf, sides: Pair = (1, 1), step: bool = True
) -> Plane:
    """Max pool a plane.

    `sides` says how many times the padding is put before and after each axis; `fill` is what it holds.
    Without `step` there are as many windows as with it, but one cell apart.

    >>> pooled(np.array([[-1.0, -2.0]]), ((1, 2), (1, 1), (0, 1)))
    array([[-1., -1., -2.]])
    >>> pooled(np.array([[-1.0, -2.0]]), ((1, 2), (1, 1), (0, 1)), fill=0.0)
    array([[ 0., -1.,  0.]])
    """
    kernel, stride, padding = setting
    border = [(sides[0] * cells, sides[1] * cells) for cells in padding]
    padded = np.pad(x.astype(np.float64), border, constant_values=fill)
    if any(n < k for n, k in zip(padded.shape, kernel, strict=True)):
        return np.empty((0, 0))
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel)
    right = windows[:: stride[0], :: stride[1]]
    if not step:  # the right number of windows, but one cell apart
        right = windows[: right.shape[0], : right.shape[1]]
    return np.asarray(right.max(axis=(-2, -1)))


@dataclass(frozen=True)
class WrongBorder:
    """A pooling that is wrong in one way; `pool` takes a plane and a setting and returns the output."""

    group: str
    says: str
    pool: Callable[[Plane, Setting], Plane]


def _swap(index: int) -> Callable[[Plane, Setting], Plane]:
    """Return a pooling that swaps rows and columns in the setting's pair at that index."""

    def pool(x: Plane, setting: Setting) -> Plane:
        kernel, stride, padding = (pair[::-1] if at == index else pair for at, pair in enumerate(setting))
        return pooled(x, (kernel, stride, padding))

    return pool


ZERO, LOW, PLACE = (
    "zeros in the border",
    "a large negative number in the border",
    "windows in the wrong place",
)

WRONG_BORDERS = (
    WrongBorder(ZERO, "pads with 0", lambda x, setting: pooled(x, setting, fill=0.0)),
    WrongBorder(LOW, "pads with -1e9", lambda x, setting: pooled(x, setting, fill=-1e9)),
    WrongBorder(
        LOW,
        "pads with -3.4e38 (the lowest number of float32)",
        lambda x, setting: pooled(x, setting, fill=float(np.finfo(np.float32).min)),
    ),
    WrongBorder(
        PLACE, "pads above and to the left only", lambda x, setting: pooled(x, setting, sides=(1, 0))
    ),
    WrongBorder(
        PLACE,
        "puts all padding below and to the right",
        lambda x, setting: pooled(x, setting, sides=(0, 2)),
    ),
    WrongBorder(PLACE, "swaps the kernel's rows and columns", _swap(0)),
    WrongBorder(PLACE, "swaps the stride of rows and columns", _swap(1)),
    WrongBorder(PLACE, "swaps the padding of rows and columns", _swap(2)),
    WrongBorder(PLACE, "always moves by 1", lambda x, setting: pooled(x, (setting[0], (1, 1), setting[2]))),
    WrongBorder(
        PLACE,
        "always moves by the kernel",
        lambda x, setting: pooled(x, (setting[0], setting[0], setting[2])),
    ),
    WrongBorder(
        PLACE,
        "takes the right number of windows, but one cell apart",
        lambda x, setting: pooled(x, setting, step=False),
    ),
)


def slips_through(case: Case, value: Plain) -> str:
    """Return why the test case does not catch the case's wrong pooling, or "" if it does."""
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
    setting = (kernel, stride, padding)
    right = pooled(x.data, setting)
    if right.size == 0:
        return "No window fits into your plane."
    wrong = case.hidden.pool(x.data, setting)
    return "" if not np.array_equal(right, wrong) else f"A pooling that {case.hidden.says} passes your test."


def _pair(value: Plain) -> Pair | None:
    if isinstance(value, Array) and value.data.shape == (2,) and value.data.dtype.kind in "iu":
        value = value.data.tolist()
    if not isinstance(value, list | tuple) or len(value) != 2:
        return None
    if any(type(item) is not int or not 0 <= item <= MAX_LENGTH for item in value):
        return None
    return (value[0], value[1])
