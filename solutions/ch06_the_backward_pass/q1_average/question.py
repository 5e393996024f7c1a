"""Write the backward pass of average pooling."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, positive, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit import reference
from poolkit.windows import Window

from ...planes import a_length, a_number, a_pair

Generator = np.random.Generator
Array = NDArray[Any]

SIDE_BY_SIDE, OVERLAP, STRIDE, PADDING, RECTANGLES = (
    "windows side by side",
    "windows that overlap",
    "windows apart",
    "padding",
    "rectangular windows",
)


def _backward(
    grad_output: Array,
    input_size: tuple[int, int],
    kernel_size: tuple[int, int],
    stride: int,
    padding: int,
) -> Array:
    return reference.avg_pool_backward(grad_output, input_size, Window.of(kernel_size, stride, padding))


def whole(rng: Generator, *shape: int) -> Array:
    """Return distinct whole numbers above zero, as floats: such gradients show where each of them went."""
    return positive(rng, *shape) - 0.5


def _cases(rng: Generator) -> list[Case]:
    def case(
        group: str,
        planes: tuple[int, int],
        size: tuple[int, int],
        k: Any,
        s: int,
        p: int,
        note: str,
        sent: Any = whole,
    ) -> Case:
        window = Window.of(k, s, p)
        gradient = sent(rng, *planes, *window.output_size(size))
        return Case(group, arrays(gradient, size, window.kernel, s, p), note)

    return [
        case(SIDE_BY_SIDE, (1, 1), (2, 4), 2, 2, 0, "two windows, 2 by 2, stride 2"),
        case(SIDE_BY_SIDE, (2, 3), (4, 6), 2, 2, 0, "two images, three channels"),
        case(SIDE_BY_SIDE, (1, 1), (4, 6), 2, 2, 0, "gradients below zero", tenths),
        case(OVERLAP, (1, 1), (3, 3), 2, 1, 0, "2 by 2, stride 1: the middle cell is in four windows"),
        case(OVERLAP, (1, 2), (6, 6), 3, 1, 0, "3 by 3, stride 1"),
        case(STRIDE, (1, 1), (7, 8), 2, 3, 0, "2 by 2, stride 3: some cells are in no window"),
        case(PADDING, (1, 1), (4, 4), 3, 3, 1, "3 by 3, stride 3, padding 1"),
        case(PADDING, (1, 2), (8, 8), 2, 2, 1, "2 by 2, stride 2, padding 1"),
        case(RECTANGLES, (1, 1), (6, 11), (2, 3), 3, 0, "kernel (2, 3), stride 3"),
        case(RECTANGLES, (1, 1), (11, 6), (3, 2), 3, 0, "kernel (3, 2), stride 3"),
    ]


def any_window(rng: Generator) -> tuple[tuple[int, int, int, int], tuple[int, int], int, int]:
    """Draw a batch's shape, and a kernel, a stride and a padding (up to half of the kernel) that fit it."""
    kernel_size, stride = a_pair(rng, 1, 6), a_number(rng, 1, 6)
    padding = a_number(rng, 0, min(kernel_size) // 2)
    h, w = (a_length(rng, k, stride, 2 * padding) for k in kernel_size)
    return (*a_pair(rng, 1, 2), h, w), kernel_size, stride, padding


def _any_gradient(rng: Generator) -> Case:
    shape, kernel_size, stride, padding = any_window(rng)
    size = Window.of(kernel_size, stride, padding).output_size(shape[2:])
    return Case(PADDING, arrays(anything(rng, *shape[:2], *size), shape[2:], kernel_size, stride, padding))


_SHARE = "/ (kh * kw)"
_ADD = "grad_input[:, :, row, column] += share"
_INSIDE = "if 0 <= row < h and 0 <= column < w:"
_LOOP = """            for u in range(kh):
                for v in range(kw):
                    row, column = i * stride + u - padding, j * stride + v - padding
                    if 0 <= row < h and 0 <= column < w:
                        grad_input[:, :, row, column] += share
"""
_SLICE = """            top, left = i * stride - padding, j * stride - padding
            grad_input[:, :, top : top + kh, left : left + kw] += share[:, :, None, None]
"""

MISTAKES = (
    Mistake(
        "assigned",
        "Where windows overlap, only one of them left its share. That is what `=` gives in place of `+=`.",
        "How many outputs does the middle cell of a 3 by 3 plane reach, with 2 by 2 windows and stride 1?",
        ((_ADD, "grad_input[:, :, row, column] = share"),),
    ),
    Mistake(
        "not_divided",
        "Every cell got the whole gradient of its output. It was not divided.",
        "If one cell of four grows by 1, by how much does their mean grow?",
        ((_SHARE, ""),),
    ),
    Mistake(
        "divided_once",
        "The gradient was divided by the window's rows alone, not by the number of its cells.",
        "How many cells does a window of 2 by 3 hold?",
        ((_SHARE, "/ kh"),),
    ),
    Mistake(
        "divided_by_real_cells",
        "At the border the gradient was divided by the cells that lie in the plane. The question counts the "
        "padding too.",
        "By what was the forward pass told to divide a window that hangs over the border?",
        (
            (
                _SHARE,
                (
                    "/ ((min(i * stride + kh - padding, h) - max(i * stride - padding, 0)) "
                    "* (min(j * stride + kw - padding, w) - max(j * stride - padding, 0)))"
                ),
            ),
        ),
    ),
    Mistake(
        "one_cell_only",
        "All of the gradient went to the upper left cell of each window.",
        "Which cells does a mean depend on?",
        ((_SHARE, ""), (_INSIDE, _INSIDE.replace(":", " and u == v == 0:"))),
    ),
    Mistake(
        "stride_forgotten",
        "The windows were put back one cell apart, whatever the stride.",
        "With stride 2, at which row does the second window start?",
        (("i * stride + u", "i + u"), ("j * stride + v", "j + v")),
    ),
    Mistake(
        "padding_forgotten",
        "Everything lies too far down and to the right, by the padding.",
        "Where does the first window start, counted in rows of the input?",
        (("+ u - padding", "+ u"), ("+ v - padding", "+ v")),
    ),
    Mistake(
        "into_the_padding",
        "Shares of cells in the padding turned up at the other side of the plane. That is where index -1 "
        "leads in Python.",
        "What does grad_input[..., -1] mean to numpy, and what did you mean?",
        ((_INSIDE, "if row < h and column < w:"),),
    ),
    Mistake(
        "border_not_asked",
        "Windows that hang over the border lead to an error below or to the right. Above and to the left "
        "they raise nothing: there index -1 is the last row, and the gradient lands on the other side.",
        "Before you add to a row and a column, what must you ask of them?",
        ((_INSIDE, "if True:"),),
    ),
    Mistake(
        "slice_below_zero",
        "Windows that begin in the padding left nothing. A slice that starts at -1 starts at the last cell.",
        "Which cells does np.arange(4)[-1:2] hold, and where should the slice begin?",
        ((_LOOP, _SLICE),),
    ),
    Mistake(
        "sign",
        "Every number has the wrong sign.",
        "If an input grows, does the mean grow or shrink?",
        ((_ADD, "grad_input[:, :, row, column] -= share"),),
    ),
    Mistake(
        "kernel_axes_swapped",
        "Height and width of the window are exchanged.",
        "Which entry of kernel_size belongs to the rows?",
        (("kh, kw = kernel_size", "kw, kh = kernel_size"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Average pooling, backward",
    task="Send gradients back through average pooling",
    name="avg_pool2d_backward",
    points=3,
    library="numpy",
    groups=(
        Group(SIDE_BY_SIDE, 0.2),
        Group(OVERLAP, 0.3),
        Group(STRIDE, 0.1),
        Group(PADDING, 0.2),
        Group(RECTANGLES, 0.2),
    ),
    draw=_cases,
    anywhere=_any_gradient,
    reference=_backward,
    mistakes=MISTAKES,
    hints=(
        (
            "If one input grows by a little, which outputs grow, and by how much each? Add up these "
            "growths, each weighted with the gradient of its output."
        ),
        (
            "Loop over the outputs, as in the forward pass. Where the forward pass reads a cell, the "
            "backward pass adds to it."
        ),
        (
            "Start from zeros of shape (n, c, h, w). For output (i, j) and tap (u, v) the cell is row i * "
            "stride + u - padding, column j * stride + v - padding. If it lies in the plane, add the "
            "output's gradient divided by kh * kw."
        ),
    ),
    shrinks=(),
)
