"""Find the input cells that one output of a stack of layers sees."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit.windows import Window

Layer = tuple[int, int, int]

GROUPS = (
    Group("one layer", 0.15),
    Group("a stack", 0.25),
    Group("padding", 0.25),
    Group("at the border", 0.35),
)


def _behind(output: int, n: int, layers: Sequence[Layer]) -> tuple[int, int]:
    """Follow every cell backward through poolkit's windows."""
    windows = [Window.of(k, s, ((p, p),), axes=1) for k, s, p in layers]
    sizes = [(n,)]
    for window in windows:
        sizes.append((window.output_size(sizes[-1])[0],))
    cells = {output}
    for window, size in zip(reversed(windows), reversed(sizes[:-1]), strict=True):
        cells = {cell for at in cells for (cell,) in window.taps((at,), size)}
    return min(cells), max(cells)


def _behind_cases(rng: np.random.Generator) -> list[Case]:
    single, stack, padding, border = (group.name for group in GROUPS)

    def draw(low: int, high: int) -> int:
        return int(rng.integers(low, high))

    m = draw(0, 4)
    return [
        Case(single, (draw(4, 7), 26, ((3, 2, 0),)), "kernel 3, stride 2"),
        Case(single, (draw(4, 7), 26, ((2, 3, 0),)), "kernel 2, stride 3"),
        Case(stack, (draw(1, 4), 30, ((3, 1, 0), (2, 2, 0))), "3 with stride 1, then 2 with stride 2"),
        Case(stack, (draw(1, 4), 40, ((2, 2, 0), (3, 1, 0))), "2 with stride 2, then 3 with stride 1"),
        Case(stack, (draw(1, 3), 60, ((3, 2, 0), (3, 2, 0), (2, 1, 0))), "three layers"),
        Case(
            padding,
            (draw(2, 5), 40, ((3, 1, 1), (3, 2, 1))),
            "padding 1 in both layers, far from the border",
        ),
        Case(
            padding,
            (draw(3, 5), 60, ((5, 2, 2), (2, 2, 0))),
            "padding 2 in the first layer, far from the border",
        ),
        Case(border, (0, 12, ((3, 1, 1), (3, 1, 1))), "the first output, padding 1 twice"),
        Case(border, (11, 12, ((3, 1, 1), (3, 1, 1))), "the last output, padding 1 twice"),
        Case(
            border, (3, 9, ((2, 2, 0), (3, 1, 1))), "the last output; the first layer never looks at cell 8"
        ),
        Case(
            border,
            (5 + m, 14 + 2 * m, ((3, 2, 0), (3, 1, 1))),
            "the last output; the first layer leaves a cell over",
        ),
        Case(
            border,
            (3 + m, 11 + 3 * m, ((2, 3, 1), (3, 1, 1))),
            "the last output; stride 3, a cell left over",
        ),
        Case(
            border,
            (3 + m, 9 + 3 * m, ((2, 3, 1), (3, 1, 1))),
            "the last output; half of a window in the padding",
        ),
        Case(
            border,
            (2 + m, 16 + 4 * m, ((3, 2, 0), (2, 2, 0), (3, 1, 1))),
            "the last output of three layers; cells are left over",
        ),
    ]


def _anywhere(rng: np.random.Generator) -> Case:
    """Draw layers in which each window sees a cell: no padding is as wide as its kernel."""
    size = n = int(rng.integers(1, 25))
    layers: list[Layer] = []
    for _ in range(rng.integers(1, 5)):
        k, s = int(rng.integers(1, 5)), int(rng.integers(1, 4))
        p = int(rng.integers(k))
        if size + 2 * p >= k:
            layers.append((k, s, p))
            size = (size + 2 * p - k) // s + 1
    return Case(GROUPS[0].name, (int(rng.integers(size)), n, tuple(layers)))


_FIRST, _LAST = "first * s - p", "last * s - p + k - 1"

MISTAKES = (
    Mistake(
        "layers_not_reversed",
        "The layers were walked from the input on. The way leads back from the output.",
        "Which layer made the output that you start from?",
        (
            (
                "in zip(reversed(layers), reversed(sizes[:-1]), strict=True)",
                "in zip(layers, reversed(sizes[:-1]), strict=True)",
            ),
        ),
    ),
    Mistake(
        "start_not_times_stride",
        "The strides are missing: each step back moves by the kernel alone.",
        "At which cell does window number 3 start if the stride is 2?",
        ((_FIRST, "first - p"), (_LAST, "last - p + k - 1")),
    ),
    Mistake(
        "end_not_included",
        "The last cell is one too far in each layer.",
        "Which is the last of 3 cells that start at cell 4?",
        ((_LAST, "last * s - p + k"),),
    ),
    Mistake(
        "padding_not_taken_off",
        "All cells lie too far to the right: the padding was not taken off.",
        "Where does the first window start if there is padding?",
        ((_FIRST, "first * s"), (_LAST, "last * s + k - 1")),
    ),
    Mistake(
        "cells_that_are_not_there",
        "The answer names cells outside of the input.",
        "Which cells does a row of 12 have?",
        (
            ("max(first * s - p, 0)", "first * s - p"),
            ("min(last * s - p + k - 1, size - 1)", "last * s - p + k - 1"),
        ),
    ),
    Mistake(
        "clipped_at_the_end_only",
        "Cells were cut off at the input alone. A cell of the padding between two layers sees nothing "
        "either.",
        "The first layer has outputs 0 to 3. What would its output 4 see?",
        (("size - 1)", "size - 1 if size == n else last * s - p + k - 1)"),),
    ),
    Mistake(
        "one_layer_only",
        "Only the last layer was walked back.",
        "What does a cell of the layer before stand for?",
        (
            (
                "zip(reversed(layers), reversed(sizes[:-1]), strict=True)",
                "zip(layers[-1:], sizes[-2:-1], strict=True)",
            ),
        ),
    ),
)

QUESTION = Question(
    place=__file__,
    title="What lies behind an output",
    task="Find the inputs behind one output of a stack, border and all",
    name="cells_behind",
    points=4,
    library="numpy",
    groups=GROUPS,
    draw=_behind_cases,
    anywhere=_anywhere,
    reference=_behind,
    mistakes=MISTAKES,
    hints=(
        (
            "One output of the last layer sees a few cells of the layer before. Each of those cells sees "
            "a few cells of the layer before that one."
        ),
        (
            "You need the first and the last cell only. From the last layer to the first: where does the "
            "window of the first cell start, and where does the window of the last cell end?"
        ),
        (
            "Going back through a layer, the first cell becomes first * s - p and the last one last * s "
            "- p + k - 1. Limit both to the cells of that layer's own input before you go on: for that "
            "you need the sizes."
        ),
    ),
    loose=True,
)
