"""Blur one plane along both axes of a circle, then subsample."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, positive, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

Generator = np.random.Generator
Array = NDArray[Any]

GROUPS = (
    Group("the taps 1, 2, 1", 0.3),
    Group("round the circle", 0.2),
    Group("other taps", 0.3),
    Group("other strides", 0.2),
)


def _blur(x: Array, taps: list[float], stride: int) -> Array:
    """By matrix products: one table of weights for the rows, one for the columns."""

    def table(n: int) -> Array:
        weights = np.zeros((n, n))
        for cell in range(n):
            for tap, weight in enumerate(taps):
                weights[cell, (cell + tap - len(taps) // 2) % n] += weight / sum(taps)
        return weights[::stride]

    return np.asarray(table(x.shape[0]) @ x @ table(x.shape[1]).T)


def _cases(rng: Generator) -> list[Case]:
    binomial, circle, others, strides = (group.name for group in GROUPS)

    def inside(rows: int, columns: int) -> Array:
        """Numbers with a frame of zeros around them, so that the handling of the border does not matter."""
        return np.pad(positive(rng, rows - 4, columns - 4), 2)

    one, two, three = (float(weight) for weight in 1 + rng.permutation(3))
    return [
        Case(binomial, arrays(inside(8, 8), [1, 2, 1], 2), "a frame of zeros, stride 2"),
        Case(binomial, arrays(inside(6, 10), [1, 2, 1], 2), "a frame of zeros, more columns than rows"),
        Case(circle, arrays(positive(rng, 4, 4), [1, 2, 1], 2), "numbers up to the border"),
        Case(circle, arrays(tenths(rng, 4, 6), [1, 2, 1], 2), "values below zero up to the border"),
        Case(
            circle,
            arrays(positive(rng, 5, 7), [1, 2, 1], 2),
            "numbers up to the border, odd numbers of rows and columns",
        ),
        Case(others, arrays(inside(8, 8), [one, two, three], 2), "three different taps"),
        Case(others, arrays(inside(10, 8), [1.0, two + 3, 6.0, 4.0, 9.0], 2), "five different taps"),
        Case(strides, arrays(inside(9, 9), [1, 2, 1], 3), "stride 3"),
        Case(strides, arrays(inside(7, 8), [1, 2, 1], 1), "stride 1"),
    ]


def _anywhere(rng: Generator) -> Case:
    h, w = (int(number) for number in rng.integers(1, 9, 2))
    taps = rng.integers(-2, 6, 2 * int(rng.integers((min(h, w) + 1) // 2)) + 1)
    if abs(taps.sum()) < 2:
        taps[0] += 4 if taps.sum() >= 0 else -4
    weights = taps.tolist() if rng.integers(2) else (taps / 4).tolist()
    return Case(GROUPS[0].name, arrays(anything(rng, h, w), weights, int(rng.integers(1, 10))))


_ROLL, _KEEP = "np.roll(x, half - tap, axis)", "return x[::stride, ::stride]"
_CROP = "[half : half + x.shape[0], half : half + x.shape[1]]"

MISTAKES = (
    Mistake(
        "not_normalised",
        "The picture got brighter: the taps were not divided by their sum.",
        "What should a blur do to a plane of ones?",
        ((" / np.sum(taps)", ""),),
    ),
    Mistake(
        "one_axis",
        "The plane was blurred along one axis only.",
        "Along which axes does the plane get smaller?",
        (("for axis in (0, 1):", "for axis in (1,):"),),
    ),
    Mistake(
        "zero_border",
        "The outputs at the border are too small: zeros were taken from beyond it.",
        "Which cell lies above the first row of a circle?",
        ((_ROLL, f"np.roll(np.pad(x, half), half - tap, axis){_CROP}"),),
    ),
    Mistake(
        "mirrored_border",
        "Beyond the border the plane was mirrored. On a circle it goes on at the other side.",
        "Which cell lies above the first row of a circle?",
        ((_ROLL, f'np.roll(np.pad(x, half, mode="reflect"), half - tap, axis){_CROP}'),),
    ),
    Mistake(
        "not_centred",
        "The blurred plane is moved: the first tap stands on the cell itself, not the middle one.",
        "On which cell does the middle tap stand?",
        (("half = len(weights) // 2", "half = 0"),),
    ),
    Mistake(
        "flipped",
        "The taps were used in the opposite order, as a true convolution does. It shows with taps that are "
        "not symmetric.",
        "On which cell should the first tap stand, above or below?",
        (("half - tap", "tap - half"),),
    ),
    Mistake(
        "subsampled_first",
        "The plane was subsampled first and blurred then. What subsampling folds over, no blur can unfold.",
        "Which cells does the first output depend on?",
        (("weights = np.array", "x = x[::stride, ::stride]\n    weights = np.array"), (_KEEP, "return x")),
    ),
    Mistake(
        "not_subsampled",
        "The plane was blurred, but it has all of its cells still.",
        "Where is `stride` used?",
        ((_KEEP, "return x"),),
    ),
    Mistake(
        "another_start",
        "Every stride-th row and column was kept, but the count starts at the second.",
        "Which row is the first that is kept?",
        ((_KEEP, "return x[1::stride, 1::stride]"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Blur, then subsample",
    task="Blur a plane with any taps, then subsample",
    name="blur_pool_plane",
    points=4,
    library="numpy",
    groups=GROUPS,
    draw=_cases,
    anywhere=_anywhere,
    reference=_blur,
    mistakes=MISTAKES,
    hints=(
        "A blur along one axis is a weighted sum of moved copies of the plane. Do one axis, then the other.",
        (
            "For each tap, make a copy of the plane that is moved so that the cell under the tap comes to "
            "lie where the output is."
        ),
        (
            "np.roll moves cells towards the end for a positive step. The tap before the middle looks one "
            "cell back, so its copy moves forward by one. Add up, do the second axis with the result, slice "
            "at the very end."
        ),
    ),
    shrinks=(),
)
