"""15.5, the capstone: a net that keeps to a budget and whose answer a shift by one pixel does not change."""

from __future__ import annotations

from typing import Any

import numpy as np

from poolgrader.calls.values import Plain
from poolgrader.questions.mutants import plain
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

from ..nets import measure

Layers = tuple[tuple[Any, ...], ...]
NET, PARAMETERS, MULTIPLICATIONS, RESOLUTION, SHIFT = (
    "a net with ten answers",
    "parameters",
    "multiplications",
    "resolution",
    "one pixel",
)
SIZES = {"conv": 1, "max": 2, "average": 2, "blur": 1, "polyphase": 1, "global": 0, "linear": 1}
MOST_LAYERS, MOST_CHANNELS, UNCHANGED = 12, 32, 1e-6


def _redesign(
    side: int, first: int, second: int, cells: int, parameters: int, multiplications: int
) -> Layers:
    step = side // cells
    return (
        ("conv", first),
        ("polyphase", step),
        ("conv", second),
        ("global",),
        ("linear", 10),
    )


def _cases(rng: np.random.Generator) -> list[Case]:
    cases: list[Case] = []
    for side, halvings in ((16, 1), (32, 1), (32, 2)):
        # No number of channels equals a step or a side: an answer that confuses them is wrong with every
        # seed.
        first, second = int(rng.integers(5, 7)), int(rng.integers(11, 16))
        cells = side >> halvings
        image = rng.normal(size=(1, side, side))
        used, multiplied, _, _ = measure(_redesign(side, first, second, cells, 0, 0), image)
        budget = (int(1.3 * used), int(1.3 * multiplied))
        note = f"{side} by {side} pixels, {first} and {second} channels"
        asked = arrays(side, first, second, cells, *budget)
        groups = (NET, PARAMETERS, MULTIPLICATIONS, RESOLUTION, SHIFT)
        cases += [
            Case(group, asked, note, hidden=(group, image, (first, second), cells, budget))
            for group in groups
        ]
    return cases


def _read(value: Plain, side: int, channels: tuple[int, int]) -> Layers | str:
    """The layers, or what is wrong with them as a net."""
    layers = plain(value)
    if not isinstance(layers, tuple) or not all(isinstance(layer, tuple) and layer for layer in layers):
        return "A list of layers was asked for, each a tuple that starts with its kind."
    if not 1 <= len(layers) <= MOST_LAYERS:
        return f"The net has no layer, or more than {MOST_LAYERS}."
    planes = side
    convs: list[int] = []
    for number, (kind, *sizes) in enumerate(layers):
        if not isinstance(kind, str) or kind not in SIZES or len(sizes) != SIZES[kind]:
            return "One of the layers is not one that the question lists, or has too few or too many numbers."
        if any(type(size) is not int or not 1 <= size <= MOST_CHANNELS for size in sizes):
            return f"The numbers of a layer are whole ones from 1 to {MOST_CHANNELS}."
        if (kind == "linear") != (number == len(layers) - 1):
            return "The last layer must be linear, and no other layer may be."
        if planes == 0 and kind != "linear":
            return "After a global pooling there are no planes any more: only a linear layer can follow."
        step = sizes[-1] if kind in ("max", "average", "blur", "polyphase") else 1
        if step > 1 and planes % step:
            return "A stride must divide the side of the planes that it meets."
        planes = 0 if kind == "global" else planes // step
        convs += sizes if kind == "conv" else []
    if layers[-1] != ("linear", 10):
        return "Ten answers were asked for."
    if len(convs) < 2 or convs[0] < channels[0] or convs[1] < channels[1]:
        return "The net needs two convolutions with as many channels as were asked for."
    return layers


def _accepts(case: Case, value: Plain) -> str:
    group, image, channels, cells, (parameters, multiplications) = case.hidden
    layers = _read(value, image.shape[1], channels)
    if isinstance(layers, str):
        return layers
    used, multiplied, change, seen = measure(layers, image, seed=15)
    if group == PARAMETERS and used > parameters:
        return "The net has more parameters than the budget allows."
    if group == MULTIPLICATIONS and multiplied > multiplications:
        return "The net multiplies more often than the budget allows."
    if group == RESOLUTION and seen[1] < cells:
        return "The second convolution sees fewer cells along a side than were asked for."
    if group == SHIFT and change > UNCHANGED:
        return f"The answer of the net changes if the image moves by one pixel. {_why(layers)}"
    return ""


def _why(layers: Layers) -> str:
    """Name the first layer whose output depends on where things are in the image."""
    for kind, *sizes in layers:
        if kind in ("max", "average", "blur") and sizes[-1] > 1:
            return f"Look at its layer {kind!r}, which decides by place which cells it leaves out."
    return "Look at its last layer, which has a weight for each place."


_FIRST = '("max", 2, 1), ("polyphase", step)'
_END = '("global",), ("linear", 10)'

MISTAKES = (
    Mistake(
        "max_with_a_stride",
        "The planes are made smaller by max pooling with a stride. It keeps every second window, and a shift "
        "by one pixel brings others.",
        "Which pooling of chapter 8 chooses what it keeps by the values, and not by the place?",
        ((_FIRST, '("max", 2, step)'),),
    ),
    Mistake(
        "average_with_a_stride",
        "The planes are made smaller by average pooling with a stride. That dampens the change by a shift, "
        "and does not end it.",
        "Which pooling of chapter 8 chooses what it keeps by the values, and not by the place?",
        ((_FIRST, '("average", 2, step)'),),
    ),
    Mistake(
        "blurred",
        "The planes were blurred before cells were left out. That makes the change by a shift small, and not "
        "zero.",
        "Which pooling of chapter 8 is consistent exactly?",
        ((_FIRST, '("max", 2, 1), ("blur", step)'),),
    ),
    Mistake(
        "flattened",
        "The last planes were strung together for the linear layer: it has weights for each place, and many "
        "of them.",
        "Which pooling leaves one number of each channel, wherever things stand?",
        ((_END, '("linear", 10)'),),
    ),
    Mistake(
        "never_smaller",
        "No layer makes the planes smaller, and the second convolution multiplies at every pixel.",
        "How many multiplications does the second convolution save if its planes have half the side?",
        ((_FIRST, '("max", 2, 1)'),),
    ),
    Mistake(
        "too_small_too_early",
        "The planes are smaller than asked for before the second convolution sees them.",
        "By which factor may the side shrink before the second convolution?",
        ((_FIRST, '("max", 2, 1), ("polyphase", 2 * step)'),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Capstone: a net for a budget",
    task="Capstone: choose the poolings of a net for a budget",
    name="redesign",
    points=5,
    library="numpy",
    groups=(
        Group(NET, 0.1),
        Group(PARAMETERS, 0.15),
        Group(MULTIPLICATIONS, 0.15),
        Group(RESOLUTION, 0.1),
        Group(SHIFT, 0.5),
    ),
    draw=_cases,
    reference=_redesign,
    mistakes=MISTAKES,
    hints=(
        (
            "Three aims conflict. The parameters depend on what comes before the linear layer, the "
            "multiplications on the second convolution, and the effect of a shift on every layer that leaves "
            "cells out."
        ),
        (
            "A global pooling before the linear layer needs the fewest parameters and does not depend on "
            "where things are. Between the convolutions, make planes smaller by side // cells, and no more."
        ),
        (
            "conv, then a maximum at stride 1 if you like, then polyphase with the stride side // cells, "
            "conv, global, linear. Polyphase keeps the phase with the largest values, so it moves along "
            "with the image."
        ),
    ),
    accepts=_accepts,
    shrinks=(),
)
