"""Correlate a plane with a filter."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, positive, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit.windows import Window

from ...outlines import OutlinedWindow

Generator = np.random.Generator
Array = NDArray[Any]


def _correlate(x: Array, kernel: Array) -> Array:
    """Correlate through poolkit's list of taps: the input cells that a window sees, in row-major order."""
    window = Window.of(kernel.shape, stride=1)
    y = np.empty(window.output_size(x.shape))
    for index in np.ndindex(y.shape):
        taps = window.taps(index, x.shape)
        y[index] = sum(float(x[tap]) * float(k) for tap, k in zip(taps, kernel.flat, strict=True))
    return y


def _correlate_cases(rng: Generator) -> list[Case]:
    along, down = np.array([[1, -1]]), np.array([[1], [-1]])
    lecture = np.tile([1, 1, 0, 0, 0], (4, 1))
    photo = rng.permutation(256)[:42].reshape(6, 7).astype(np.uint8)  # raw pixels: 0 to 255, unsigned
    rows, columns, planes, pixels = (group.name for group in GROUPS)
    return [
        Case(rows, arrays(lecture, along), "the lecture's image, 4 rows of 5, and its edge filter"),
        Case(rows, arrays(positive(rng, 5, 6), along), "the filter [[1, -1]]"),
        Case(rows, arrays(tenths(rng, 5, 6), along), "values below zero"),
        Case(
            rows,
            arrays(positive(rng, 5, 7), np.array([[1.0, 3.3, -2.1]])),
            "a filter of 1 row and 3 columns",
        ),
        Case(columns, arrays(positive(rng, 6, 5), down), "the filter [[1], [-1]]"),
        Case(
            columns,
            arrays(positive(rng, 7, 5), np.array([[1.0], [3.3], [-2.1]])),
            "a filter of 3 rows and 1 column",
        ),
        Case(planes, arrays(positive(rng, 6, 5), positive(rng, 2, 3)), "a filter of 2 rows and 3 columns"),
        Case(
            planes,
            arrays(positive(rng, 5, 7), tenths(rng, 3, 3)),
            "a filter of 3 rows and 3 columns, weights below zero",
        ),
        Case(planes, arrays(positive(rng, 3, 4), positive(rng, 3, 4)), "a filter as large as the plane"),
        Case(pixels, arrays(photo, along), "pixels of the dtype uint8"),
    ]


def _anywhere(rng: Generator) -> Case:
    kernel_size = rng.integers(1, 5, size=2)
    shape = kernel_size + rng.integers(6, size=2)
    x, kernel = anything(rng, *shape), rng.integers(-8, 9, size=kernel_size)
    kind = rng.choice(["float64", "float32", "int64", "int16", "uint8"])
    if kind == "float32":
        x = rng.normal(size=shape).astype(kind)
    elif kind != "float64":
        x = rng.integers(0 if kind == "uint8" else -255, 256, size=shape).astype(kind)
    return Case("raw pixels", arrays(x, kernel if rng.random() < 0.3 else kernel / 4))


GROUPS = (
    Group("filters of one row", 0.25),
    Group("filters of one column", 0.25),
    Group("filters of several rows", 0.3),
    Group("raw pixels", 0.2),
)


def _window(case: Case) -> Window:
    return Window.of(case.args[1].shape, stride=1)


_SUM = "kernel[u, v] * x[i + u, j + v]"

MISTAKES = (
    Mistake(
        "filter_flipped",
        "The filter was used from its last weight to its first. That is a true convolution; a correlation "
        "does not flip.",
        "Which weight belongs to the upper left cell of the window?",
        ((_SUM, "kernel[kh - 1 - u, kw - 1 - v] * x[i + u, j + v]"),),
    ),
    Mistake(
        "filter_on_its_side",
        "Rows and columns of the filter are exchanged.",
        "Does the first index of kernel count rows or columns?",
        (("kh, kw = kernel.shape", "kernel = kernel.T\n    kh, kw = kernel.shape"),),
    ),
    Mistake(
        "no_plus_one",
        "The last position along each axis is missing. That is what h - kh gives.",
        "How many positions has a filter that is exactly as large as the plane?",
        (("- kh + 1", "- kh"), ("- kw + 1", "- kw")),
    ),
    Mistake(
        "padded_to_size",
        "The response is as large as the image. It has zeros in it that stand for cells beyond the border.",
        "Which positions does the filter have if all of it must lie on the plane?",
        (("kh, kw = kernel.shape", "kh, kw = kernel.shape\n    x = np.pad(x, ((0, kh - 1), (0, kw - 1)))"),),
    ),
    Mistake(
        "absolute",
        "All responses are positive. The sign of a response says whether the image falls or rises there.",
        "What is the response to a rise, and what to a fall?",
        (("y[i, j] = total", "y[i, j] = abs(total)"),),
    ),
    Mistake(
        "rises_dropped",
        "Negative responses are 0. That is a correlation followed by a ReLU.",
        "Does the question ask for anything after the sum?",
        (("y[i, j] = total", "y[i, j] = max(total, 0)"),),
    ),
    Mistake(
        "weights_ignored",
        "The cells were added up without their weights.",
        "Where is kernel[u, v] used?",
        ((_SUM, "x[i + u, j + v]"),),
    ),
    Mistake(
        "one_filter_alone",
        "These are differences of neighbours, whatever filter was given. That is one filter, [[1, -1]]; any "
        "may come.",
        "Where is kernel used?",
        (
            (_SUM, "(x[i, [j]] - x[i, [j + 1]])[0] * (u == v == 0)"),
        ),  # arrays, not scalars: there uint8 wraps around without a warning
    ),
    Mistake(
        "divided",
        "The sum was divided by the number of weights. A correlation is a weighted sum, not a weighted mean.",
        "What should the filter [[1, -1]] give for the cells 1 and 0?",
        (("y[i, j] = total", "y[i, j] = total / kernel.size"),),
    ),
    Mistake(
        "dtype_of_the_pixels",
        "Negative responses came out large: 246 for -10. That is what an output in the pixels' own dtype, "
        "uint8, gives.",
        "Which numbers can an array of uint8 hold?",
        (("y = np.zeros((height, width))", "y = np.zeros((height, width), dtype=x.dtype)"),),
    ),
    Mistake(
        "output_on_its_side",
        "Rows and columns of the response are exchanged.",
        "In which order do the axes of the output stand?",
        (("return y", "return y.T"),),
    ),
)

QUESTION = Question(
    place=__file__,
    shrinks=(0,),
    title="Correlate a plane with a filter",
    task="Correlate a plane with any filter, then look at your own edges on a photograph",
    name="correlate",
    points=4,
    library="numpy",
    groups=GROUPS,
    draw=_correlate_cases,
    anywhere=_anywhere,
    reference=_correlate,
    mistakes=MISTAKES,
    hints=(
        (
            "A response is one number for each position of the filter. How many positions has it along each "
            "axis?"
        ),
        (
            "Two loops choose the position (i, j). There the filter covers x[i : i + kh, j : j + kw]; "
            "each weight belongs to the cell under it."
        ),
        (
            "Make the output with np.zeros((h - kh + 1, w - kw + 1)), which holds floats, and add up "
            "weight times cell over the kh by kw cells of each position. The filter is not flipped."
        ),
    ),
    loose=True,
    outline=OutlinedWindow(_window),
)
