"""11.5, the transfer question: the rules of an invented framework come as arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, positive
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit.windows import Window

Generator = np.random.Generator
Array = NDArray[Any]
Pair = tuple[int, int]
LASTS, DIVISORS = ("fit", "hang", "real"), ("taps", "padded", "cells")

LAST, DIVISOR, DILATED, NAN = "the last window", "the divisor", "dilation", "NaN and empty windows"


def _by_rule(
    x: Array,
    kernel_size: int,
    stride: int,
    dilation: int,
    padding: Pair,
    last: str,
    divisor: str,
    nan: str,
    empty: float,
) -> Array:
    """poolkit computes the places of the taps; masks tell which are in the row, its padding, or beyond."""
    window = Window((kernel_size,), (stride,), (padding,), (dilation,))
    whole = window.output_size(x.shape)[0]
    n, (before, after) = len(x), padding
    rest = n + before + after - window.extent[0] - (whole - 1) * stride
    y: list[float] = []
    for o in range(whole + (rest > 0 and last != "fit")):
        at = np.array(window.positions(0, o))
        real, padded = (at >= 0) & (at < n), (at >= -before) & (at < n + after)
        if o == whole and last == "real" and not real.any():
            break
        values = np.where(real, x[np.clip(at, 0, n - 1)], 0.0)
        skipped = np.isnan(values) & (nan == "skip")
        counted = {"taps": np.ones(at.shape, bool), "padded": padded, "cells": real}[divisor] & ~skipped
        seen = real & ~skipped
        y.append(float(values[seen].sum() / counted.sum()) if seen.any() else empty)
    return np.array(y)


def _cases(rng: Generator) -> list[Case]:
    nothing = -float(rng.integers(20, 90))
    odd = 2 * int(rng.integers(3, 5)) + 1

    def row(
        n: int,
        k: int,
        s: int,
        d: int,
        padding: Pair,
        last: str,
        divisor: str = "cells",
        nan: str = "spread",
        holes: tuple[int, ...] = (),
        empty: float = nothing,
        below: bool = False,
    ) -> Any:
        x = 2.0 ** (positive(rng, n) - 0.5) + 1  # 3, 5, 9, 17, ...: no two windows have equal means by chance
        if below:
            x = -x - 0.1
        x[list(holes)] = np.nan
        return arrays(x, k, s, d, padding, last, divisor, nan, empty)

    up, down = 2.0 ** rng.integers(2, 7, 2) + 1
    return [
        Case(LAST, row(odd, 2, 2, 1, (0, 0), "fit"), "fit: a cell is left over"),
        Case(LAST, row(odd, 2, 2, 1, (0, 0), "hang"), "hang: a cell is left over"),
        Case(LAST, row(5, 3, 2, 1, (1, 1), "hang"), "hang: nothing is left over"),
        Case(LAST, row(5, 3, 2, 1, (0, 1), "hang"), "hang: padding behind the row only"),
        Case(LAST, row(4, 3, 2, 1, (1, 1), "real"), "real: the additional window sees a cell"),
        Case(LAST, row(odd, 2, 2, 1, (1, 1), "real"), "real: the additional window sees no cell"),
        Case(LAST, row(odd, 2, 2, 1, (1, 1), "hang"), "hang: the additional window sees no cell"),
        Case(
            LAST,
            row(2, 2, 3, 3, (4, 0), "real"),
            "real: the additional window starts before the row and sees no cell",
        ),
        Case(LAST, row(2, 2, 2, 2, (2, 0), "real"), "real: the additional window sees the first cell alone"),
        Case(
            LAST,
            row(3, 2, 1, 1, (0, 2), "real"),
            "real: the last window that fits sees no cell, but still counts",
        ),
        Case(LAST, row(6, 3, 4, 1, (0, 2), "fit"), "fit: padding behind the row only"),
        Case(DIVISOR, row(4, 3, 2, 1, (1, 1), "hang", "taps"), "taps: all count"),
        Case(DIVISOR, row(5, 3, 1, 1, (1, 1), "fit", "taps", below=True), "taps: values below zero"),
        Case(DIVISOR, row(4, 3, 2, 1, (1, 1), "hang", "padded"), "padded: what hangs over does not count"),
        Case(DIVISOR, row(5, 4, 2, 1, (2, 0), "hang", "padded"), "padded: padding before the row only"),
        Case(DIVISOR, row(5, 4, 3, 1, (2, 1), "hang", "cells"), "cells: only the row counts"),
        Case(DILATED, row(7, 3, 1, 2, (0, 0), "fit"), "dilation 2"),
        Case(DILATED, row(8, 2, 1, 3, (2, 1), "fit", "taps"), "dilation 3, padding (2, 1), taps"),
        Case(DILATED, row(7, 3, 2, 2, (1, 0), "hang", "taps"), "dilation 2, hang, taps"),
        Case(NAN, row(6, 3, 3, 1, (0, 0), "fit", "cells", "spread", (1,)), "one NaN, spread"),
        Case(NAN, row(6, 3, 3, 1, (0, 0), "fit", "cells", "skip", (4,)), "one NaN, skip, cells"),
        Case(NAN, row(6, 3, 2, 1, (1, 2), "fit", "taps", "skip", (0, 3)), "two NaN, skip, taps"),
        Case(NAN, row(4, 2, 2, 1, (0, 0), "fit", "taps", "skip", (2, 3)), "a window of NaN alone, skip"),
        Case(NAN, row(4, 2, 2, 1, (2, 0), "fit", "taps"), "a window in the padding"),
        Case(
            NAN,
            arrays(np.array([up, -up, -1.0, down]), 2, 2, 1, (0, 0), "fit", "cells", "skip", nothing),
            "numbers that add up to 0 are numbers",
        ),
    ]


def _anywhere(rng: Generator) -> Case:
    k, d, s = (int(number) for number in rng.integers(1, (6, 5, 8)))
    before, after = (int(number) for number in rng.integers(0, 7, 2))
    extent = d * (k - 1) + 1
    fitting = max(1, extent - before - after)
    x = anything(rng, int(rng.integers(fitting, fitting + 8)))
    x[rng.random(len(x)) < rng.choice([0.0, 0.2, 0.6])] = np.nan
    last, divisor, nan = (str(rng.choice(words)) for words in (LASTS, DIVISORS, ("spread", "skip")))
    return Case(LAST, arrays(x, k, s, d, (before, after), last, divisor, nan, float(rng.normal())))


_MORE = 'if last != "fit" and room % stride:'
_EMPTY = "if kept else empty"
_COUNTED = '{"taps": kernel_size, "padded": padded, "cells": len(cells)}[divisor]'

MISTAKES = (
    Mistake(
        "always_fit",
        "Only windows that fit whole are there, whatever `last` says.",
        "Where does `last` decide?",
        ((_MORE, "if False:"),),
    ),
    Mistake(
        "always_one_more",
        "An additional window was counted although nothing was left over.",
        "How many cells are left behind the last window that fits?",
        ((_MORE, 'if last != "fit":'),),
    ),
    Mistake(
        "hangs_even_where_it_should_fit",
        "A window hangs over the end although `last` says that windows must fit.",
        "Where does `last` decide?",
        ((_MORE, "if room % stride:"),),
    ),
    Mistake(
        "real_as_hang",
        '"real" was treated as "hang": an additional window stays although it sees no cell of the row.',
        "What must the additional window see, to stay?",
        (('last == "real" and not cells', "False"),),
    ),
    Mistake(
        "real_as_fit",
        '"real" was treated as "fit": an additional window is missing although it sees a cell of the row.',
        "What must the additional window see, to stay?",
        ((_MORE, 'if last == "hang" and room % stride:'),),
    ),
    Mistake(
        "always_taps",
        "Every sum was divided by the number of taps, whatever `divisor` says.",
        "Where does `divisor` decide?",
        ((_COUNTED, "kernel_size"),),
    ),
    Mistake(
        "overhang_in_padded",
        '"padded" counted taps that lie beyond the padding too.',
        "Where does the padding behind the row end?",
        (("-before <= tap < n + after", "-before <= tap"),),
    ),
    Mistake(
        "padding_not_in_padded",
        '"padded" counted the cells of the row alone.',
        "Which taps lie in the row or in its padding?",
        (("-before <= tap < n + after", "0 <= tap < n"),),
    ),
    Mistake(
        "dilation_ignored",
        "The taps touch, whatever the dilation says.",
        "How far apart are neighbouring taps?",
        (
            ("extent = dilation * (kernel_size - 1) + 1", "extent = kernel_size"),
            ("range(start, start + extent, dilation)", "range(start, start + extent)"),
        ),
    ),
    Mistake(
        "cells_between_seen",
        "The windows see the cells between their taps too.",
        "Which cells does a window of 2 with dilation 3 see, if it starts at 0?",
        (("range(start, start + extent, dilation)", "range(start, start + extent)"),),
    ),
    Mistake(
        "padding_swapped",
        "The padding before the row and the one behind it changed places.",
        "Which entry of padding comes before the row?",
        (("before, after = padding", "after, before = padding"),),
    ),
    Mistake(
        "nan_never_skipped",
        "NaN spread through its windows although it should be skipped.",
        "Where does `nan` decide?",
        (('if nan == "skip":', "if False:"),),
    ),
    Mistake(
        "nan_always_skipped",
        "NaN was skipped although it should spread.",
        "Where does `nan` decide?",
        (('if nan == "skip":', "if True:"),),
    ),
    Mistake(
        "skipped_but_counted",
        "A NaN that is skipped still counts in the divisor.",
        "Of three taps one is NaN and skipped. How many are left?",
        (("counted -= len(cells) - len(kept)", "counted -= 0"),),
    ),
    Mistake(
        "empty_as_zero",
        "A window without a number gave 0, and not what was given for it.",
        "Where is `empty` used?",
        ((_EMPTY, "if kept else 0.0"),),
    ),
    Mistake(
        "real_by_the_start",
        '"real" asked where the additional window starts. What counts is whether one of its taps is a cell of'
        " the row.",
        "Which cells does a window of 2 with dilation 3 see if it starts one place before a row of 2?",
        (('last == "real" and not cells', 'last == "real" and start >= n'),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="A framework of its own",
    task="Build a framework whose fine print comes as arguments",
    name="avg_pool_by_rule",
    points=7,
    library="numpy",
    groups=(Group(LAST, 0.3), Group(DIVISOR, 0.25), Group(DILATED, 0.2), Group(NAN, 0.25)),
    draw=_cases,
    anywhere=_anywhere,
    reference=_by_rule,
    mistakes=MISTAKES,
    hints=(
        ("Make one list for each window: the places of its taps. Everything else follows from these places."),
        (
            "A place is a cell of the row, a cell of the padding, or beyond. Count each kind. A NaN that is "
            "skipped is taken out of the cells and out of the count."
        ),
        (
            "The number of windows that fit is room // stride + 1, where room is the number of cells after "
            "the first window. Cells are left over if room % stride is not 0: only then may there be one "
            "more window."
        ),
    ),
    shrinks=(),
)
