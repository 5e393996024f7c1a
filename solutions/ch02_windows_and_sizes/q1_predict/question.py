"""Predict four sizes on paper."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit.windows import Window

SETTINGS = {  # cells, kernel, stride, padding
    "kernel 3, stride 1": (6, 3, 1, 0),
    "kernel 3, stride 1, padding 1": (9, 3, 1, 1),
    "kernel 3, stride 2, padding 1": (9, 3, 2, 1),
    "kernel 3, stride 3": (8, 3, 3, 0),
}


def _predict() -> list[int]:
    return [Window.of(k, s, p, axes=1).output_size((n,))[0] for n, k, s, p in SETTINGS.values()]


def _predict_cases(rng: np.random.Generator) -> list[Case]:
    return [
        Case(name, part=(index,), note=f"the number of outputs of a row of {n} cells with {name}")
        for index, (name, (n, *_)) in enumerate(SETTINGS.items())
    ]


_PREDICTED = "[4, 9, 5, 2]"

MISTAKES = (
    Mistake(
        "no_plus_one",
        "Every row is one output short: these are the steps between windows, not the windows.",
        "A window that just fits takes no step. How many windows is that?",
        ((_PREDICTED, "[3, 8, 4, 1]"),),
    ),
    Mistake(
        "padding_once",
        "The padding was counted on one side only.",
        "How many cells does padding 1 add to a row in all?",
        ((_PREDICTED, "[4, 8, 4, 2]"),),
    ),
    Mistake(
        "padding_ignored",
        "These are the sizes without padding.",
        "How long is the row of 9 cells after padding?",
        ((_PREDICTED, "[4, 7, 4, 2]"),),
    ),
    Mistake(
        "rounded_up",
        "The last row has an output for a window that hangs over the end.",
        "Where would the third window of the last row start, and which cells would it need?",
        ((_PREDICTED, "[4, 9, 5, 3]"),),
    ),
    Mistake(
        "stride_ignored",
        "These are the sizes with stride 1.",
        "How many cells lie between the starts of two neighbouring windows?",
        ((_PREDICTED, "[4, 9, 9, 6]"),),
    ),
    Mistake(
        "length_over_stride",
        "These are the lengths divided by the stride, rounded up. The kernel plays no part in them.",
        "Can a window of 3 start at the last cell of a row that has no padding?",
        ((_PREDICTED, "[6, 9, 5, 3]"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Predict",
    task="Predict four sizes",
    name="predict",
    points=2,
    library="numpy",
    groups=tuple(Group(name, 0.25) for name in SETTINGS),
    draw=_predict_cases,
    reference=_predict,
    mistakes=MISTAKES,
    hints=(
        "Put the first window down, then count how often you can move it before it hangs over the end.",
        "Padding 1 makes a row of 9 cells 11 long. What is left after the first window has taken its 3?",
        (
            "First row: the windows start at cells 0, 1, 2 and 3. Last row: they start at 0 and 3, and two "
            "cells are left."
        ),
    ),
    loose=True,
)
