"""Write the backward pass of a rule that is given as arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything, far_below, negative, positive, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit.windows import Window

from ...planes import a_length, a_number, a_pair, crossed
from ..q1_average.question import whole

Generator = np.random.Generator
Array = NDArray[Any]


def _seen(at: int, n: int, border: str) -> int | None:
    """Return which cell of an axis a tap sees, or None if it sees none."""
    if border == "wrap":
        return at % n
    if border == "edge":
        return min(max(at, 0), n - 1)
    return at if 0 <= at < n else None


def _backward(
    grad_output: Array,
    x: Array,
    weights: Array,
    stride: int,
    padding: int,
    border: str,
    operation: str,
    ties: str,
) -> Array:
    window = Window.of(weights.shape, stride, ((padding, padding),) * 2)
    grad_input = np.zeros(x.shape)
    for (i, j), sent in np.ndenumerate(grad_output):
        rows = [_seen(at, x.shape[0], border) for at in window.positions(0, i)]
        columns = [_seen(at, x.shape[1], border) for at in window.positions(1, j)]
        taps = [
            (weights[u, v], (row, column))
            for u, row in enumerate(rows)
            for v, column in enumerate(columns)
            if row is not None and column is not None
        ]
        values = np.array([weight * x[cell] for weight, cell in taps])
        shares = np.full(len(taps), float(sent))
        if operation != "sum":
            won = values == (values.max() if operation == "max" else values.min())
            chosen = {"first": np.flatnonzero(won)[:1], "last": np.flatnonzero(won)[-1:]}
            winners = chosen.get(ties, np.flatnonzero(won))
            shares = np.zeros(len(taps))
            shares[winners] = sent / len(winners) if ties == "split" else sent
        for (weight, cell), share in zip(taps, shares, strict=True):
            grad_input[cell] += weight * share
    return grad_input


def _odd(rng: Generator, *shape: int) -> Array:
    """Return distinct odd numbers of similar size.

    Multiplied by different powers of two, no two of them are equal, and the weights decide which one wins.
    """
    return 2.0 * whole(rng, *shape) + 99.0


def _powers(rng: Generator, *shape: int) -> Array:
    return 2.0 ** rng.permutation(np.arange(np.prod(shape))).reshape(shape)


def _cases(rng: Generator) -> list[Case]:
    def case(
        group: str, x: Array, weights: Array, note: str, operation: str, ties: str = "first",
        s: int = 1, p: int = 0, border: str = "skip", sent: Any = whole,
    ) -> Case:  # fmt: skip
        size = Window.of(weights.shape, s, ((p, p),) * 2).output_size(x.shape)
        return Case(group, arrays(sent(rng, *size), x, weights, s, p, border, operation, ties), note)

    ones, uneven = np.ones((2, 3)), np.array([[2.0, 1.0], [1.0, 2.0]])
    sums, winners, tied, borders = (group.name for group in GROUPS)
    level, flat = np.full((2, 6), 3.0), np.full((4, 4), 5.0)
    return [
        case(sums, _odd(rng, 3, 3), _powers(rng, 2, 2), "sum, overlapping windows", "sum", "split"),
        case(sums, _odd(rng, 6, 7), _powers(rng, 2, 3), "sum, stride 2", "sum", "last", s=2),
        case(sums, _odd(rng, 4, 5), -tenths(rng, 2, 3), "sum, gradients below zero", "sum", sent=tenths),
        case(winners, _odd(rng, 6, 6), _powers(rng, 2, 2), "max, the weights decide", "max"),
        case(winners, positive(rng, 6, 6) / 64, np.full((2, 2), 2.0), "max, the values decide", "max", "all"),
        case(
            winners,
            positive(rng, 5, 9) + 2.0**40,
            np.full((2, 2), 2.0),
            "max, large values close together",
            "max",
        ),
        case(winners, negative(rng, 6, 6), np.full((2, 2), 2.0), "max, all values below zero", "max"),
        case(winners, far_below(rng, 6, 6), np.full((2, 2), 2.0), "max, far below zero", "max"),
        case(winners, -far_below(rng, 6, 6), np.full((2, 2), 2.0), "min, far above zero", "min"),
        case(winners, _odd(rng, 6, 6), _powers(rng, 2, 2), "min, the weights decide", "min", "last"),
        case(winners, positive(rng, 6, 6), np.full((3, 2), 4.0), "min, the values decide", "min", "split"),
        *(
            case(tied, level, ones, f"equal values, ties to {rule}", "max", rule, s=3)
            if rule != "split"
            else case(tied, level, ones, "equal values, ties split", "min", rule, s=3)
            for rule in ("first", "last", "all", "split")
        ),
        case(tied, flat, uneven, "equal values, unequal weights, ties split", "max", "split", s=2),
        case(tied, flat, uneven, "equal values, unequal weights, ties to the last", "min", "last", s=2),
        *(
            case(
                tied,
                crossed(rng, 2, 3),
                np.ones((2, 2)),
                f"equal winners in two rows, ties to {rule}",
                "max",
                rule,
                s=2,
            )
            for rule in ("first", "last")
        ),
        case(borders, _odd(rng, 4, 7), _powers(rng, 3, 3), "sum, border skipped", "sum", p=1, s=3),
        case(borders, positive(rng, 5, 7), np.full((2, 2), 2.0), "min, border skipped", "min", p=1),
        case(
            borders,
            _odd(rng, 4, 6),
            _powers(rng, 3, 3),
            "sum, two cells from the edge",
            "sum",
            p=2,
            border="edge",
        ),
        case(borders, _odd(rng, 4, 6), _powers(rng, 3, 3), "sum, border wrapped", "sum", p=1, border="wrap"),
        case(
            borders,
            _odd(rng, 5, 6),
            _powers(rng, 2, 2),
            "max, border from the edge",
            "max",
            p=1,
            border="edge",
        ),
    ]


def _any_rule(rng: Generator) -> Case:
    """Draw any border, operation and rule for ties, with ties or without; each window sees a cell."""
    kernel_size, stride = a_pair(rng, 1, 4), a_number(rng, 1, 5)
    border, operation = str(rng.choice(["skip", "edge", "wrap"])), str(rng.choice(["sum", "max", "min"]))
    padding = a_number(rng, 0, min(kernel_size) // 2 if border == "skip" else 4)
    shape = [a_length(rng, k, stride, 2 * padding) for k in kernel_size]
    x = anything(rng, *shape) if rng.random() < 0.5 else 2.0 ** rng.integers(-2, 3, size=shape)
    weights = (
        rng.random(kernel_size) + 0.1 if rng.random() < 0.3 else 2.0 ** rng.integers(0, 3, size=kernel_size)
    )
    window = Window.of(kernel_size, stride, ((padding, padding),) * 2)
    sent = 10.0 * rng.normal(size=window.output_size(tuple(shape)))
    ties = str(rng.choice(["first", "last", "all", "split"]))
    return Case(GROUPS[0].name, arrays(sent, x, weights, stride, padding, border, operation, ties))


GROUPS = (
    Group("sums", 0.2),
    Group("winners", 0.25),
    Group("ties", 0.3),
    Group("borders", 0.25),
)

_ADD = "grad_input[row, column] += share * weight"
_RULE = """            if ties == "first":
                taps = taps[:1]
            elif ties == "last":
                taps = taps[-1:]
