"""What people do to a whole array: cut it off below 0, drop its signs, use its first channel for all.

An alteration takes a numpy array or a torch tensor and gives one of the same shape and dtype.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Alteration:
    """Something done to an array.

    Args:
        name: in a few words.
        alter: does it.
        kinds: for arrays of these kinds: "f" floats, "i" whole numbers with a sign.
        axes: for arrays with that many axes; 0: for all.
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
    """One image or channel in the place of all."""

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
    """As numpy's `dtype.kind`: "f", "i", "b", of an array or a tensor; "" of anything else."""
    if isinstance(x, np.ndarray):
        return str(x.dtype.kind)
    if not hasattr(x, "is_floating_point"):
        return ""
    return "f" if x.is_floating_point() else "b" if str(x.dtype) == "torch.bool" else "i"


def altered(alteration: Alteration, value: Any) -> Any:
    """The value, or each array in a list of values, altered where the alteration is for its kind."""
    if isinstance(value, tuple | list):
        return type(value)(altered(alteration, one) for one in value)
    if isinstance(value, float):
        return float(alteration.alter(np.array(value)))
    if kind_of(value) not in tuple(alteration.kinds) or alteration.axes not in (0, value.ndim):
        return value
    return alteration.alter(value)


def on_argument(answer: Callable[..., Any], position: int, name: str) -> Callable[..., Any]:
    """An answer that gets one of its arguments altered."""
    alteration = next(one for one in ALTERATIONS if one.name == name)

    @wraps(answer)
    def changed(*args: Any, **keywords: Any) -> Any:
        given = [altered(alteration, one) if at == position else one for at, one in enumerate(args)]
        return answer(*given, **keywords)

    return changed


def on_output(answer: Callable[..., Any], name: str) -> Callable[..., Any]:
    """An answer whose output is altered."""
    alteration = next(one for one in OF_OUTPUTS if one.name == name)

    @wraps(answer)
    def changed(*args: Any, **keywords: Any) -> Any:
        return altered(alteration, answer(*args, **keywords))

    return changed


def overwriting(answer: Callable[..., Any], position: int) -> Callable[..., Any]:
    """An answer that leaves zeros in one of its arguments."""

    @wraps(answer)
    def changed(*args: Any, **keywords: Any) -> Any:
        returned = answer(*args, **keywords)
        if kind_of(args[position]):
            data = args[position].data if hasattr(args[position], "detach") else args[position]
            data[...] = 0
        return returned

    return changed
