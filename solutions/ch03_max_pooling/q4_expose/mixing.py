"""Poolings that mix planes, for questions that ask for an input that exposes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Array, Plain
from poolgrader.questions.question import Case
from poolkit.reference import max_pool
from poolkit.windows import Window

Planes = NDArray[Any]
MAX_VALUES = 4096


@dataclass(frozen=True)
class WrongPooling:
    """A pooling that mixes planes which should stay apart.

    `spoil` takes the right output, with the axes n, c, h, w, and a generator; it returns the wrong output, of
    the same shape.
    """

    group: str
    says: str
    spoil: Callable[[Planes, np.random.Generator], Planes]


def _another_order(count: int, rng: np.random.Generator) -> Planes:
    """Return an order in which no plane keeps its place; a single plane keeps it."""
    return np.roll(np.arange(count), int(rng.integers(1, max(count, 2))))


def _across_some(y: Planes, rng: np.random.Generator) -> Planes:
    """Return, for each channel, the maximum of it and the channel before it."""
    return np.asarray(np.maximum(y, np.roll(y, 1, axis=1)))


WRONG_POOLINGS = (
    WrongPooling(
        "pooling across channels",
        "takes one maximum over all channels",
        lambda y, rng: np.broadcast_to(y.max(axis=1, keepdims=True), y.shape),
    ),
    WrongPooling(
        "pooling across channels", "takes its maximum over a channel and a neighbouring one", _across_some
    ),
    WrongPooling(
        "pooling across channels",
        "gives every channel the first one's output",
        lambda y, rng: np.broadcast_to(y[:, :1], y.shape),
    ),
    WrongPooling(
        "channels in another order",
        "puts the channels in another order",
        lambda y, rng: y[:, _another_order(y.shape[1], rng)],
    ),
    WrongPooling("channels in another order", "turns the channels around", lambda y, rng: y[:, ::-1]),
    WrongPooling(
        "images mixed",
        "takes its maximum over the whole batch",
        lambda y, rng: np.broadcast_to(y.max(axis=0, keepdims=True), y.shape),
    ),
    WrongPooling(
        "images mixed",
        "puts the images in another order",
        lambda y, rng: y[_another_order(y.shape[0], rng)],
    ),
)


def slips_through(case: Case, value: Plain) -> str:
    """Return why the input does not expose the case's wrong pooling, or "" if it does."""
    if not isinstance(value, Array) or value.data.ndim != 4:
        return "An array with the axes n, c, h, w was asked for."
    data = value.data
    if not 0 < data.size <= MAX_VALUES or min(data.shape[-2:]) < 2:
        return (
            f"The array has the shape {data.shape}: it must hold 1 to {MAX_VALUES} numbers, in at least 2 "
            "rows and columns."
        )
    if data.dtype.kind not in "fiu" or not np.all(np.isfinite(data)):
        return "The array must hold finite numbers."
    wrong, seed = case.hidden
    right = max_pool(data, Window.of(2))
    if not np.array_equal(right, wrong.spoil(right, np.random.default_rng(seed))):
        return ""
    return f"A pooling that {wrong.says} gives the right output for your input{_alone(right)}."


def _alone(right: Planes) -> str:
    """Return whether the input has only one image or channel, and whether all planes pool to the same.

    The text holds no other numbers, so that causes can be named.
    """
    images, channels = right.shape[:2]
    ones = [word for word, count in (("one image", images), ("one channel", channels)) if count == 1]
    has = f": it has {' and '.join(ones)}" if ones else ""
    alike = "all planes pool to the same" if bool(np.all(right == right[:1, :1])) else ""
    return f"{has}{', and ' if has and alike else ': ' if alike else ''}{alike}"