"""
_RULE_FOR_ALL = """        if ties == "first":
            taps = taps[:1]
        elif ties == "last":
            taps = taps[-1:]
"""
_SKIP = """            elif not (0 <= row < h and 0 <= column < w):
                continue
            taps.append((weight * x[row, column], weight, row, column))
"""
_ZERO = """            inside = 0 <= row < h and 0 <= column < w
            taps.append((weight * x[row, column], weight, row, column) if inside else (0.0, 0.0, 0, 0))
"""
_BEST = 'best = max(taps)[0] if operation == "max" else min(taps)[0]'

MISTAKES = (
    Mistake(
        "assigned",
        "Where several taps lead to one cell, only one of them left its gradient. That is what `=` gives in "
        "place of `+=`.",
        "How many windows see a cell in the middle of the plane?",
        ((_ADD, "grad_input[row, column] = share * weight"),),
    ),
    Mistake(
        "weights_not_sent_back",
        "Each tap got the gradient without its weight.",
        "If a cell grows by 1, by how much does weight times cell grow?",
        ((_ADD, "grad_input[row, column] += share"),),
    ),
    Mistake(
        "winner_unweighted",
        "The winner is the greatest or smallest cell; the weights had no say.",
        "Which numbers does the forward pass compare?",
        (("taps.append((weight * x[row, column], ", "taps.append((x[row, column], "),),
    ),
    Mistake(
        "weights_flipped",
        "The weights were used from the last to the first, as in a true convolution.",
        "Which weight belongs to the tap in the window's upper left corner?",
        (("in np.ndenumerate(weights)", "in np.ndenumerate(weights[::-1, ::-1])"),),
    ),
    Mistake(
        "always_max",
        'With "min", the gradient went where the maximum stands.',
        "Which line of your code reads `operation`?",
        ((_BEST, "best = max(taps)[0]"),),
    ),
    Mistake(
        "ties_to_first",
        "Ties went to the first winner, whatever the rule.",
        "Where does `ties` decide?",
        (('if ties == "first":', "if True:"),),
    ),
    Mistake(
        "ties_to_all",
        "Each of several winners got the whole gradient, whatever the rule.",
        "Where does `ties` decide?",
        (
            ('if ties == "first":', "if False:"),
            ('elif ties == "last":', "elif False:"),
            (' and ties == "split"', " and False"),
        ),
    ),
    Mistake(
        "split_over_the_window",
        'With "split", the gradient was divided by all taps of the window, not by the winners.',
        "How many cells share the gradient when two of four are equal and greatest?",
        (("share = sent / len(taps)", "share = sent / weights.size"),),
    ),
    Mistake(
        "first_and_last_swapped",
        "First and last are swapped.",
        "In which order did you collect the taps?",
        (('if ties == "first":', 'if ties == "last":'), ('elif ties == "last":', 'elif ties == "first":')),
    ),
    Mistake(
        "ties_in_sums",
        "The rule for ties was used in sums as well. A sum has no winners: every tap that took part gets the "
        "gradient.",
        "Which cells does a sum depend on?",
        ((_RULE, _RULE_FOR_ALL), ('operation != "sum" and ties', "ties")),
    ),
    Mistake(
        "skipped_as_zero",
        'With "skip", a tap outside of the plane took part with the value 0, and a minimum went to it.',
        "What may a tap that sees nothing win?",
        ((_SKIP, _ZERO),),
    ),
    Mistake(
        "edge_dropped",
        'With "edge", gradients of taps outside got lost. They belong to the cell that the tap saw.',
        "Which cell changes a window that hangs over the edge?",
        (('border == "edge"', 'border == "never"'),),
    ),
    Mistake(
        "wrap_as_edge",
        'With "wrap", taps outside sent their gradient to the nearest cell.',
        "If the plane goes on from its other side, which column lies left of column 0?",
        (('border == "edge"', 'border in ("edge", "wrap")'),),
    ),
    Mistake(
        "stride_forgotten",
        "Each window starts only one cell after the one before it, whatever the stride.",
        "With stride 2, at which row does the second window start?",
        (("i * stride + u", "i + u"), ("j * stride + v", "j + v")),
    ),
    Mistake(
        "padding_forgotten",
        "Every window sits too far down and to the right, by the padding.",
        "Where does the first window start, counted in rows of x?",
        (("+ u - padding", "+ u"), ("+ v - padding", "+ v")),
    ),
)

QUESTION = Question(
    place=__file__,
    title="The backward pass of a rule",
    task="Go back through a rule that you receive as arguments",
    name="backward_by_rule",
    points=10,
    library="numpy",
    groups=GROUPS,
    draw=_cases,
    anywhere=_any_rule,
    tolerance=1e-9,  # for the gradients: values of x may be far larger
    reference=_backward,
    mistakes=MISTAKES,
    hints=(
        (
            "Walk over the outputs as the forward pass does, and keep for each tap what you will need: its "
            "weighted value, its weight, its cell."
        ),
        (
            "For a sum every tap takes part. For a maximum or a minimum keep the taps whose weighted "
            "value is the greatest or the smallest one, then let the rule for ties choose among them."
        ),
        (
            "Each chosen tap adds its share times its weight to the cell that it saw. The share is the"
            ' output\'s gradient, with "split" divided by the number of winners.'
        ),
    ),
    shrinks=(),
)
