"""3.5, the transfer question: pool by a rule that is given as arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, distinct, far_below, negative, positive, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit.windows import Window

Generator = np.random.Generator
Array = NDArray[Any]


def _rule(
    x: Array, weights: Array, stride: int, padding: int, border: str, operation: str, identity: float
) -> Array:
    """Pool with numpy's own padding and reductions, which share nothing with loops over taps."""
    combine = {"max": np.maximum, "min": np.minimum, "sum": np.add, "product": np.multiply}[operation]
    modes: dict[str, Any] = {
        "edge": {"mode": "edge"},
        "wrap": {"mode": "wrap"},
        "skip": {"constant_values": 0.0},
    }
    padded = np.pad(x, padding, **modes[border])
    inside = np.pad(np.ones(x.shape, bool), padding, constant_values=border != "skip")
    window = Window.of(weights.shape, stride)
    y = np.empty(window.output_size(padded.shape))
    for index in np.ndindex(y.shape):
        rows, columns = (slice(i * stride, i * stride + k) for i, k in zip(index, weights.shape, strict=True))
        seen = (padded[rows, columns] * weights)[inside[rows, columns]]
        y[index] = combine.reduce(seen, initial=identity)
    return y


def _rule_cases(rng: Generator) -> list[Case]:
    def rule(
        border: str, operation: str, identity: float, stride: int = 1, padding: int = 1, tall: bool = False
    ) -> Any:
        # All products are below zero: a maximum that starts from 0, or takes in a 0, is always wrong.
        # No window is square: an answer that mixes up rows and columns loses the same with each seed.
        weights = positive(rng, *((3, 2) if tall else (2, 3))) / 4
        return arrays(negative(rng, 5, 6) / 8, weights, stride, padding, border, operation, identity)

    def extreme(x: Array, weights: Array, operation: str, padding: int = 0) -> Any:
        return arrays(x, weights, 1, padding, "skip", operation, -np.inf if operation == "max" else np.inf)

    low = far_below(rng, 5, 6)
    low[:3, :2] = -np.inf
    one_row, whole = positive(rng, 1, 3) / 4, int(rng.integers(2, 9))
    operations, skipped, filled, steps = (
        "operations",
        "borders that are skipped",
        "borders that are filled",
        "stride",
    )
    return [
        Case(operations, rule("skip", "max", -np.inf, padding=0), "max, no padding"),
        Case(operations, rule("skip", "min", np.inf, padding=0, tall=True), "min, no padding"),
        Case(
            operations,
            extreme(distinct(rng, 5, 6), distinct(rng, 2, 3) / 5, "max"),
            "max, products of both signs",
        ),
        Case(operations, extreme(low, positive(rng, 3, 2), "max"), "max, far below zero, and minus infinity"),
        Case(operations, extreme(-far_below(rng, 5, 6), positive(rng, 2, 3), "min"), "min, far above zero"),
        Case(operations, rule("skip", "product", 1.0, padding=0), "product, no padding"),
        Case(operations, rule("skip", "sum", float(rng.integers(2, 9)), padding=0), "sum from a given start"),
        Case(
            operations,
            arrays(tenths(rng, 4, 5), one_row, 1, 0, "skip", "sum", whole),
            "sum, a window of one row",
        ),
        Case(operations, rule("skip", "max", whole, padding=0), "max from a whole number above all products"),
        Case(skipped, rule("skip", "max", -np.inf), "max, border skipped"),
        Case(
            skipped,
            extreme(far_below(rng, 5, 6), positive(rng, 2, 3), "max", 1),
            "max, far below zero, padding 1",
        ),
        Case(
            skipped,
            extreme(-far_below(rng, 5, 6), positive(rng, 3, 2), "min", 1),
            "min, far above zero, padding 1",
        ),
        Case(skipped, rule("skip", "sum", 0.0, padding=2), "sum, border skipped, padding 2"),
        Case(skipped, rule("skip", "product", 2.0, tall=True), "product from 2, border skipped"),
        Case(filled, rule("edge", "sum", 0.0), "sum, border from the edge"),
        Case(
            filled, rule("edge", "min", np.inf, padding=2, tall=True), "min, border from the edge, padding 2"
        ),
        Case(filled, rule("wrap", "sum", 0.0, tall=True), "sum, border wrapped"),
        Case(filled, rule("wrap", "max", -np.inf, padding=2), "max, border wrapped, padding 2"),
        Case(steps, rule("skip", "sum", 0.0, stride=2, padding=0), "sum, stride 2"),
        Case(steps, rule("edge", "sum", 0.0, stride=3, tall=True), "sum, stride 3, border from the edge"),
    ]


