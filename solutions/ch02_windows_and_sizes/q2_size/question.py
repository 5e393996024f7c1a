"""The output's size along both axes."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit.windows import Window

Pair = tuple[int, int]

GROUPS = (
    Group("without padding", 0.3),
    Group("padding", 0.2),
    Group("rectangles", 0.2),
    Group("default stride", 0.15),
    Group("nothing fits", 0.15),
)


def _size(
    input_size: Pair, kernel_size: Pair, stride: Pair | None = None, padding: Pair = (0, 0)
) -> tuple[int, ...]:
    pads = [(cells, cells) for cells in padding]
    try:
        return Window.of(kernel_size, stride, pads).output_size(input_size)
    except ValueError as error:
        raise ValueError(str(error)) from error


def _size_cases(rng: np.random.Generator) -> list[Case]:
    plain, padded, rectangles, default, nothing = (group.name for group in GROUPS)

    def both(value: int) -> Pair:
        return (int(value), int(value))

    def fitting(s: int, p: int) -> tuple[Pair, ...]:
        """Return sizes that leave no cell over, so that rounding makes no difference."""
        k = int(rng.integers(max(2, 2 * p, s), 6))
        n = k - 2 * p + s * int(rng.integers(2, 7))
        return both(n), both(k), both(s), both(p)

    whole = int(rng.integers(3, 9))
    return [
        Case(plain, (both(3), both(2), both(1), both(0)), "the lecture's 2 by 2 window over 3 by 3"),
        Case(plain, (both(4), both(3), both(1), both(0)), "the lecture's 3 by 3 window over 4 by 4"),
        Case(plain, (both(whole), both(whole), both(1), both(0)), "a window as large as the input"),
        Case(plain, (both(5), both(2), both(2), both(0)), "5 by 5, kernel 2, stride 2: a cell is left over"),
        Case(plain, fitting(2, 0), "stride 2, no cell left over"),
        Case(plain, (both(7), both(2), both(3), both(0)), "a stride larger than the kernel"),
        Case(padded, (both(8), both(3), both(1), both(1)), "3 by 3 with padding 1 keeps the size"),
        Case(padded, (both(9), both(3), both(2), both(1)), "padding 1, stride 2"),
        Case(padded, fitting(3, 1), "padding 1, stride 3"),
        Case(rectangles, ((9, 6), both(2), both(1), both(0)), "an input of 9 rows and 6 columns"),
        Case(rectangles, (both(7), (2, 5), both(1), both(0)), "kernel (2, 5)"),
        Case(rectangles, (both(9), both(3), (1, 3), both(0)), "stride (1, 3)"),
        Case(rectangles, (both(7), both(5), both(1), (0, 2)), "padding (0, 2)"),
        Case(default, ((4, 6), (2, 3)), "no stride given"),
        Case(default, ((5, 7), (2, 3)), "no stride given, a row and a column left over"),
        Case(nothing, ((5, 2), both(3), both(1), both(0)), "three columns do not fit into two"),
        Case(nothing, ((1, 8), both(4), both(2), both(1)), "four rows do not fit into one, padded by 1"),
    ]


def _anywhere(rng: np.random.Generator) -> Case:
    def two(low: int, high: int) -> Pair:
        rows, columns = rng.integers(low, high, size=2).tolist()
        return rows, columns

    stride = None if rng.random() < 0.2 else two(1, 6)
    given = (two(1, 13), two(1, 7), stride, two(0, 5))
    return Case(GROUPS[0].name, given[: rng.integers(2, 5)])


_COUNT = "room // s + 1"
_STRIDE = "s = k if stride is None else stride[axis]"

MISTAKES = (
    Mistake(
        "no_plus_one",
        "One window is missing along each axis: these are the steps, not the windows.",
        "How many windows of 4 fit into 4 cells?",
        ((_COUNT, "room // s"),),
    ),
    Mistake(
        "rounded_up",
        "A window is counted that hangs over the end.",
        "Does `//` round up or down, and which does the question ask for?",
        ((_COUNT, "-(-room // s) + 1"),),
    ),
    Mistake(
        "not_whole",
        "A size came out that is not a whole number. `/` gives that when cells are left over.",
        "How many whole steps of 2 cells fit into 3 cells?",
        ((_COUNT, "room / s + 1"),),
    ),
    Mistake(
        "padding_once",
        "The padding was counted on one side only.",
        "How many cells does padding 1 add along one axis?",
        (("2 * p", "p"),),
    ),
    Mistake(
        "padding_ignored",
        "These are the sizes without padding.",
        "Where does p enter the count?",
        (("n + 2 * p - k", "n - k"),),
    ),
    Mistake(
        "stride_ignored",
        "There are as many outputs as with stride 1.",
        "How many steps of s fit into the room that is left?",
        ((_COUNT, "room + 1"),),
    ),
    Mistake(
        "default_stride_one",
        "Without a stride, the windows were moved by 1. The default stride is the kernel.",
        "What does stride=None stand for?",
        ((_STRIDE, "s = 1 if stride is None else stride[axis]"),),
    ),
    Mistake(
        "stride_is_kernel",
        "The windows always stand side by side: the stride that was given is not used.",
        "Which argument says how far a window moves?",
        ((_STRIDE, "s = k"),),
    ),
    Mistake(
        "kernel_axes_swapped",
        "Height and width of the window are exchanged.",
        "Which entry of kernel_size belongs to the rows?",
        (("kernel_size[axis]", "kernel_size[1 - axis]"),),
    ),
    Mistake(
        "strides_swapped",
        "Rows moved by the stride of the columns, and columns by that of the rows.",
        "Which entry of stride belongs to the rows?",
        (("stride[axis]", "stride[1 - axis]"),),
    ),
    Mistake(
        "paddings_swapped",
        "Rows got the padding of the columns, and columns that of the rows.",
        "Which entry of padding belongs to the rows?",
        (("padding[axis]", "padding[1 - axis]"),),
    ),
    Mistake(
        "output_axes_swapped",
        "The two sizes came back in the wrong order.",
        "Which comes first, rows or columns?",
        (("return tuple(size)", "return tuple(size[::-1])"),),
    ),
    Mistake(
        "fits_anyway",
        "A size came back where no window fits. A ValueError was asked for.",
        "Which number in your formula turns negative when the window is too large?",
        (("if room < 0:", "if False:"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="The output's size",
    task="Count the outputs along both axes",
    name="output_size",
    points=2,
    library="numpy",
    groups=GROUPS,
    draw=_size_cases,
    anywhere=_anywhere,
    reference=_size,
    mistakes=MISTAKES,
    hints=(
        (
            "The two axes are independent of each other. Count the windows along one, then do the same "
            "for the other."
        ),
        (
            "Put one window down: the cells that are left, padding included, are its room. How many steps of "
            "s fit into it?"
        ),
        (
            "The room is n + 2p - k. If it is negative, raise ValueError; otherwise there are room // s "
            "steps, and one more window than steps."
        ),
    ),
    loose=True,
)
