"""Read the verdict that the notebook prints; a test compares that text with the grader's own verdict."""

from __future__ import annotations

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question

Generator = np.random.Generator

GROUPS = (Group("points and parts", 0.5), Group("the place", 0.25), Group("the numbers", 0.25))


def _read_verdict() -> tuple[list[float], list[int], list[float]]:
    # The numbers in the verdict that solutions/ch00_setup/notebook.py prints;
    # tests/poolgrader/test_printed_verdict.py compares them with a new verdict.
    return [0.4, 2, 1], [0, 0], [11.5, 19.5]


def _verdict_cases(rng: Generator) -> list[Case]:
    return [
        Case(group.name, part=(i,), note=f"what you read of {group.name}") for i, group in enumerate(GROUPS)
    ]


_READ = "[0.4, 2, 1], [0, 0], [11.5, 19.5]"

MISTAKES = (
    Mistake(
        "numbers_exchanged",
        "What was expected and what came are exchanged.",
        "Which number does the sentence put after the word Expected?",
        ((_READ, "[0.4, 2, 1], [0, 0], [19.5, 11.5]"),),
    ),
    Mistake(
        "whole_points",
        "These are the points of the question, not those that were earned.",
        'Which number stands before the word "of"?',
        ((_READ, "[1, 2, 1], [0, 0], [11.5, 19.5]"),),
    ),
    Mistake(
        "parts_exchanged",
        "The parts that hold and those that fail are exchanged.",
        "Which sign stands before a part that holds?",
        ((_READ, "[0.4, 1, 2], [0, 0], [11.5, 19.5]"),),
    ),
    Mistake(
        "points_of_the_failing_part",
        "These are the points of the part that fails.",
        "Are the points of a part with ✗ earned or lost?",
        ((_READ, "[0.6, 2, 1], [0, 0], [11.5, 19.5]"),),
    ),
    Mistake(
        "counted_from_one",
        "The place is counted from 1. Places in a verdict, and in Python, are counted from 0.",
        "What is the index of the first row?",
        ((_READ, "[0.4, 2, 1], [1, 1], [11.5, 19.5]"),),
    ),
    Mistake(
        "window_for_place",
        "These are i and j, the arguments of the call: which window was asked for, not where in it the "
        "number is wrong.",
        "At the end of which sentence does the place stand?",
        ((_READ, "[0.4, 2, 1], [0, 2], [11.5, 19.5]"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Read a verdict",
    task="Read a verdict",
    name="read_verdict",
    points=1,
    library="numpy",
    groups=GROUPS,
    draw=_verdict_cases,
    reference=_read_verdict,
    mistakes=MISTAKES,
    hints=(
        "The first line says how much was earned; each line with a sign is one part of the question.",
        (
            "✓ marks a part that holds, ✗ one that does not. The sentence that begins with Expected compares "
            "one number with another, and ends with the place, counted from 0."
        ),
        (
            "Count the signs. The place is printed as a list in brackets already; the expected number is "
            "printed before the number that the answer gave."
        ),
    ),
    loose=True,
)
