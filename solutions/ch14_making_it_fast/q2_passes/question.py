"""Max pooling of planes in two passes."""

from __future__ import annotations

from typing import Any

import numpy as np

from poolgrader.questions.draws import anything, negative, positive
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

Generator = np.random.Generator
FIRST, BOTH, STEPS, BORDER = "the first pass", "both passes", "unequal strides", "padding"


def _passes(x: Any, kernel_size: tuple[int, int], stride: tuple[int, int], padding: tuple[int, int]) -> Any:
    """Two poolings of poolkit: windows one cell high first, then windows one cell wide."""
    from poolkit.functional import max_pool2d

    rows = max_pool2d(x, (1, kernel_size[1]), (1, stride[1]), (0, padding[1]))
    return rows, max_pool2d(rows, (kernel_size[0], 1), (stride[0], 1), (padding[0], 0))


def _anywhere(rng: Generator) -> Case:
    import torch

    n, c, h, w = (int(size) for size in rng.integers(1, (3, 4, 8, 8)))
    k = int(rng.integers(1, h + 1)), int(rng.integers(1, w + 1))
    stride = tuple(rng.integers(1, 5, 2).tolist())
    padding = tuple(int(rng.integers(0, size // 2 + 1)) for size in k)
    dtype = (torch.float64, torch.float32, torch.float16, torch.bfloat16)[rng.integers(4)]
    values = anything(rng, n, c, h, w)
    if np.abs(values).max() > 1e4:  # too large for float16
        dtype = torch.float64
    return Case(BORDER, arrays(torch.from_numpy(values).to(dtype), k, stride, padding))


def _greatest_in_corners(values: Any, kernel: Any, stride: Any, padding: Any) -> Any:
    """Moves the greatest numbers into the corners of the first plane.

    An answer whose windows reach too far, or not far enough, is then wrong.
    """
    plane = values[0, 0]
    ends = [
        min((n + 2 * p - k) // s * s + k - 1 - p, n - 1)
        for n, k, s, p in zip(plane.shape, kernel, stride, padding, strict=True)
    ]
    for row, column in ((0, 0), (0, ends[1]), (ends[0], 0), (ends[0], ends[1])):
        greatest = np.where(values == values.max())
        values[greatest], plane[row, column] = plane[row, column], values.max()
    return values


def _cases(rng: Generator) -> list[Case]:
    import torch

    def case(
        group: str,
        part: int,
        shape: tuple[int, ...],
        kernel: Any,
        stride: Any,
        padding: Any,
        note: str,
        scale: float = 1.0,
        dtype: Any = torch.float32,
    ) -> Case:
        values = scale * (negative(rng, *shape) if padding != (0, 0) else positive(rng, *shape))
        values = _greatest_in_corners(values, kernel, stride, padding)
        x = torch.from_numpy(values).to(dtype)
        return Case(group, arrays(x, kernel, stride, padding), note, part=(part,))

    plain = ((1, 1), (0, 0))
    return [
        case(FIRST, 0, (1, 1, 3, 7), (2, 3), *plain, "the first of the two: windows 3 wide"),
        case(FIRST, 0, (2, 2, 5, 6), (3, 4), *plain, "the first of the two: windows 4 wide"),
        case(BOTH, 1, (1, 1, 5, 7), (3, 3), *plain, "windows of 3 by 3"),
        case(BOTH, 1, (2, 3, 6, 7), (2, 4), *plain, "windows of 2 by 4"),
        case(STEPS, 1, (1, 2, 8, 9), (3, 2), (2, 1), (0, 0), "windows of 3 by 2, stride 2 and 1"),
        case(STEPS, 1, (1, 2, 7, 11), (2, 3), (1, 3), (0, 0), "windows of 2 by 3, stride 1 and 3"),
        case(BORDER, 1, (1, 1, 4, 5), (3, 3), (1, 1), (1, 1), "negative values, padding 1"),
        case(
            BORDER,
            1,
            (1, 1, 4, 5),
            (3, 3),
            (1, 1),
            (1, 1),
            "float64, all below -1e300, padding 1",
            1e300,
            torch.float64,
        ),
        case(BORDER, 1, (1, 2, 6, 8), (4, 5), (3, 2), (2, 1), "negative values, padding 2 and 1"),
        case(BORDER, 1, (1, 1, 9, 5), (7, 3), (1, 2), (3, 1), "negative values, padding 3 and 1"),
        case(
            BORDER, 1, (1, 1, 5, 9), (3, 7), (2, 1), (1, 3), "float16, padding 1 and 3", dtype=torch.float16
        ),
    ]


_PAD = "row = torch.nn.functional.pad(x, (before, before), value=-torch.inf)"
_ROWS = "along_rows(x, kernel_size[1], stride[1], padding[1])"
_COLUMNS = "along_rows(rows.transpose(2, 3), kernel_size[0], stride[0], padding[0]).transpose(2, 3)"

MISTAKES = (
    Mistake(
        "zero_padding",
        "Border outputs are 0 where every input is negative. The border was filled with 0.",
        "Which value can never win a maximum?",
        ((_PAD, "row = torch.nn.functional.pad(x, (before, before))"),),
    ),
    Mistake(
        "padding_of_one_axis",
        "The padding of the rows was used for the columns as well.",
        "Which entry of `padding` belongs to which pass?",
        (("stride[0], padding[0]", "stride[0], padding[1]"),),
    ),
    Mistake(
        "kernel_axes_swapped",
        "The window's height and width changed places.",
        "Which entry of `kernel_size` is the width, and which pass needs it?",
        (
            ("x, kernel_size[1]", "x, kernel_size[0]"),
            ("rows.transpose(2, 3), kernel_size[0]", "rows.transpose(2, 3), kernel_size[1]"),
        ),
    ),
    Mistake(
        "strides_swapped",
        "The strides of height and width changed places.",
        "Which entry of `stride` belongs to which pass?",
        (
            ("stride[1], padding[1]", "stride[0], padding[1]"),
            ("stride[0], padding[0]", "stride[1], padding[0]"),
        ),
    ),
    Mistake(
        "stride_after_both",
        "The first pass took every window, and its stride was ignored.",
        "How many outputs does the first pass leave out?",
        (("stride[1], padding[1]", "1, padding[1]"),),
    ),
    Mistake(
        "columns_first",
        "The first output is that of a pass along the columns. The pass along each row comes first.",
        "Which of its axes is shorter in the first output?",
        (
            (_ROWS, "along_rows(x.transpose(2, 3), kernel_size[0], stride[0], padding[0]).transpose(2, 3)"),
            (_COLUMNS, "along_rows(rows, kernel_size[1], stride[1], padding[1])"),
        ),
    ),
    Mistake(
        "second_pass_on_the_input",
        "The second pass looked at the input again, and the first one's work is lost.",
        "What does the second pass go over?",
        (("along_rows(rows.transpose", "along_rows(x.transpose"),),
    ),
    Mistake(
        "last_window_dropped",
        "The last window of each pass is missing.",
        "How many windows of 3 fit into 3 cells?",
        (("(row.shape[-1] - k) // step + 1", "max((row.shape[-1] - k) // step, 1)"),),
    ),
    Mistake(
        "stride_of_the_rows_only",
        "The second pass took every window, and its stride was ignored.",
        "How many outputs does the second pass leave out?",
        (("stride[0], padding[0]", "1, padding[0]"),),
    ),
    Mistake(
        "not_turned_back",
        "Rows and columns of the result changed places: the axes were exchanged for the second pass, and not "
        "back.",
        "How many rows has the second output, and how many columns?",
        (("padding[0]).transpose(2, 3)", "padding[0])"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Two passes",
    task="Build max pooling in two passes, with stride and padding",
    name="max_pool2d_in_two_passes",
    points=4,
    library="torch",
    groups=(Group(FIRST, 0.25), Group(BOTH, 0.3), Group(STEPS, 0.2), Group(BORDER, 0.25)),
    draw=_cases,
    reference=_passes,
    mistakes=MISTAKES,
    hints=(
        (
            "The largest cell of a plane is the largest of the maxima of its rows. So pool every row first, "
            "then the columns of the result."
        ),
        (
            "Write one function that pools along the last axis. For the second pass exchange the last two "
            "axes, call the function again, and exchange the axes back."
        ),
        (
            "Along the last axis: pad with minus infinity, cut into windows (unfold(-1, k, step) does), and "
            "take amax over each. The first pass needs the entries for the width: the second ones of "
            "kernel_size, stride and padding."
        ),
    ),
    anywhere=_anywhere,
    shrinks=(),
)
