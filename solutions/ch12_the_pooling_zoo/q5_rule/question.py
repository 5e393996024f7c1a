"""12.5, the transfer question: the weights, the power and the treatment of signs come as arguments."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, distinct, positive, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit.windows import Window

Array = NDArray[Any]
Pair = tuple[int, int]
WEIGHTS, SIGNS, LIMIT, STRIDES = "weights", "signs", "p = infinity", "rectangles and strides"


def _by_rule(x: Array, weights: Array, stride: Pair, p: float, signs: str, share: bool) -> Array:
    """poolkit computes which cells each window sees; signs are treated in the whole plane beforehand."""
    window = Window.of(weights.shape, stride)
    kept = {"magnitude": np.abs(x), "positive": np.where(x > 0, x, 0.0), "keep": x}[signs]
    size = window.output_size(x.shape)
    y = np.empty(size)
    for at in np.ndindex(size):
        cells = np.array([kept[tap] for tap in window.taps(at, x.shape)])
        shares = weights.ravel()
        if math.isinf(p):
            seen = cells[shares > 0]
            y[at] = seen[np.abs(seen).argmax()]
        else:
            total = shares @ np.copysign(np.abs(cells) ** p, cells) / (shares.sum() if share else 1.0)
            y[at] = np.copysign(abs(total) ** (1 / p), total)
    return y


def _anywhere(rng: np.random.Generator) -> Case:
    """Where signs are kept, sums are exact: a sum that almost cancels would show rounding errors."""
    kh, kw = (int(size) for size in rng.integers(1, 4, 2))
    h, w = kh + int(rng.integers(0, 5)), kw + int(rng.integers(0, 5))
    weights = rng.integers(0, 7, (kh, kw)) / 2
    weights.flat[rng.integers(weights.size)] = 1.5  # at least one cell has a weight above 0
    signs = str(rng.choice(["magnitude", "positive", "keep"]))
    p = float(rng.choice([1, 2, 3, math.inf] if signs == "keep" else [0.5, 1, 2, 2.5, 3, 100, math.inf]))
    if signs == "keep" or p == 100:
        x = distinct(rng, h, w) * (rng.random((h, w)) < 0.7)  # no two have the same magnitude, except zeros
    else:
        x = anything(rng, h, w)
        p = p if np.abs(x).max() < 1e6 or math.isinf(p) else 1.0
    stride = tuple(rng.integers(1, 5, 2).tolist())
    return Case(WEIGHTS, arrays(x, weights, stride, p, signs, bool(rng.integers(2))))


def _cases(rng: np.random.Generator) -> list[Case]:
    def weights(*shape: int, zeros: int = 0) -> Array:
        drawn = positive(rng, *shape) - 0.5
        drawn[drawn == drawn.size] += 0.5  # no two of four weights add up to the sum of the other two
        drawn.ravel()[rng.permutation(drawn.size)[:zeros]] = 0.0
        return drawn

    p = float(rng.integers(2, 5)) + 0.5
    side = (1, 1)

    def case(
        group: str, x: Array, w: Array, stride: Pair, power: float, signs: str, share: bool, note: str
    ) -> Case:
        return Case(group, arrays(x, w, stride, power, signs, share), note)

    def signed() -> Array:
        sizes = np.sort(np.abs(distinct(rng, 20)))
        x = np.empty((4, 5))
        largest = np.zeros(x.shape, dtype=bool)
        largest[2:, :2] = True  # one window: its greatest magnitude is above 0, but loses for small p
        x[largest] = rng.permutation(sizes[-4:])
        x[largest & (x < sizes[-1])] *= -1
        x[~largest] = rng.permutation(sizes[:-4]) * rng.choice([-1, 1], 16)
        x[:2, :2] = -np.abs(x[:2, :2])  # a window without a positive number
        x[2:, 3:] = np.abs(x[2:, 3:])  # and one without a negative number
        return x

    def small() -> Array:
        return signed() / 16  # all numbers, powers and sums are between -1 and 1

    without_two = weights(2, 3)
    without_two[[0, 1], rng.permutation(3)[:2]] = 0.0  # in two columns
    rising = np.sort(positive(rng, 4, 5), axis=1)  # the greatest number of a window is in its last column
    lone = np.zeros((4, 5))
    lone[rng.permutation(3)[0], rng.permutation(4)[0]] = -positive(rng, 1)[0]
    corner = weights(2, 2)
    corner[0, 0] = 0.0

    return [
        case(WEIGHTS, positive(rng, 3, 4), -tenths(rng, 2, 2), side, p, "magnitude", True, "weights, shared"),
        case(WEIGHTS, positive(rng, 3, 4), weights(2, 2), side, 2.0, "magnitude", False, "weights, added up"),
        case(WEIGHTS, positive(rng, 4, 4), without_two, side, 1.5, "positive", True, "some weights are 0"),
        case(
            WEIGHTS,
            positive(rng, 3, 4),
            -tenths(rng, 2, 2),
            side,
            1.0,
            "magnitude",
            False,
            "p = 1, a weighted sum",
        ),
        case(WEIGHTS, positive(rng, 3, 4), weights(2, 2), side, 100.0, "magnitude", True, "p = 100"),
        case(SIGNS, small(), weights(2, 2), side, 3.0, "magnitude", True, "magnitudes, p = 3"),
        case(SIGNS, small(), weights(2, 2), side, p, "positive", True, "what is below 0 counts as 0"),
        case(SIGNS, small(), weights(2, 2), side, 2.0, "keep", True, "signs kept, p = 2"),
        case(
            SIGNS,
            tenths(rng, 4, 5),
            weights(2, 2),
            side,
            2.0,
            "keep",
            True,
            "signs kept, all numbers below 0",
        ),
        case(SIGNS, signed(), weights(2, 2), side, p, "keep", False, "signs kept, added up"),
        case(
            LIMIT,
            positive(rng, 4, 4),
            weights(2, 2, zeros=1),
            side,
            math.inf,
            "magnitude",
            True,
            "one weight is 0",
        ),
        case(LIMIT, rising, weights(2, 3), side, math.inf, "magnitude", False, "all weights count alike"),
        case(LIMIT, small(), weights(2, 2, zeros=1), side, math.inf, "keep", True, "signs kept"),
        case(LIMIT, lone, corner, side, math.inf, "keep", True, "signs kept, one number is not 0"),
        case(LIMIT, small(), weights(2, 2), side, math.inf, "positive", True, "what is below 0 counts as 0"),
        case(
            LIMIT,
            tenths(rng, 2, 3),
            weights(2, 2),
            side,
            math.inf,
            "positive",
            True,
            "all numbers are below 0",
        ),
        case(
            STRIDES,
            positive(rng, 8, 6),
            weights(3, 2),
            (2, 1),
            2.0,
            "magnitude",
            True,
            "kernel (3, 2), stride (2, 1)",
        ),
        case(
            STRIDES,
            positive(rng, 5, 8),
            weights(2, 3),
            (1, 3),
            p,
            "magnitude",
            False,
            "kernel (2, 3), stride (1, 3)",
        ),
    ]


_POSITIVE, _MAGNITUDE = "window = np.maximum(window, 0)", "window = np.abs(window)"
_TOTAL = "(weights * powers).sum()"
_COUNTED = "counted = np.where(weights > 0, size, -1.0)"

MISTAKES = (
    Mistake(
        "weights_ignored",
        "All cells count alike, whatever the weights.",
        "Where do the weights enter the sum?",
        ((_TOTAL, "powers.sum()"), ("total /= weights.sum()", "total /= weights.size")),
    ),
    Mistake(
        "weights_raised_too",
        "The weights were raised to the power as well: the cells were weighted before the power.",
        "Which comes first, the power or the weight?",
        (("powers = np.sign(window) * size**p", "powers = np.sign(window) * size**p * weights ** (p - 1)"),),
    ),
    Mistake(
        "weights_turned",
        "The weights are turned around, as in a true convolution.",
        "Which weight meets the first cell of a window?",
        (
            (_TOTAL, "(weights[::-1, ::-1] * powers).sum()"),
            (_COUNTED, "counted = np.where(weights[::-1, ::-1] > 0, size, -1.0)"),
        ),
    ),
    Mistake(
        "never_shared",
        "The sum was never divided by the sum of the weights.",
        "Where does `share` decide?",
        (("if share:", "if False:"),),
    ),
    Mistake(
        "divided_by_cells",
        "The sum was divided by the number of cells. It should be the sum of the weights.",
        "Which weights make the weighted mean of equal numbers that number?",
        (("total /= weights.sum()", "total /= weights.size"),),
    ),
    Mistake(
        "root_missing",
        "The root is missing.",
        "What undoes the power p?",
        (("np.sign(total) * np.abs(total) ** (1 / p)", "total"),),
    ),
    Mistake(
        "positive_as_magnitude",
        '"positive" took magnitudes: numbers below 0 count.',
        "What does a number below 0 count as?",
        ((_POSITIVE, _MAGNITUDE),),
    ),
    Mistake(
        "signs_lost",
        '"keep" lost the signs: numbers below 0 were treated by their size.',
        "Which sign does the square of -3 have, and which should it keep?",
        (
            ("powers = np.sign(window) * size**p", "powers = size**p"),
            ("window.flat[counted.argmax()]", "size.flat[counted.argmax()]"),
        ),
    ),
    Mistake(
        "zero_weight_wins",
        "For an infinite p a cell of weight 0 won.",
        "Does a cell of weight 0 belong to the window?",
        ((_COUNTED, "counted = size"),),
    ),
    Mistake(
        "weighted_maximum",
        "For an infinite p the cells were weighted before the greatest was taken.",
        "What happens to the weight 0.5 in (0.5 * x**p) ** (1 / p) as p grows?",
        ((_COUNTED, "counted = weights * size"),),
    ),
    Mistake(
        "strides_swapped",
        "Rows moved by the stride of the columns, and columns by that of the rows.",
        "Which entry of stride belongs to the rows?",
        (("sh, sw = stride", "sw, sh = stride"),),
    ),
    Mistake(
        "power_without_the_sign",
        '"keep" took the power and the root of numbers below 0 as they are: squares lost the sign, other'
        " powers gave NaN.",
        "What is (-3) ** 2 in Python, and what is the signed power?",
        (
            ("powers = np.sign(window) * size**p", "powers = window**p"),
            ("np.sign(total) * np.abs(total) ** (1 / p)", "total ** (1 / p)"),
        ),
    ),
    Mistake(
        "greatest_number_for_infinity",
        "For an infinite p the greatest number was taken, not the one of the greatest magnitude.",
        "Which of -9 and 3 decides a signed mean of very high power?",
        ((_COUNTED, "counted = np.where(weights > 0, window, -np.inf)"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="A pooling of your own rule",
    task="Pool by weights, power and signs that come as arguments",
    name="power_pool",
    points=4,
    library="numpy",
    groups=(Group(WEIGHTS, 0.25), Group(SIGNS, 0.35), Group(LIMIT, 0.25), Group(STRIDES, 0.15)),
    draw=_cases,
    reference=_by_rule,
    mistakes=MISTAKES,
    hints=(
        (
            "One window at a time: first what happens to the signs, then the power, then the weights, then "
            "the root."
        ),
        (
            "A signed power is the sign times the power of the magnitude; the root undoes it in the same "
            "way. An infinite p needs separate code."
        ),
        (
            "For an infinite p, look only at cells whose weight is above 0, find the one of the greatest "
            "magnitude, and return its number as it is after the signs were treated."
        ),
    ),
    anywhere=_anywhere,
    shrinks=(),
)
