"""Alterations: mistakes that change a whole array, such as setting negative values to 0.

An alteration takes a numpy array or a torch tensor and returns one of the same shape and dtype.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Alteration:
    """One change of a whole array.

    Args:
        name: what is changed, in a few words.
        alter: the function that changes an array.
        kinds: which kinds of arrays are changed: "f" floats, "i" whole numbers with a sign.
        axes: how many axes an array must have to be changed; 0: any number.
    """

    name: str
    alter: Callable[[Any], Any]
    kinds: str = "f"
    axes: int = 0


def _whole(x: Any) -> Any:
    return np.trunc(x) if isinstance(x, np.ndarray) else x.trunc()


def _half(x: Any) -> Any:
    with np.errstate(over="ignore"):
        return x.astype(np.float16).astype(x.dtype) if isinstance(x, np.ndarray) else x.half().to(x.dtype)


def _single(x: Any) -> Any:
    with np.errstate(over="ignore"):
        return x.astype(np.float32).astype(x.dtype) if isinstance(x, np.ndarray) else x.float().to(x.dtype)


def _repeated(first: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """An alteration that puts the part chosen by `first` in the place of all images or channels."""

    def alter(x: Any) -> Any:
        if isinstance(x, np.ndarray):
            return np.broadcast_to(first(x), x.shape).copy()
        return first(x).expand_as(x).clone()

    return alter


CUT = Alteration("nothing below 0", lambda x: x.clip(min=0), "fi")
SIGN = Alteration("no signs", abs, "fi")
NEGATIVE = Alteration("nothing above 0", lambda x: x.clip(max=0), "fi")
WHOLE = Alteration("whole numbers", _whole)
HALF = Alteration("half precision", _half)
SINGLE = Alteration("float32", _single)
CHANNEL = Alteration("the first channel for all", _repeated(lambda x: x[:, :1]), axes=4)
IMAGE = Alteration("the first image for all", _repeated(lambda x: x[:1]), axes=4)
ALTERATIONS = (CUT, SIGN, NEGATIVE, WHOLE, HALF, SINGLE, CHANNEL, IMAGE)
OF_OUTPUTS = (CUT, SIGN, NEGATIVE, WHOLE, HALF, SINGLE)


def kind_of(x: Any) -> str:
    """The kind of an array or a tensor, as in numpy's `dtype.kind`; "" for anything else."""
    if isinstance(x, np.ndarray):
        return str(x.dtype.kind)
    if not hasattr(x, "is_floating_point"):
        return ""
    return "f" if x.is_floating_point() else "b" if str(x.dtype) == "torch.bool" else "i"


def altered(alteration: Alteration, value: Any) -> Any:
    """Alter a value, or each value in a list; a value of a kind that is not altered stays the same."""
    if isinstance(value, tuple | list):
        return type(value)(altered(alteration, one) for one in value)
    if isinstance(value, float):
        return float(alteration.alter(np.array(value)))
    if kind_of(value) not in tuple(alteration.kinds) or alteration.axes not in (0, value.ndim):
        return value
    return alteration.alter(value)


def on_argument(answer: Callable[..., Any], position: int, name: str) -> Callable[..., Any]:
    """The answer, called with one of its arguments altered."""
    alteration = next(one for one in ALTERATIONS if one.name == name)

    @wraps(answer)
    def changed(*args: Any, **keywords: Any) -> Any:
        given = [altered(alteration, one) if at == position else one for at, one in enumerate(args)]
        return answer(*given, **keywords)

    return changed


def on_output(answer: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The answer, with its output altered."""
    alteration = next(one for one in OF_OUTPUTS if one.name == name)

    @wraps(answer)
    def changed(*args: Any, **keywords: Any) -> Any:
        return altered(alteration, answer(*args, **keywords))

    return changed


def overwriting(answer: Callable[..., Any], position: int) -> Callable[..., Any]:
    """The answer, which also overwrites one of its arguments with zeros."""

    @wraps(answer)
    def changed(*args: Any, **keywords: Any) -> Any:
        returned = answer(*args, **keywords)
        if kind_of(args[position]):
            data = args[position].data if hasattr(args[position], "detach") else args[position]
            data[...] = 0
        return returned

    return changed
