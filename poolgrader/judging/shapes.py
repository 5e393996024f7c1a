"""Find how the wrong shapes differ from the right ones, if they do so in the same way on every input."""

from __future__ import annotations

import math
from collections.abc import Sequence

from poolgrader.calls.values import Array, Plain
from poolgrader.judging.verdict import Cause

Pairs = Sequence[tuple[Plain, Plain]]
Shapes = Sequence[tuple[tuple[int, ...], tuple[int, ...]]]


def how_shapes_differ(pairs: Pairs, lists: bool = False) -> Cause | None:
    """The way in which all wrong shapes differ from the right ones, or None.

    Args:
        pairs: the expected and the actual value of each wrong case.
        lists: whether the question asks for lists instead of arrays.
    """
    if not all(isinstance(one, Array) and isinstance(other, Array) for one, other in pairs):
        return None
    shapes = [(one.shape, other.shape) for one, other in pairs]
    if lists:
        return _one_entry(shapes)
    rules = (_one_number, _in_one_row, _fixed_size, _turned, _axes_of_one, _other_number, _one_axis)
    return next(filter(None, (rule(shapes) for rule in rules)), None)


def _one_number(shapes: Shapes) -> Cause | None:
    if any(other != () for _, other in shapes):
        return None
    return Cause(
        "one number for all",
        "One number came back, where several were expected.",
        "Does the function hand back all that was asked for, or one entry of it?",
    )


def _one_entry(shapes: Shapes) -> Cause | None:
    if not all(len(other) == len(one) - 1 for one, other in shapes):
        return None
    if any(other for _, other in shapes):
        return Cause(
            "one row for a list of rows",
            "One row came back by itself, where a list of rows was expected.",
            "What does the line with `return` hand back: all rows, or one of them? Does it run after all "
            "loops have ended?",
        )
    return Cause(
        "one entry for a list",
        "A number came back by itself, where a list was expected. A list with one entry is a list, too.",
        "Is your number one entry of that list, or was it counted from the list? Print the list just before "
        "`return`.",
    )


def _in_one_row(shapes: Shapes) -> Cause | None:
    if not all(
        len(one) > 1 and len(other) == 1 and math.prod(one) == math.prod(other) for one, other in shapes
    ):
        return None
    expected, got = shapes[0]
    return Cause(
        "all numbers in one row",
        f"As many numbers as there should be, but all in one row: {expected} was expected, {got} came.",
        "Which line should make rows of them? Look at append, ravel, reshape.",
    )


def _fixed_size(shapes: Shapes) -> Cause | None:
    if any(len(one) != len(other) for one, other in shapes):
        return None
    expected, got = {one for one, _ in shapes}, {other for _, other in shapes}
    if len(got) > 1 or len(expected) < 2 or len(shapes) < 3:
        return None
    return Cause(
        "a size that stands in the code",
        f"The output has the shape {next(iter(got))} whatever comes in.",
        "Which size should be computed from the input, and stands in the code as a number?",
    )


def _turned(shapes: Shapes) -> Cause | None:
    if not all(sorted(one) == sorted(other) and len(one) > 1 for one, other in shapes):
        return None
    expected, got = shapes[0]
    return Cause(
        "axes in another order",
        f"The sizes are right, and stand in another order: {expected} was expected, {got} came.",
        "Which axis comes first in the question, and in which order does your code make them?",
    )


def _axes_of_one(shapes: Shapes) -> Cause | None:
    def without(shape: tuple[int, ...]) -> list[int]:
        return [size for size in shape if size != 1]

    if not all(without(one) == without(other) and len(one) != len(other) for one, other in shapes):
        return None
    expected, got = shapes[0]
    what = "is missing" if len(got) < len(expected) else "is too many"
    return Cause(
        "an axis of length 1",
        f"An axis of length 1 {what}: {expected} was expected, {got} came.",
        "Which line drops or adds an axis? Look at indices, squeeze, keepdims, reshape.",
    )


def _other_number(shapes: Shapes) -> Cause | None:
    counts = {(len(one), len(other)) for one, other in shapes}
    if len(counts) > 1:
        return None
    expected, got = next(iter(counts))
    if expected == got:
        return None
    return Cause(
        "another number of axes",
        f"The output should have {_axes(expected)}; it has {_axes(got)}.",
        "Which line drops or adds an axis? x[:, 0] drops one; x.max(axis=...) drops those that it is given.",
    )


def _axes(count: int) -> str:
    return f"{count or 'no'} {'axis' if count == 1 else 'axes'}"


def _one_axis(shapes: Shapes) -> Cause | None:
    """A single axis has the wrong length; it is the same axis on every input."""
    if any(len(one) != len(other) for one, other in shapes):
        return None
    wrong = {at for one, other in shapes for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b}
    lengths = {len(one) for one, _ in shapes}
    if len(wrong) != 1 or len(lengths) != 1 or lengths == {1} or len(shapes) < 2:
        return None
    (axis,) = wrong
    expected, got = shapes[0]
    return Cause(
        "one axis has another length",
        f"Only the length along axis {axis} is wrong (axes are counted from 0): {expected[axis]} was "
        f"expected, {got[axis]} came.",
        "Which line computes this length? Work it out by hand on this input.",
    )
