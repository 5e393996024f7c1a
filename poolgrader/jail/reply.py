"""Reads a reply of a learner's process; refuses what has another form, or is larger than an answer can be."""

from __future__ import annotations

from typing import Any

from poolgrader.calls.values import (
    MAX_DEPTH,
    MAX_NODES,
    MAX_TEXT,
    Array,
    Failure,
    Observation,
    Opaque,
    Plain,
)
from poolgrader.jail import wire

MOST_ARGUMENTS, LAST_LINE = 64, 10**6


def read_observation(reply: Any) -> Observation:
    """The observation in a reply.

    Raises:
        WireError: if anything in it is not of the expected form.
    """
    if not isinstance(reply, dict):
        raise wire.WireError("an invalid reply")
    try:
        failure = reply["failure"]
        gradients = tuple(item if isinstance(item, Array) else None for item in reply["gradients"])
        mutated = tuple(int(position) for position in reply["mutated"])
        if max(len(gradients), len(mutated)) > MOST_ARGUMENTS or any(
            not 0 <= position < MOST_ARGUMENTS for position in mutated
        ):
            raise wire.WireError("arguments that no call has")
        return Observation(
            value=_plain(reply["value"], [MAX_NODES], 0),
            failure=None if failure is None else _read_failure(failure),
            gradients=gradients,
            mutated=mutated,
            aliases=bool(reply["aliases"]),
            repeatable=bool(reply["repeatable"]),
            forbidden=wire.readable(str(reply["forbidden"]))[:200],
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise wire.WireError(f"an invalid reply: {type(error).__name__}") from None


def _plain(value: Any, left: list[int], depth: int) -> Plain:
    """A value, if it is one that `describe` makes; any other value is refused."""
    left[0] -= 1
    if left[0] < 0 or depth > MAX_DEPTH + 1:
        raise wire.WireError("too many values")
    if isinstance(value, list | tuple):
        return type(value)(_plain(item, left, depth + 1) for item in value)
    if isinstance(value, str):
        return wire.readable(value[:MAX_TEXT])
    if type(value) is int and abs(value) >= 2**63:
        raise wire.WireError("an int over 64 bits")
    if value is None or isinstance(value, bool | int | float | Array | Opaque):
        return value
    raise wire.WireError("a value of another kind")


def _read_failure(failure: Any) -> Failure:
    type_name, message, line = (
        wire.readable(str(failure[name]))[:300] for name in ("type_name", "message", "line")
    )
    return Failure(type_name[:100], message, line, min(max(0, int(failure["line_number"])), LAST_LINE))
