"""4.6, the transfer question: a mean, its weights, and the coefficient and bias after it, as arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import positive
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit.windows import Window

from ...outlines import OutlinedWindow
from ...planes import a_length, a_number, a_pair

Generator = np.random.Generator
Array = NDArray[Any]

WEIGHTS, KINDS, AFTER, STEPS = "weights", "other means", "coefficient and bias", "stride"


def _by_rule(x: Array, weights: Array, stride: int, kind: str, coefficient: float, bias: float) -> Array:
    """Take the mean of transformed values and transform it back, for all windows at once."""
    there, back = {
        "arithmetic": (np.positive, np.positive),
        "quadratic": (np.square, np.sqrt),
        "harmonic": (np.reciprocal, np.reciprocal),
        "geometric": (np.log, np.exp),
    }[kind]
    window = Window.of(weights.shape, stride)
    sums = np.zeros(window.output_size(x.shape))
    for weight, (outputs, inputs) in zip(weights.ravel(), window.slices(x.shape), strict=True):
        sums[outputs] += weight * there(x[inputs].astype(np.float64))
    return np.asarray(coefficient * back(sums / weights.sum()) + bias)


def _cases(rng: Generator) -> list[Case]:
    def rule(
        kind: str, stride: int = 1, coefficient: float = 1.0, bias: float = 0.0, zero: bool = False
    ) -> Any:
        weights = positive(rng, 2, 3) / 5
        if zero:
            weights[int(rng.integers(2)), int(rng.integers(3))] = 0.0
        return arrays(
            positive(rng, 5 + 2 * stride, 7 + 2 * stride) / 5, weights, stride, kind, coefficient, bias
        )

    drawn, shift = float(rng.integers(2, 6)), float(rng.integers(1, 9))
    return [
        Case(WEIGHTS, rule("arithmetic"), "an arithmetic mean with weights"),
        Case(WEIGHTS, rule("arithmetic", zero=True), "one of the weights is 0"),
        Case(KINDS, rule("quadratic"), "a quadratic mean"),
        Case(KINDS, rule("harmonic"), "a harmonic mean"),
        Case(KINDS, rule("geometric"), "a geometric mean"),
        Case(AFTER, rule("arithmetic", 1, drawn, shift), "a coefficient and a bias"),
        Case(AFTER, rule("arithmetic", 1, -drawn / 4, -shift), "a coefficient and a bias below zero"),
        Case(STEPS, rule("arithmetic", 2), "stride 2"),
        Case(STEPS, rule("arithmetic", 3), "stride 3"),
    ]


def _any_rule(rng: Generator) -> Case:
    """Draw any mean of fractions or whole numbers above 0, any weights, at least one of them above 0, and any
    coefficient and bias.
    """
    kernel_size, stride = a_pair(rng, 1, 4), a_number(rng, 1, 5)
    shape = [a_length(rng, k, stride) for k in kernel_size]
    x = rng.integers(1, 99, size=shape) if rng.random() < 0.3 else np.exp(rng.normal(size=shape) * 2)
    weights = rng.integers(0, 4, size=kernel_size) if rng.random() < 0.3 else rng.random(kernel_size)
    weights[a_number(rng, 0, kernel_size[0] - 1), a_number(rng, 0, kernel_size[1] - 1)] = 2
    kind = str(rng.choice(["arithmetic", "quadratic", "harmonic", "geometric"]))
    after = (100 * rng.normal() if rng.random() < 0.5 else a_number(rng, -9, 9) for _ in range(2))
    return Case(KINDS, arrays(x, weights, stride, kind, *after))


_TOTAL = "total = weights.sum()"
_SUM = "mean = (weights * window).sum() / total"
_RESULT = "coefficient * mean + bias"

MISTAKES = (
    Mistake(
        "weights_ignored",
        "All cells of a window count alike, whatever their weights.",
        "Where do the weights enter your sum?",
        ((_TOTAL, "weights = np.ones_like(weights)\n    total = weights.sum()"),),
    ),
    Mistake(
        "divided_by_cells",
        "The weighted sum was divided by the number of cells, not by the sum of the weights.",
        "What should a weighted mean of equal values give?",
        ((_TOTAL, "total = weights.size"),),
    ),
    Mistake(
        "not_divided",
        "The weighted sum was not divided.",
        "What should a weighted mean of equal values give?",
        ((_TOTAL, "total = 1.0"),),
    ),
    Mistake(
        "weights_flipped",
        "The weights were used from the last to the first, as in a true convolution.",
        "Which weight belongs to the upper left cell of the window?",
        ((_TOTAL, "weights = weights[::-1, ::-1]\n    total = weights.sum()"),),
    ),
    Mistake(
        "always_arithmetic",
        "The mean is the arithmetic one, whatever the kind.",
        "Where does `kind` decide?",
        (
            ('kind == "quadratic"', 'kind == "not this"'),
            ('kind == "harmonic"', 'kind == "nor this"'),
            ('kind == "geometric"', 'kind == "nor that"'),
        ),
    ),
    Mistake(
        "root_forgotten",
        "The quadratic mean is the mean of the squares, without the root.",
        "What should the quadratic mean of 3 and 3 be?",
        (("np.sqrt((weights * window**2).sum() / total)", "(weights * window**2).sum() / total"),),
    ),
    Mistake(
        "weights_squared",
        "In the quadratic mean the weights were squared along with the values.",
        "What should the quadratic mean of 3 and 3 be, with the weights 2 and 1?",
        (("(weights * window**2).sum()", "((weights * window) ** 2).sum()"),),
    ),
    Mistake(
        "not_turned_back",
        "The harmonic mean is upside down: it is the mean of the reciprocals.",
        "What should the harmonic mean of 2 and 2 be?",
        (("total / (weights / window).sum()", "(weights / window).sum() / total"),),
    ),
    Mistake(
        "logarithm_kept",
        "The geometric mean is still a logarithm.",
        "What should the geometric mean of 5 and 5 be?",
        (("np.exp((weights * np.log(window)).sum() / total)", "(weights * np.log(window)).sum() / total"),),
    ),
    Mistake(
        "logarithms_averaged",
        "In the geometric mean the weighted logarithms were divided by the number of cells, not by the sum "
        "of the weights.",
        "What should the geometric mean of 5 and 5 be, with the weights 2 and 1?",
        (("(weights * np.log(window)).sum() / total", "(weights * np.log(window)).mean()"),),
    ),
    Mistake(
        "bias_multiplied",
        "The bias was multiplied with the coefficient as well.",
        "What comes first, the coefficient or the bias?",
        ((_RESULT, "coefficient * (mean + bias)"),),
    ),
    Mistake(
        "coefficient_ignored",
        "The mean was not multiplied with the coefficient.",
        "Where is the coefficient used?",
        ((_RESULT, "mean + bias"),),
    ),
    Mistake(
        "bias_ignored",
        "The bias is missing.",
        "Where is the bias used?",
        ((_RESULT, "coefficient * mean"),),
    ),
    Mistake(
        "start_not_times_stride",
        "Each window starts only one cell after the one before it, whatever the stride.",
        "With stride 2, at which row does the second window start?",
        (("x[i * stride : i * stride + kh, j * stride : j * stride + kw]", "x[i : i + kh, j : j + kw]"),),
    ),
)

QUESTION = Question(
    place=__file__,
    shrinks=(0,),
    title="A mean that comes as arguments",
    task="Pool by a mean that comes as arguments",
    name="pool_by_mean",
    points=4,
    library="numpy",
    groups=(Group(WEIGHTS, 0.3), Group(KINDS, 0.3), Group(AFTER, 0.2), Group(STEPS, 0.2)),
    draw=_cases,
    anywhere=_any_rule,
    reference=_by_rule,
    mistakes=MISTAKES,
    hints=(
        (
            "Equal values must come back unchanged from every mean, whatever the weights. That tells you "
            "what to divide by."
        ),
        (
            "Each of the four means is an arithmetic mean of something else: of the squares, of the "
            "reciprocals, of the logarithms. Which function undoes that change?"
        ),
        (
            "Divide by weights.sum(). The quadratic mean takes a root at the end, the harmonic one a "
            "reciprocal, the geometric one an exponential. Only then come the coefficient and the bias."
        ),
    ),
    outline=OutlinedWindow(lambda case: Window.of(case.args[1].shape, case.args[2])),
)
