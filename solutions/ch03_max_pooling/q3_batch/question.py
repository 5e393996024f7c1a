"""Max pool a batch with channels, stride and padding."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import far_below, negative, positive
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit import reference
from poolkit.windows import Window

from ...outlines import OutlinedWindow
from .. import both, floats, numbers

Generator = np.random.Generator
Array = NDArray[Any]


GROUPS = (
    Group("channels and images", 0.2),
    Group("stride", 0.2),
    Group("padding", 0.2),
    Group("rectangles", 0.2),
    Group("NaN and negative values", 0.2),
)


def _batch(x: Array, kernel_size: Any, stride: Any = None, padding: Any = 0) -> Array:
    y: Array = reference.max_pool(x, Window.of(kernel_size, stride, padding))
    return y


def _batch_cases(rng: Generator) -> list[Case]:
    layered = positive(rng, 2, 3, 6, 9) + 1000.0 * np.arange(3).reshape(1, 3, 1, 1)
    single = (positive(rng, 2, 2, 5, 7) / 10).astype(np.float32)
    holed = positive(rng, 3, 4, 5, 6)
    holed[0, 1, 2, 2] = np.nan
    bottomless = positive(rng, 1, 1, 4, 5)
    bottomless[..., :2, :2] = -np.inf
    ones = np.full((1, 1, 3, 3), -1.0)
    own, steps, border, rectangles, special = (group.name for group in GROUPS)
    return [
        Case(own, arrays(layered, 2, 2), "channels 1000 apart"),
        Case(own, arrays(positive(rng, 3, 2, 5, 6), 2, 1), "three images, two channels"),
        Case(own, arrays(single, 2, 1), "float32"),
        Case(steps, arrays(positive(rng, 1, 1, 5, 7), 2, 2), "5 by 7, kernel 2, stride 2"),
        Case(steps, arrays(positive(rng, 1, 2, 6, 7), 3, 1), "overlapping windows"),
        Case(steps, arrays(positive(rng, 2, 3, 8, 12), (2, 3)), "no stride given"),
        Case(steps, arrays(positive(rng, 2, 3, 8, 7), 2, 3), "a stride larger than the kernel"),
        Case(border, arrays(ones, 3, 1, 1), "every input is -1"),
        Case(border, arrays(negative(rng, 2, 3, 6, 5), 3, 2, 1), "all negative, 3 by 3, stride 2, padding 1"),
        Case(border, arrays(negative(rng, 1, 1, 4, 5), 3, 1, 1), "3 by 3 with padding 1 keeps the size"),
        Case(border, arrays(far_below(rng, 2, 2, 6, 5), 3, 2, 1), "every value is below -1e300"),
        Case(border, arrays(bottomless, 3, 1, 1), "minus infinity in a corner, beside the padding"),
        Case(border, arrays(negative(rng, 1, 1, 4, 5), 6, 1, 3), "6 by 6, padding 3"),
        Case(rectangles, arrays(positive(rng, 1, 1, 8, 9), (2, 3), 1), "kernel (2, 3)"),
        Case(rectangles, arrays(positive(rng, 2, 3, 10, 9), 2, (2, 1)), "stride (2, 1)"),
        Case(rectangles, arrays(positive(rng, 3, 4, 6, 7), (3, 3), 1, (0, 1)), "padding (0, 1)"),
        Case(rectangles, arrays(positive(rng, 3, 4, 7, 6), (3, 3), 1, (1, 0)), "padding (1, 0)"),
        Case(special, arrays(holed, 2, 1), "one NaN"),
        Case(special, arrays(negative(rng, 2, 3, 6, 9), 2, 2), "all negative, no padding"),
        Case(special, arrays(far_below(rng, 1, 2, 4, 5), 2, 2), "all below -1e300, no padding"),
    ]


def _anywhere(rng: Generator) -> Case:
    kernel = numbers(rng, (1, 1), (7, 7))
    padding = numbers(rng, (0, 0), tuple(k // 2 for k in both(kernel)))
    stride = None if rng.random() < 0.2 else numbers(rng, (1, 1), (4, 4))
    least = [max(1, k - 2 * p) for k, p in zip(both(kernel), both(padding), strict=True)]
    shape = [*rng.integers(1, 4, size=2), *rng.integers(least, np.add(least, 6))]
    return Case(GROUPS[0].name, arrays(floats(rng, *shape), kernel, stride, padding))


_STRIDES = "sh, sw = (kh, kw) if stride is None else pair(stride)"
_WINDOW = "i * sh : i * sh + kh, j * sw : j * sw + kw"

MISTAKES = (
    Mistake(
        "zero_padding",
        "Border outputs are 0 where every input is negative. That is what padding with 0 gives.",
        "Which value can never win a maximum?",
        (("-np.inf", "0.0"),),
    ),
    Mistake(
        "padded_with_a_low_number",
        "Border outputs are -1e9 where every input is below that: the padding won.",
        "Which value can never win a maximum, however small the inputs are?",
        (("-np.inf", "-1e9"),),
    ),
    Mistake(
        "padding_ignored",
        "The output is that of padding 0.",
        "How many rows does the plane have after padding, and where is that used?",
        (("ph, pw = pair(padding)", "ph, pw = 0, 0"),),
    ),
    Mistake(
        "padded_at_the_end_only",
        "All padding lies below and to the right. It belongs on either side.",
        "In which row of the padded plane does the first row of x stand?",
        (("padded[:, :, ph : ph + h, pw : pw + w] = x", "padded[:, :, :h, :w] = x"),),
    ),
    Mistake(
        "empty_without_padding",
        "It works only if there is padding on all sides. A slice from 0 to -0 is a slice from 0 to 0, and "
        "holds nothing.",
        "Where does the middle of the padded plane stop, counted from its start?",
        (("padded[:, :, ph : ph + h, pw : pw + w] = x", "padded[:, :, ph:-ph, pw:-pw] = x"),),
    ),
    Mistake(
        "paddings_swapped",
        "Rows got the padding of the columns, and columns that of the rows.",
        "Which entry of padding belongs to the rows?",
        (("ph, pw = pair(padding)", "pw, ph = pair(padding)"),),
    ),
    Mistake(
        "stride_ignored",
        "There are as many outputs as with stride 1.",
        "How many steps lie between two neighbouring windows?",
        ((_STRIDES, "sh, sw = 1, 1"),),
    ),
    Mistake(
        "default_stride_one",
        "Without a stride, the windows overlap as with stride 1. The default stride is the kernel's size.",
        "What does stride=None stand for?",
        ((_STRIDES, "sh, sw = (1, 1) if stride is None else pair(stride)"),),
    ),
    Mistake(
        "stride_is_kernel",
        "The windows always stand side by side: the stride that was given is not used.",
        "What is the stride for, if not for windows that overlap?",
        ((_STRIDES, "sh, sw = kh, kw"),),
    ),
    Mistake(
        "start_not_times_stride",
        "There are as many outputs as there should be, but each window starts only one cell after the one "
        "before it, whatever the stride.",
        "With stride 2, at which row does the second window start?",
        ((_WINDOW, "i : i + kh, j : j + kw"),),
    ),
    Mistake(
        "strides_swapped",
        "Rows moved by the stride of the columns, and columns by that of the rows.",
        "Which entry of stride belongs to the rows?",
        ((_STRIDES, "sw, sh = (kw, kh) if stride is None else pair(stride)"),),
    ),
    Mistake(
        "kernel_axes_swapped",
        "Height and width of the window are exchanged.",
        "Which entry of kernel_size belongs to the rows?",
        (("kh, kw = pair(kernel_size)", "kw, kh = pair(kernel_size)"),),
    ),
    Mistake(
        "across_channels",
        "Every channel holds the maximum over all channels. Pooling works on each channel alone.",
        "Over which axes is the window reduced?",
        (("window.max(axis=(2, 3))", "window.max(axis=(1, 2, 3))[:, None]"),),
    ),
    Mistake(
        "one_number_for_all",
        "Each window gave one number for all images and channels together. That is what max() without an "
        "axis does.",
        "Which axes may disappear, and which must stay?",
        (("window.max(axis=(2, 3))", "window.max()"),),
    ),
    Mistake(
        "first_channel_only",
        "Every channel shows the output of the first one.",
        "Which line looks at the first channel alone, for instance with [0] or [:1]?",
        (("window.max(axis=(2, 3))", "window.max(axis=(2, 3))[:, :1]"),),
    ),
    Mistake(
        "first_image_only",
        "Every image shows the output of the first one.",
        "Which line looks at the first image alone, for instance with [0] or [:1]?",
        (("window.max(axis=(2, 3))", "window.max(axis=(2, 3))[:1]"),),
    ),
    Mistake(
        "nan_skipped",
        "The NaN is gone from every window. That is what nanmax gives.",
        "Should a broken value disappear without a trace, or be seen?",
        (("window.max(axis=(2, 3))", "np.nanmax(window, axis=(2, 3))"),),
    ),
    Mistake(
        "never_negative",
        "No output is below 0, with or without padding. A maximum that starts from 0 can never go below it.",
        "What is the largest value of a window that holds -3 and -1?",
        (("window.max(axis=(2, 3))", "window.max(axis=(2, 3), initial=0.0)"),),
    ),
    Mistake(
        "rounded_up",
        "There is an output for a window that does not fit whole.",
        "Does `//` round up or down, and which does the question ask for?",
        (
            ("height = (h + 2 * ph - kh) // sh + 1", "height = -(-(h + 2 * ph - kh) // sh) + 1"),
            ("width = (w + 2 * pw - kw) // sw + 1", "width = -(-(w + 2 * pw - kw) // sw) + 1"),
        ),
    ),
    Mistake(
        "no_plus_one",
        "The last window along each axis is missing.",
        "How many windows fit into an axis that is exactly as long as the kernel?",
        ((") // sh + 1", ") // sh"), (") // sw + 1", ") // sw")),
    ),
    Mistake(
        "output_axes_swapped",
        "The output lies on its side: rows became columns.",
        "In which order do the axes of the output stand?",
        (("return y", "return y.transpose(0, 1, 3, 2)"),),
    ),
    Mistake(
        "dtype_lost",
        "The values are right, the dtype is float64 whatever came in. That is what np.empty or np.zeros "
        "gives without a dtype.",
        "Where is the output made, and which dtype does it get there?",
        (("y = np.empty((n, c, height, width), dtype=x.dtype)", "y = np.empty((n, c, height, width))"),),
    ),
    Mistake(
        "average",
        "These are the averages of the windows.",
        "Which single value of the window should be kept?",
        (("window.max(", "window.mean("),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="A batch with channels, stride and padding",
    task="Pool a batch of images: channels, stride and padding",
    name="max_pool2d",
    points=4,
    library="numpy",
    groups=GROUPS,
    draw=_batch_cases,
    anywhere=_anywhere,
    reference=_batch,
    mistakes=MISTAKES,
    hints=(
        "Padding adds cells, stride chooses where windows start. Neither changes what happens in a window.",
        (
            "The window of output (i, j) starts at row i * sh, column j * sw of the padded plane. "
            "What must a padded cell hold so that it never wins?"
        ),
        (
            "Fill an array of shape (n, c, h + 2 * ph, w + 2 * pw) with -np.inf, put x in its middle, and "
            "reduce each window over its last two axes only: window.max(axis=(2, 3))."
        ),
    ),
    outline=OutlinedWindow(lambda case: Window.of(*case.args[1:])),
)
