"""Write the backward pass of max pooling; of equal values, the first one wins."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, far_below, negative, positive, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit import reference
from poolkit.windows import Window

from ..q1_average.question import any_window, whole

Generator = np.random.Generator
Array = NDArray[Any]

SIDE_BY_SIDE, OVERLAP, TIES, PADDING, RECTANGLES = (
    "windows side by side",
    "windows that overlap",
    "ties",
    "padding",
    "rectangular windows",
)


def _backward(grad_output: Array, x: Array, kernel_size: tuple[int, int], stride: int, padding: int) -> Array:
    return reference.max_pool_backward(grad_output, x, Window.of(kernel_size, stride, padding))


def _with_peak(rng: Generator, *shape: int) -> Array:
    """Return distinct values with the greatest in the middle: it wins every window that sees it."""
    x = positive(rng, *shape)
    x[..., shape[-2] // 2, shape[-1] // 2] = 2.0 * x.size
    return x


def _cases(rng: Generator) -> list[Case]:
    def case(group: str, x: Array, k: Any, s: int, p: int, note: str, sent: Any = whole) -> Case:
        window = Window.of(k, s, p)
        gradient = sent(rng, *x.shape[:2], *window.output_size(x.shape[2:]))
        return Case(group, arrays(gradient, x, window.kernel, s, p), note)

    # Two equal greatest values in each window, on its falling diagonal or on its rising one.
    pairs = np.tile([[1.0, 5.0, 5.0, 1.0], [5.0, 1.0, 1.0, 5.0]], (2, 1))[None, None]
    layered = positive(rng, 2, 3, 4, 4)
    return [
        case(SIDE_BY_SIDE, positive(rng, 1, 1, 2, 4), 2, 2, 0, "two windows, 2 by 2, stride 2"),
        case(SIDE_BY_SIDE, layered, 2, 2, 0, "two images, three channels"),
        case(SIDE_BY_SIDE, positive(rng, 1, 1, 4, 6), 2, 2, 0, "gradients below zero", tenths),
        case(SIDE_BY_SIDE, positive(rng, 1, 1, 6, 8) / 64, 2, 2, 0, "values between 0 and 1"),
        case(OVERLAP, _with_peak(rng, 1, 1, 3, 3), 2, 1, 0, "one winner shared by four windows"),
        case(OVERLAP, _with_peak(rng, 1, 2, 5, 5), 3, 1, 0, "one winner shared by nine windows"),
        case(OVERLAP, positive(rng, 1, 2, 6, 6), 2, 1, 0, "windows that overlap and have other winners"),
        case(TIES, np.full((1, 1, 2, 2), 3.0), 2, 2, 0, "one window of equal values"),
        case(TIES, pairs, 2, 2, 0, "two equal greatest values in each window"),
        case(PADDING, negative(rng, 1, 1, 4, 4), 3, 3, 1, "all negative, 3 by 3, stride 3, padding 1"),
        case(PADDING, negative(rng, 1, 2, 8, 8), 2, 2, 1, "all negative, 2 by 2, stride 2, padding 1"),
        case(PADDING, far_below(rng, 2, 1, 8, 8), 3, 3, 1, "every value is below -1e299, padding 1"),
        case(PADDING, negative(rng, 1, 1, 5, 9), 6, 1, 3, "all negative, 6 by 6, padding 3"),
        case(RECTANGLES, positive(rng, 2, 3, 6, 9), (2, 3), 3, 0, "kernel (2, 3), stride 3"),
        case(RECTANGLES, positive(rng, 2, 3, 9, 7), (3, 2), 3, 0, "kernel (3, 2), stride 3"),
    ]


def _any_plane(rng: Generator) -> Case:
    """Draw any floats, with ties or without, and any window."""
    shape, kernel_size, stride, padding = any_window(rng)
    sent = 10.0 * rng.normal(
        size=(*shape[:2], *Window.of(kernel_size, stride, padding).output_size(shape[2:]))
    )
    return Case(PADDING, arrays(sent, anything(rng, *shape), kernel_size, stride, padding))


_FIND = "u, v = np.unravel_index(window.argmax(), window.shape)"
_PUT = "grad_padded[image, channel, i * stride + u, j * stride + v] += grad_output[image, channel, i, j]"
_HERE = "grad_padded[image, channel, i * stride : i * stride + kh, j * stride : j * stride + kw] += "
_TIES = (_FIND, "tied = window == window.max()")

MISTAKES = (
    Mistake(
        "assigned",
        "A cell that wins several windows kept the gradient of one. That is what `=` gives in place of `+=`.",
        "How many outputs change if the greatest cell of a plane grows?",
        (("v] += grad_output", "v] = grad_output"),),
    ),
    Mistake(
        "tie_to_all",
        "Each of several equal winners got the whole gradient, so more came back than was sent.",
        "How much gradient leaves one output, and how much may arrive?",
        (_TIES, (_PUT, _HERE + "tied * grad_output[image, channel, i, j]")),
    ),
    Mistake(
        "tie_split",
        "Equal winners shared the gradient. That is what amax does; the question sends it to the first "
        "alone.",
        "Which one does torch's max pooling choose, and does your mask choose at all?",
        (_TIES, (_PUT, _HERE + "tied * grad_output[image, channel, i, j] / tied.sum()")),
    ),
    Mistake(
        "tie_last",
        "Of equal winners the last one got the gradient. That is what `>=` gives in place of `>`.",
        "In a search from the upper left, when does a later value replace an earlier one?",
        ((_FIND, "u, v = np.unravel_index(window.size - 1 - window[::-1, ::-1].argmax(), window.shape)"),),
    ),
    Mistake(
        "every_cell",
        "Every cell of a window got the gradient, winner or not.",
        "If a cell that is not the greatest grows a little, what happens to the maximum?",
        (_TIES, (_PUT, _HERE + "grad_output[image, channel, i, j]")),
    ),
    Mistake(
        "shared_as_an_average",
        "Every cell of a window got an equal share. That is the backward pass of an average.",
        "Which single cell of the window does its maximum depend on?",
        (_TIES, (_PUT, _HERE + "grad_output[image, channel, i, j] / window.size")),
    ),
    Mistake(
        "stride_forgotten",
        "The winners were found in the right windows and put back as if windows lay one cell apart.",
        "In which row of the plane does row u of window i stand?",
        (("i * stride + u, j * stride + v", "i + u, j + v"),),
    ),
    Mistake(
        "window_forgotten",
        "All gradients lie in the upper left corner: the winner's place in its window was taken for its "
        "place in the plane.",
        "In which row of the plane does row u of window i stand?",
        (("i * stride + u, j * stride + v", "u, v"),),
    ),
    Mistake(
        "padding_forgotten",
        "Everything lies too far down and to the right, by the padding.",
        "Which part of the padded plane is the plane itself?",
        (
            (
                "return grad_padded[:, :, padding : padding + h, padding : padding + w]",
                "return grad_padded[:, :, :h, :w]",
            ),
        ),
    ),
    Mistake(
        "into_the_padding",
        "Where every input is negative, gradients at the border got lost: the padding won. That is what "
        "padding with 0 gives.",
        "Which value can never win a maximum?",
        (("-np.inf", "0.0"),),
    ),
    Mistake(
        "gradient_ignored",
        "Every winner got 1, whatever the gradient of its output was.",
        "Where does grad_output enter?",
        (("+= grad_output[image, channel, i, j]", "+= 1.0"),),
    ),
    Mistake(
        "times_the_value",
        "Every winner got the gradient times its own value.",
        "If the winner grows by 1, by how much does the maximum grow?",
        (("+= grad_output[image, channel, i, j]", "+= grad_output[image, channel, i, j] * window[u, v]"),),
    ),
    Mistake(
        "sign",
        "Every number has the wrong sign.",
        "If the winner grows, does the maximum grow or shrink?",
        (("v] += grad_output", "v] -= grad_output"),),
    ),
    Mistake(
        "channels_mixed",
        "The gradients of all channels lie in the first one.",
        "Which channel's plane does the window of channel 1 come from?",
        (("grad_padded[image, channel, i", "grad_padded[image, 0, i"),),
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
    title="Max pooling, backward",
    task="Send them back through max pooling: overlap, ties, padding",
    name="max_pool2d_backward",
    points=4,
    library="numpy",
    groups=(
        Group(SIDE_BY_SIDE, 0.2),
        Group(OVERLAP, 0.25),
        Group(TIES, 0.25),
        Group(PADDING, 0.2),
        Group(RECTANGLES, 0.1),
    ),
    draw=_cases,
    anywhere=_any_plane,
    tolerance=1e-9,  # for the gradients: values of x may be far larger
    reference=_backward,
    mistakes=MISTAKES,
    hints=(
        "A maximum depends on one cell: its winner. The whole gradient of an output goes to that cell.",
        (
            "Walk over the outputs as in the forward pass. Ask each window for the place of its first "
            "greatest value, not for the value."
        ),
        (
            "Pad x with -np.inf and make zeros of the same shape. window.argmax() counts along the rows and "
            "gives the first winner; np.unravel_index turns it into a row and a column of the window. Add "
            "the window's start, add the gradient, cut the padding off."
        ),
    ),
    shrinks=(),
)
