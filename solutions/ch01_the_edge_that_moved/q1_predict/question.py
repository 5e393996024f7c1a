"""Predict a response in three positions, and its pooled row in each of them."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question
from poolkit import reference

Generator = np.random.Generator
GROUPS = (
    Group("the response", 0.4),
    Group("pooled", 0.2),
    Group("moved right, pooled", 0.2),
    Group("moved left, pooled", 0.2),
)


def _predict() -> tuple[list[int], list[int], list[int], list[int]]:
    row = np.array([0, 0, 1, 1, 1, 0, 0])  # zeros at both ends: a move by one loses nothing
    here, right, left = (np.roll(row, by)[:-1] - np.roll(row, by)[1:] for by in (0, 1, -1))
    pooled, pooled_right, pooled_left = (
        reference.max_pool_row(response, 2, 2).tolist() for response in (here, right, left)
    )
    return here.tolist(), pooled, pooled_right, pooled_left


def _predict_cases(rng: Generator) -> list[Case]:
    return [
        Case(group.name, part=(i,), note=f"the row asked for: {group.name}") for i, group in enumerate(GROUPS)
    ]


_PREDICTED = "[0, -1, 0, 0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 1, 0]"

MISTAKES = (
    Mistake(
        "filter_flipped",
        "The response is 1 where the row rises and -1 where it falls. That is what the flipped filter gives: "
        "a true convolution.",
        "Which of the two neighbours counts with a minus sign?",
        ((_PREDICTED, "[0, 1, 0, 0, -1, 0], [1, 0, 0], [0, 1, 0], [1, 0, 0]"),),
    ),
    Mistake(
        "as_long_as_the_row",
        "The response is as long as the row. The filter looks at two cells, so one position fewer fits.",
        "On which two cells does the last position of the filter stand?",
        ((_PREDICTED, "[0, -1, 0, 0, 1, 0, 0], [0, 0, 1], [0, 0, 1], [0, 1, 0]"),),
    ),
    Mistake(
        "stride_ignored",
        "The pooled rows are as long as with stride 1.",
        "How far does the window move before the next maximum is taken?",
        ((_PREDICTED, "[0, -1, 0, 0, 1, 0], [0, 0, 0, 1, 1], [0, 0, 0, 0, 1], [0, 0, 1, 1, 0]"),),
    ),
    Mistake(
        "absolute",
        "The -1 was kept as if it were a 1. A maximum does not take away signs.",
        "Which is greater, -1 or 0?",
        ((_PREDICTED, "[0, -1, 0, 0, 1, 0], [1, 0, 1], [0, 1, 1], [1, 1, 0]"),),
    ),
    Mistake(
        "taken_for_invariant",
        "All three pooled rows are the same. That is the claim, not the result.",
        "Which window does the 1 of the response stand in after each move?",
        ((_PREDICTED, "[0, -1, 0, 0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1]"),),
    ),
    Mistake(
        "taken_for_equivariant",
        "The pooled row moves by one whole cell whenever the image moves by one pixel.",
        "How many input cells does one step of the pooled row stand for?",
        ((_PREDICTED, "[0, -1, 0, 0, 1, 0], [0, 0, 1], [0, 0, 0], [0, 1, 0]"),),
    ),
    Mistake(
        "sides_exchanged",
        "Right and left are exchanged.",
        "If the image moves right, does a cell's content come from its left or from its right neighbour?",
        ((_PREDICTED, "[0, -1, 0, 0, 1, 0], [0, 0, 1], [0, 1, 0], [0, 0, 1]"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Predict",
    task="Predict a response, and its pooled row in three positions",
    name="predict",
    points=2,
    library="numpy",
    groups=GROUPS,
    draw=_predict_cases,
    reference=_predict,
    mistakes=MISTAKES,
    hints=(
        "Seven cells have six pairs of neighbours. Each pair gives one number.",
        (
            "Write the response out first, in each of the three positions; then cut it into pairs and keep "
            "the greater of each."
        ),
        (
            "The row falls once, from its fifth cell to its sixth: the response is 1 there. Where does that "
            "1 stand after each move, and in which pair?"
        ),
    ),
    loose=True,
)
