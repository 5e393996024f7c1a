"""Shift consistency, from the answers that a network gave at every place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

Generator = np.random.Generator
Array = NDArray[Any]

GROUPS = (
    Group("the eight moves", 0.4),
    Group("round the circle", 0.25),
    Group("further moves", 0.2),
    Group("several images", 0.15),
)


def _consistency(answers: Array, distance: int) -> float:
    """By index arithmetic: compares each place with each place that a move leads to."""
    _, h, w = answers.shape
    agree = count = 0
    for i in range(-distance, distance + 1):
        for j in range(-distance, distance + 1):
            if distance in (abs(i), abs(j)):
                there = answers[:, (np.arange(h) + i) % h][:, :, (np.arange(w) + j) % w]
                agree += int(np.sum(answers == there))
                count += answers.size
    return agree / count


def _labels(rng: Generator, pattern: list[list[str]]) -> Array:
    """Turns images of letters into images of class numbers; the class of each letter is drawn at random."""
    classes = rng.permutation(4)
    return np.array(
        [[[classes["abcd".index(letter)] for letter in row] for row in image] for image in pattern]
    )


def _cases(rng: Generator) -> list[Case]:
    moves, circle, further, several = (group.name for group in GROUPS)

    def case(group: str, pattern: list[list[str]], distance: int, note: str) -> Case:
        return Case(group, arrays(_labels(rng, pattern), distance), note)

    return [
        case(moves, [["ababab"] * 5], 1, "the answer changes from column to column"),
        case(moves, [["aaaaaaaa"] * 2 + ["aaabaaaa"] + ["aaaaaaaa"] * 2], 1, "another answer at one place"),
        case(moves, [["aaaaaa"] * 3 + ["bbbbbb"] * 3], 1, "one answer above, another below"),
        case(circle, [["aaaaab"] * 4], 1, "another answer in the last column"),
        case(circle, [["aaaaa"] * 4 + ["bbbbb"]], 1, "another answer in the last row"),
        case(circle, [["aaabab"]], 1, "one row: a move up or down leads back to it"),
        case(further, [["aabbaabb"] * 5], 2, "the answer changes every two columns, distance 2"),
        case(further, [["abababab"] * 5], 2, "the answer changes from column to column, distance 2"),
        case(
            further,
            [["aaaaaaaa"] * 3 + ["aaaabaaa"] + ["aaaaaaaa"] * 3],
            3,
            "another answer at one place, distance 3",
        ),
        case(several, [["ababab"] * 5, ["aaabbb"] * 5, ["cccccc"] * 5], 1, "three images"),
    ]


def _anywhere(rng: Generator) -> Case:
    shape = tuple(int(number) for number in rng.integers(1, (4, 8, 8)))
    labels = rng.integers(0, 1000, 3)
    answers = labels[rng.integers(0, 3, shape) * (rng.random(shape) < rng.random())]
    return Case(GROUPS[0].name, arrays(answers, int(rng.integers(1, 5))))


_MEETS, _SAME = "max(abs(i), abs(j)) == distance", "np.mean(answers == moved)"

MISTAKES = (
    Mistake(
        "four_moves",
        "Four moves were counted, up, down, left and right. The four along the diagonals are missing.",
        "How many squares can a king reach?",
        ((_MEETS, "abs(i) + abs(j) == distance"),),
    ),
    Mistake(
        "nearer_moves_too",
        "Moves that are shorter than the distance were counted too, and the one that moves nothing.",
        "How often does the answer change if the image does not move?",
        ((_MEETS, "True"),),
    ),
    Mistake(
        "distance_one",
        "Every distance gives what distance 1 gives.",
        "Where is `distance` used?",
        (("range(-distance, distance + 1)", "range(-1, 2)"), (_MEETS, "max(abs(i), abs(j)) == 1")),
    ),
    Mistake(
        "border_left_out",
        "Places at the border were left out. On a circle every place has all of its neighbours.",
        "Which column lies to the right of the last one?",
        ((_SAME, "np.mean((answers == moved)[:, distance:-distance, distance:-distance])"),),
    ),
    Mistake(
        "against_the_first_place",
        "All answers were compared with the one at row 0 and column 0.",
        "Which two places does a move by one cell connect?",
        ((_SAME, "np.mean(answers[:, :1, :1] == moved)"),),
    ),
    Mistake(
        "all_or_nothing",
        "A place was counted only if no move at all changes the answer there.",
        "What does each pair of a place and a move count?",
        ((_SAME, "answers == moved"), ("float(np.mean(same))", "float(np.mean(np.all(same, axis=0)))")),
    ),
    Mistake(
        "images_for_rows",
        "The moves went along the images and the rows, not along rows and columns.",
        "Which axes of `answers` are places?",
        (("axis=(1, 2)", "axis=(0, 1)"),),
    ),
    Mistake(
        "changes_counted",
        "This is the share of answers that change. Asked for is the share that stays.",
        "What should a network get that always gives the same answer?",
        ((_SAME, "np.mean(answers != moved)"),),
    ),
    Mistake(
        "percent",
        "The number is a hundred times too large.",
        "What is the greatest value that a share can have?",
        (("float(np.mean(same))", "100 * float(np.mean(same))"),),
    ),
    Mistake(
        "four_straight_moves",
        "Only moves straight up, down, left and right were counted. One step may be the distance, and the "
        "other anything shorter.",
        "Which squares lie on the edge of a square of 5 by 5?",
        ((_MEETS, "(abs(i), abs(j)) in ((0, distance), (distance, 0))"),),
    ),
    Mistake(
        "king_with_longer_steps",
        "Eight moves were counted, each as long as the distance along every axis on which it moves. Between "
        "them lie more.",
        "How many moves does the text count for distance 2?",
        ((_MEETS, "i % distance == j % distance == 0 and (i, j) != (0, 0)"),),
    ),
    Mistake(
        "shorter_moves_too",
        "Moves that are shorter than the distance were counted too.",
        "How far does a move by distance 2 go along one axis at least?",
        ((_MEETS, "(i, j) != (0, 0)"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Shift consistency",
    task="Measure shift consistency from the answers of a network",
    name="consistency",
    points=4,
    library="numpy",
    groups=GROUPS,
    draw=_cases,
    anywhere=_anywhere,
    reference=_consistency,
    mistakes=MISTAKES,
    hints=(
        (
            "Take one move first. If you move all answers at once and compare them with the answers before "
            "the move, you count all places in one step."
        ),
        (
            "Go through all pairs of a step along the rows and a step along the columns, and keep the pairs "
            "whose longer step is the distance."
        ),
        (
            "np.roll moves along two axes at once if you give it two steps and two axes. The mean of a "
            "comparison is a share; the mean of the shares is the answer, because every move has equally "
            "many places."
        ),
    ),
    loose=True,
    shrinks=(),
)
