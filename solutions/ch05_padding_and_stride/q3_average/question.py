"""Average with padding that counts in the divisor, and with padding that does not."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, positive, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit import reference
from poolkit.windows import Window

from ...outlines import OutlinedWindow
from ...planes import a_length, a_number, a_pair

Array = NDArray[Any]

GROUPS = (
    Group("padding counted", 0.3),
    Group("padding not counted", 0.3),
    Group("stride", 0.2),
    Group("rows and columns", 0.2),
)


def _average(
    x: Array, kernel_size: Any, stride: Any = None, padding: Any = (0, 0), count_include_pad: bool = True
) -> Array:
    return reference.avg_pool(x, Window.of(kernel_size, stride, padding), count_include_pad)


def _average_cases(rng: np.random.Generator) -> list[Case]:
    counted, left_out, stride, axes = (group.name for group in GROUPS)
    one, holes = (1, 1), positive(rng, 4, 4)
    holes[::2, ::2] = 0.0
    return [
        Case(counted, arrays(np.ones((4, 4)), (3, 3), one, one, True), "ones, padding counted"),
        Case(counted, arrays(positive(rng, 5, 5), (3, 3), one, one), "counted, as nothing else was said"),
        Case(
            counted, arrays(tenths(rng, 5, 5), (3, 3), one, one, True), "values below zero, padding counted"
        ),
        Case(left_out, arrays(np.ones((4, 4)), (3, 3), one, one, False), "ones, padding not counted"),
        Case(
            left_out,
            arrays(positive(rng, 5, 5), (5, 5), one, (2, 2), False),
            "5 by 5, padding 2, not counted",
        ),
        Case(left_out, arrays(holes, (3, 3), one, one, False), "some cells hold 0, padding not counted"),
        Case(
            left_out,
            arrays(tenths(rng, 5, 5), (3, 3), one, one, False),
            "values below zero, padding not counted",
        ),
        Case(stride, arrays(positive(rng, 4, 6), (2, 3)), "4 by 6, kernel (2, 3), no stride given"),
        Case(stride, arrays(positive(rng, 7, 7), (3, 3), (2, 2)), "overlapping windows, stride 2"),
        Case(stride, arrays(positive(rng, 9, 10), (2, 2), (3, 3)), "a stride larger than the kernel"),
        Case(axes, arrays(positive(rng, 6, 6), (2, 4), one), "kernel (2, 4)"),
        Case(axes, arrays(positive(rng, 7, 7), (2, 2), (1, 2)), "stride (1, 2)"),
        Case(axes, arrays(positive(rng, 6, 6), (5, 5), one, (0, 2), True), "padding (0, 2)"),
        Case(
            axes,
            arrays(tenths(rng, 5, 7), (2, 4), one, (1, 2), False),
            "kernel (2, 4), padding (1, 2), not counted",
        ),
    ]


def _any_plane(rng: np.random.Generator) -> Case:
    """Draw any float64, any window, padding up to half of the kernel; optional arguments may be left out."""
    kernel_size = a_pair(rng, 1, 6)
    padding = a_number(rng, 0, kernel_size[0] // 2), a_number(rng, 0, kernel_size[1] // 2)
    stride = a_pair(rng, 1, 5) if rng.random() < 0.8 else None
    steps = zip(kernel_size, stride or kernel_size, padding, strict=True)
    shape = [a_length(rng, k, s, 2 * p) for k, s, p in steps]
    given = (kernel_size, stride, padding, bool(rng.random() < 0.5))
    return Case(
        GROUPS[0].name, arrays(anything(rng, *shape), *given[: 4 if sum(padding) else a_number(rng, 1, 4)])
    )


_STRIDES = "sh, sw = kernel_size if stride is None else stride"
_INSIDE = "window = x[max(top, 0) : top + kh, max(left, 0) : left + kw]"
_CELLS = "cells = kh * kw if count_include_pad else window.size"

MISTAKES = (
    Mistake(
        "count_inverted",
        "Padding counts where it should not, and does not where it should.",
        "What does count_include_pad=True say about the divisor?",
        ((_CELLS, "cells = window.size if count_include_pad else kh * kw"),),
    ),
    Mistake(
        "always_counted",
        "The corner of ones is 4/9 whatever was asked for: padding always counts.",
        "Where does count_include_pad decide?",
        ((_CELLS, "cells = kh * kw"),),
    ),
    Mistake(
        "never_counted",
        "The corner of ones is 1 whatever was asked for: padding never counts.",
        "Where does count_include_pad decide?",
        ((_CELLS, "cells = window.size"),),
    ),
    Mistake(
        "zeros_not_counted",
        "Cells of the plane that hold 0 were taken for padding.",
        "What tells a padded cell from a real one that holds 0: its number, or its place?",
        ((_CELLS, "cells = kh * kw if count_include_pad else np.count_nonzero(window)"),),
    ),
    Mistake(
        "sum",
        "These are the sums of the windows.",
        "What turns a sum into an average?",
        ((_CELLS, "cells = 1"),),
    ),
    Mistake(
        "divided_by_one_side",
        "The sum was divided by the rows of the window alone.",
        "How many cells has a window of kh rows and kw columns?",
        ((_CELLS, "cells = kh if count_include_pad else window.shape[0]"),),
    ),
    Mistake(
        "padding_ignored",
        "The output is that of padding 0.",
        "How many windows fit once the border is there?",
        (("ph, pw = padding", "ph, pw = 0, 0"),),
    ),
    Mistake(
        "minus_infinity",
        "Outputs at the border are minus infinity. That is the border of a maximum.",
        "What must a padded cell hold so that a sum does not change?",
        (("total = window.sum()", "total = window.sum() if window.size == kh * kw else -np.inf"),),
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
        "strides_swapped",
        "Rows moved by the stride of the columns, and columns by that of the rows.",
        "Which entry of stride belongs to the rows?",
        ((_STRIDES, "sw, sh = kernel_size[::-1] if stride is None else stride"),),
    ),
    Mistake(
        "kernel_axes_swapped",
        "Height and width of the window are exchanged.",
        "Which entry of kernel_size belongs to the rows?",
        (("kh, kw = kernel_size", "kw, kh = kernel_size"),),
    ),
    Mistake(
        "paddings_swapped",
        "Rows got the padding of the columns, and columns that of the rows.",
        "Which entry of padding belongs to the rows?",
        (("ph, pw = padding", "pw, ph = padding"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Averages with and without the padding",
    task="Average with and without the padding",
    name="avg_pool_plane",
    points=4,
    library="numpy",
    groups=GROUPS,
    draw=_average_cases,
    anywhere=_any_plane,
    reference=_average,
    mistakes=MISTAKES,
    hints=(
        (
            "The sum of a window is the same under both rules: the padding holds zeros. The divisor is "
            "not the same."
        ),
        (
            "Cut the window down to the part that lies in the plane. How many cells has that part, and how "
            "many has the whole window?"
        ),
        (
            "A window starts at row i * sh - ph, which may be negative: let the slice begin at 0 then. "
            "Divide its sum by kh * kw, or by the number of cells that the slice really has."
        ),
    ),
    outline=OutlinedWindow(lambda case: Window.of(*case.args[1:4])),
)
