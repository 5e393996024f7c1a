"""Max pool with a border of its own width on each side, for any dtype."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, far_below, negative, positive
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit import reference
from poolkit.windows import Window

from ...outlines import OutlinedWindow
from ...planes import WHOLE, a_length, a_pair, whole_numbers

Array = NDArray[Any]
NONE = ((0, 0), (0, 0))

GROUPS = (
    Group("a border that never wins", 0.3),
    Group("whole numbers", 0.2),
    Group("stride", 0.25),
    Group("four sides, two axes", 0.25),
)


def _pool(x: Array, kernel_size: Any, stride: Any = None, padding: Any = NONE) -> Array:
    y: Array = reference.max_pool(x, Window.of(kernel_size, stride, padding))
    return y


def _pool_cases(rng: np.random.Generator) -> list[Case]:
    border, whole, stride, sides = (group.name for group in GROUPS)
    one, far = ((1, 1), (1, 1)), far_below(rng, 6, 7)
    below = rng.permutation(np.arange(-70, -5))[:56].reshape(7, 8)
    huge = 2**60 + rng.permutation(np.arange(56)).reshape(7, 8)
    return [
        Case(border, arrays(np.full((4, 4), -1.0), (3, 3), (1, 1), one), "every input is -1"),
        Case(border, arrays(negative(rng, 7, 8), (3, 3), (1, 1), one), "all negative, 3 by 3, padding 1"),
        Case(border, arrays(far, (3, 3), (1, 1), one), "all far below zero, from -1e300 on"),
        Case(
            border,
            arrays(negative(rng, 9, 8), (2, 2), (2, 2), ((4, 0), (2, 1))),
            "a window that is all padding",
        ),
        Case(border, arrays(negative(rng, 4, 5).astype(np.float32), (3, 3), (1, 1), one), "float32"),
        Case(whole, arrays(below, (3, 3), (1, 1), one), "negative whole numbers"),
        Case(whole, arrays(below.astype(np.int8), (3, 3), (1, 1), one), "int8"),
        Case(whole, arrays((below + 80).astype(np.uint8), (3, 3), (1, 1), one), "uint8"),
        Case(whole, arrays(huge, (2, 2), (1, 1), NONE), "whole numbers above 2**53"),
        Case(
            whole,
            arrays(below.astype(np.int8), (2, 2), (2, 2), ((2, 0), (1, 0))),
            "int8, windows that are all padding",
        ),
        Case(stride, arrays(positive(rng, 8, 18), (2, 3)), "8 by 18, kernel (2, 3), no stride given"),
        Case(stride, arrays(positive(rng, 7, 7), (3, 3), (1, 1)), "overlapping windows"),
        Case(stride, arrays(positive(rng, 5, 5), (2, 2), (2, 2)), "5 by 5, kernel 2, stride 2"),
        Case(stride, arrays(positive(rng, 8, 8), (2, 2), (3, 3)), "a stride larger than the kernel"),
        Case(sides, arrays(positive(rng, 9, 10), (2, 4), (1, 1)), "kernel (2, 4)"),
        Case(sides, arrays(positive(rng, 10, 11), (2, 2), (1, 2)), "stride (1, 2)"),
        Case(sides, arrays(positive(rng, 5, 5), (3, 3), (1, 1), ((0, 0), (1, 1))), "padding left and right"),
        Case(sides, arrays(positive(rng, 5, 5), (3, 3), (1, 1), ((2, 0), (0, 1))), "2 above, 1 to the right"),
    ]


def _any_plane(rng: np.random.Generator) -> Case:
    """Draw floats or whole numbers of any dtype, any window, and a border of any width on each side."""
    kernel_size, padding = a_pair(rng, 1, 4), (a_pair(rng, 0, 4), a_pair(rng, 0, 4))
    stride = a_pair(rng, 1, 5) if rng.random() < 0.8 else None
    steps = zip(kernel_size, stride or kernel_size, padding, strict=True)
    shape = [a_length(rng, k, s, sum(border)) for k, s, border in steps]
    dtype = str(rng.choice(["float16", "float32", "float64", *WHOLE]))
    if dtype in WHOLE:
        x = whole_numbers(rng, dtype, *shape)
    else:
        x = (
            anything(rng, *shape)
            if dtype == "float64"
            else anything(rng, *shape).clip(-6e4, 6e4).astype(dtype)
        )
    return Case(GROUPS[0].name, arrays(x, kernel_size, stride, padding))


_WINDOW = "i * sh : i * sh + kh, j * sw : j * sw + kw"
_LOWEST = 'lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min'
_PADDED = "padded = np.full((top + h + bottom, left + w + right), lowest, dtype=x.dtype)"
_STRIDES = "sh, sw = kernel_size if stride is None else stride"
_SIDES = "(top, bottom), (left, right) = padding"

MISTAKES = (
    Mistake(
        "zero_padding",
        "Border outputs are 0 where every input is negative. That is what padding with 0 gives.",
        "Which value can never win a maximum?",
        ((_LOWEST, "lowest = 0"),),
    ),
    Mistake(
        "magic_number",
        "A number like -1e9 stands in the border, and it wins against inputs that are lower still.",
        "Which float is below every other?",
        ((_LOWEST, 'lowest = -1e9 if x.dtype.kind == "f" else np.iinfo(x.dtype).min'),),
    ),
    Mistake(
        "dtype_lost",
        "The values are right, but whole numbers became floats on the way.",
        "Which dtype must an array have to hold minus infinity, and what is the lowest number of yours?",
        ((_LOWEST, "lowest = -np.inf\n    x = x.astype(float)"),),
    ),
    Mistake(
        "infinity_in_whole_numbers",
        "Minus infinity was put among whole numbers, but no whole number is infinite.",
        "What is the lowest number that the dtype of x can hold?",
        ((_PADDED, "padded = np.pad(x, padding, constant_values=-np.inf)"),),
    ),
    Mistake(
        "through_floats",
        "Whole numbers were turned into floats on their way: above 2**53 floats skip some whole numbers, and "
        "minus infinity is no whole number at all.",
        "What is int(float(2**53 + 1)), and what dtype does your padded plane have?",
        ((_LOWEST, "lowest = -np.inf"), (_PADDED, _PADDED.replace(", dtype=x.dtype", ""))),
    ),
    Mistake(
        "default_stride_one",
        "Without a stride, the windows overlap as with stride 1. The default stride is the kernel's size.",
        "What does stride=None stand for?",
        ((_STRIDES, "sh, sw = (1, 1) if stride is None else stride"),),
    ),
    Mistake(
        "stride_is_kernel",
        "The windows always stand side by side: the stride that was given is not used.",
        "What is the stride for, if not for windows that overlap?",
        ((_STRIDES, "sh, sw = kernel_size"),),
    ),
    Mistake(
        "stride_ignored",
        "There are as many outputs as with stride 1.",
        "How many steps lie between two neighbouring windows?",
        ((_STRIDES, "sh, sw = 1, 1"),),
    ),
    Mistake(
        "start_not_times_stride",
        "There are as many outputs as there should be, but each window starts only one cell after the one "
        "before it, whatever the stride.",
        "With stride 2, at which row does the second window start?",
        ((_WINDOW, "i : i + kh, j : j + kw"),),
    ),
    Mistake(
        "kernel_axes_swapped",
        "Height and width of the window are exchanged.",
        "Which entry of kernel_size belongs to the rows?",
        (("kh, kw = kernel_size", "kw, kh = kernel_size"),),
    ),
    Mistake(
        "strides_swapped",
        "Rows moved by the stride of the columns, and columns by that of the rows.",
        "Which entry of stride belongs to the rows?",
        ((_STRIDES, "sw, sh = kernel_size[::-1] if stride is None else stride"),),
    ),
    Mistake(
        "paddings_swapped",
        "Rows got the border of the columns, and columns that of the rows.",
        "Which of the two pairs lies above and below?",
        ((_SIDES, "(left, right), (top, bottom) = padding"),),
    ),
    Mistake(
        "sides_swapped",
        "What should lie above lies below, and what should lie to the left lies to the right.",
        "Which entry of a pair comes before the first row?",
        ((_SIDES, "(bottom, top), (right, left) = padding"),),
    ),
    Mistake(
        "first_side_twice",
        "The border after each axis is as wide as the one before it.",
        "Where is the second entry of each pair used?",
        ((_SIDES, "(top, _), (left, _) = padding\n    bottom, right = top, left"),),
    ),
    Mistake(
        "output_axes_swapped",
        "The output lies on its side: rows became columns.",
        "In which order do the axes of the output stand?",
        (("return y", "return y.T"),),
    ),
    Mistake(
        "rounded_up",
        "There is an output for a window that does not fit whole.",
        "Does `//` round up or down, and which does the question ask for?",
        (
            ("(padded.shape[0] - kh) // sh + 1", "-(-(padded.shape[0] - kh) // sh) + 1"),
            ("(padded.shape[1] - kw) // sw + 1", "-(-(padded.shape[1] - kw) // sw) + 1"),
        ),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Maxima with a border on each side",
    task="Pool maxima with a border of its own on each side, for any type of number",
    name="max_pool_plane",
    points=3,
    library="numpy",
    groups=GROUPS,
    draw=_pool_cases,
    anywhere=_any_plane,
    reference=_pool,
    mistakes=MISTAKES,
    hints=(
        "Make the border first, and fill it with a number that no input can lose against.",
        (
            "That number depends on the dtype: floats have minus infinity, whole numbers have a smallest "
            "one. Which shape does the plane have with its four borders?"
        ),
        (
            "np.iinfo(x.dtype).min is the smallest whole number of a dtype. Fill a plane of top + h + bottom "
            "rows with the number, write x into its middle, and slide the window over it."
        ),
    ),
    outline=OutlinedWindow(lambda case: Window.of(*case.args[1:])),
)
