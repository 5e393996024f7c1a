"""0.4, the transfer question: read an array out of memory, given an offset, a shape and strides."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, positive, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

Generator = np.random.Generator
Array = NDArray[Any]

GROUPS = (
    Group("rows and columns", 0.35),
    Group("backwards, and on the spot", 0.35),
    Group("other numbers of axes", 0.3),
)


def _read_memory(memory: Array, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> Array:
    """Compute the places as sums of index ranges, which share nothing with a loop over cells."""
    places = np.full(shape, offset)
    for axis, (length, stride) in enumerate(zip(shape, strides, strict=True)):
        along = [1] * len(shape)
        along[axis] = length
        places = places + (np.arange(length) * stride).reshape(along)
    return np.asarray(memory[places])


def _memory_cases(rng: Generator) -> list[Case]:
    plane, back, axes = (group.name for group in GROUPS)
    a, b = int(rng.integers(2, 7)), int(rng.integers(11, 15))
    whole = rng.permutation(120)

    def read(offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> Any:
        return arrays(positive(rng, 120), offset, shape, strides)

    return [
        Case(plane, read(a, (3, 4), (4, 1)), "rows one after the other"),
        Case(plane, read(a, (4, 3), (1, b)), "columns one after the other"),
        Case(plane, arrays(whole, a, (3, 5), (b, 2)), "whole numbers, every second cell of a row"),
        Case(plane, arrays(tenths(rng, 120), a, (3, 4), (4, 1)), "values below zero"),
        Case(back, read(60 + a, (3, 4), (b, -1)), "a row read backwards"),
        Case(back, read(100 + a, (4, 3), (-b, -2)), "both axes backwards"),
        Case(back, read(a, (3, 4), (0, b - 8)), "a row again and again"),
        Case(axes, read(a, (6,), (b,)), "one axis"),
        Case(axes, read(a, (2, 3, 4), (b + 13, b - 9, 1)), "three axes"),
        Case(axes, read(90 + a, (2, 2, 2, 2), (-32, 2, -b, 1)), "four axes"),
    ]


def _anywhere(rng: Generator) -> Case:
    axes = int(rng.integers(1, 5))
    shape, strides = rng.integers(1, 5, size=axes), rng.integers(-9, 10, size=axes)
    ends = (shape - 1) * strides
    offset = int(rng.integers(5)) - int(ends[ends < 0].sum())
    length = offset + int(ends[ends > 0].sum()) + 1 + int(rng.integers(5))
    memory = anything(rng, length)
    if abs(memory).max() < 1e4:
        memory = memory.astype(rng.choice(["float64", "float32", "int64", "int8", "bool"]))
    return Case(GROUPS[0].name, arrays(memory, offset, tuple(shape.tolist()), tuple(strides.tolist())))


_STEP = "place += i * s"

MISTAKES = (
    Mistake(
        "offset_ignored",
        "The array begins with the first number of the memory, not with the one at the offset.",
        "Which number is at index (0, 0)?",
        (("place = offset", "place = 0"),),
    ),
    Mistake(
        "strides_ignored",
        "The numbers were read one after the other, row by row. That is one choice of strides, not the one "
        "given.",
        "How far is it from one row to the next?",
        (
            (
                "zip(index, strides, strict=True)",
                "zip(index, np.cumprod((1, *shape[:0:-1]))[::-1], strict=True)",
            ),
        ),
    ),
    Mistake(
        "strides_turned_around",
        "The strides were used from the last axis to the first.",
        "To which axis does strides[0] belong?",
        (("zip(index, strides, strict=True)", "zip(index, strides[::-1], strict=True)"),),
    ),
    Mistake(
        "last_axis_alone",
        "Only the last axis moves the place: the steps of the others are lost.",
        "Do the steps of two axes add up, or does one replace the other?",
        ((_STEP, "place = offset + i * s"),),
    ),
    Mistake(
        "signs_lost",
        "A negative stride was taken for a positive one.",
        "In which direction does a stride of -1 read?",
        ((_STEP, "place += i * abs(s)"),),
    ),
    Mistake(
        "taken_for_bytes",
        "The strides were taken for bytes and divided by the size of a number. Here they count numbers.",
        "If one step is one number, how far is stride 8?",
        ((_STEP, "place += i * int(s / memory.itemsize)"),),
    ),
    Mistake(
        "dtype_lost",
        "The values are right, but whole numbers came out as floats.",
        "Where is the output made, and which dtype does it get there?",
        (("dtype=memory.dtype", "dtype=float"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Read memory by a rule",
    task="Read an array out of memory, by a rule that you receive as arguments",
    name="read_memory",
    points=2,
    library="numpy",
    groups=GROUPS,
    draw=_memory_cases,
    anywhere=_anywhere,
    reference=_read_memory,
    mistakes=MISTAKES,
    hints=(
        "An index says how many steps to take along each axis; the stride says how long each step is.",
        (
            "The number at index (i, j) is at offset + i * strides[0] + j * strides[1] in the memory. "
            "Each further axis adds such a term."
        ),
        (
            "np.ndindex(*shape) gives every index of the output in turn. For each, start at the offset and "
            "add index times stride, axis by axis, with zip."
        ),
    ),
    shrinks=(),
)