def _anywhere(rng: Generator) -> Case:
    border, operation = rng.choice(["skip", "edge", "wrap"]), rng.choice(["max", "min", "sum", "product"])
    kh, kw, stride = rng.integers(1, 5, size=3).tolist()
    padding = int(rng.integers(4))
    h, w = (max(1, k - 2 * padding) + int(rng.integers(6)) for k in (kh, kw))
    x, weights = anything(rng, h, w), rng.integers(-8, 9, size=(kh, kw)) / 4
    if operation in ("sum", "product") and abs(x).max() > 1e200:
        x = x / 1e300  # sums and products stay finite
    usual = {"max": -np.inf, "min": np.inf, "sum": 0.0, "product": 1.0}
    start = (usual[operation], float(rng.normal()), int(rng.integers(-5, 6)))[rng.integers(3)]
    return Case("operations", arrays(x, weights, stride, padding, str(border), str(operation), start))


_READ = "weights[u, v] * x[row, column]"

MISTAKES = (
    Mistake(
        "weights_ignored",
        "The values were combined without their weights.",
        "Where is weights[u, v] used?",
        ((_READ, "x[row, column]"),),
    ),
    Mistake(
        "weights_flipped",
        "The weights were used from the last to the first, as in a true convolution.",
        "Which weight belongs to the tap in the window's upper left corner?",
        ((_READ, "weights[kh - 1 - u, kw - 1 - v] * x[row, column]"),),
    ),
    Mistake(
        "weights_added",
        "The weights were added to the values. They multiply.",
        "What does a weight of 0 do to a value?",
        ((_READ, "weights[u, v] + x[row, column]"),),
    ),
    Mistake(
        "identity_ignored",
        "The result starts from 0 and not from the identity that was given.",
        "What does a product give that starts from 0?",
        (("result = identity", "result = 0.0"),),
    ),
    Mistake(
        "identity_left_out",
        "The result starts from the first value that the window sees. The identity that was given takes no "
        "part.",
        "What is the sum of 3 alone, if it starts from 5?",
        (
            ("result = identity", "result = None"),
            (
                "result = combine(result, weights[u, v] * x[row, column])",
                (
                    "value = weights[u, v] * x[row, column]\n                    result = value if result is "
                    "None else combine(result, value)"
                ),
            ),
        ),
    ),
    Mistake(
        "always_max",
        "The maximum of the values was taken, whatever the operation.",
        "Which line of your code reads `operation`?",
        (
            (
                (
                    '{"max": max, "min": min, "sum": lambda a, b: a + b, "product": lambda a, b: a *'
                    " b}[operation]"
                ),
                "max",
            ),
        ),
    ),
    Mistake(
        "skipped_as_zero",
        'With "skip", a tap outside took part as 0.',
        "What does a 0 do to a product, or to a maximum of negative values?",
        (
            (
                "                        continue\n",
                "                        result = combine(result, 0.0)\n                        continue\n",
            ),
        ),
    ),
    Mistake(
        "edge_as_wrap",
        'With "edge", taps outside saw the other side of the plane.',
        "Which cell is nearest to row -1?",
        (('border == "edge"', 'border == "never"'), ('border == "wrap"', 'border in ("edge", "wrap")')),
    ),
    Mistake(
        "wrap_as_edge",
        'With "wrap", taps outside saw the nearest cell of the plane.',
        "If the plane went on from its other side, which column would lie left of column 0?",
        (('border == "edge"', 'border in ("edge", "wrap")'),),
    ),
    Mistake(
        "fill_ignored",
        "Taps outside were always skipped, whatever the border's rule.",
        "Where does `border` decide?",
        (('border == "edge"', 'border == "never"'), ('border == "wrap"', 'border == "not this either"')),
    ),
    Mistake(
        "start_not_times_stride",
        "Each window starts only one cell after the one before it, whatever the stride.",
        "With stride 2, at which row does the second window start?",
        (("i * stride + u", "i + u"), ("j * stride + v", "j + v")),
    ),
    Mistake(
        "padding_not_taken_off",
        "Every window sits too far down and to the right, by the padding.",
        "Where does the first window start, counted in rows of x?",
        (("+ u - padding", "+ u"), ("+ v - padding", "+ v")),
    ),
)

QUESTION = Question(
    place=__file__,
    shrinks=(0,),
    title="A rule that comes as arguments",
    task="Pool by a rule that you receive as arguments: weights, border, operation",
    name="pool_by_rule",
    points=5,
    library="numpy",
    groups=(
        Group("operations", 0.3),
        Group("borders that are skipped", 0.25),
        Group("borders that are filled", 0.25),
        Group("stride", 0.2),
    ),
    draw=_rule_cases,
    anywhere=_anywhere,
    reference=_rule,
    mistakes=MISTAKES,
    hints=(
        (
            "Every pooling is a loop over taps that carries one running result. Here you are told what it "
            "starts from and how it grows."
        ),
        (
            "For output (i, j) and tap (u, v), the cell is row i * stride + u - padding, column j * stride + "
            "v - padding. Decide what happens when that is outside, before you read x."
        ),
        (
            '"edge" clamps the row and the column into the plane, "wrap" takes them modulo h and w, "skip"'
            " goes on to the next tap. Then join the running result with weights[u, v] * x[row, column]."
        ),
    ),
)
