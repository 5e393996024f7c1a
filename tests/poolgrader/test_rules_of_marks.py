"""Rules that marks follow, with a test for each."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch

from poolgrader.classroom.run.grade_class import _merged
from poolgrader.classroom.run.result import Result
from poolgrader.classroom.secret import TEST_SECRET, seed_of
from poolgrader.jail.confine import BARE
from poolgrader.mutation import all_questions
from poolgrader.questions import find
from poolgrader.questions.question import Case, Group, arrays
from tests.poolgrader.answers import question, verdict

GROUPS = (Group("plain", 0.5), Group("strided", 0.5))


def planes(rng: np.random.Generator) -> list[Case]:
    """One plane for each of the two groups."""
    return [Case(group.name, arrays(rng.normal(size=(1, 4, 4)), group.name)) for group in GROUPS]


def halved(x: np.ndarray, group: str) -> np.ndarray:
    """The largest number of each window of 2 by 2, without a ready-made pooling."""
    return np.asarray(x.reshape(1, 2, 2, 2, 2).max((2, 4)))


def test_a_ready_made_pooling_in_one_group_of_cases_costs_all_points() -> None:
    """An answer that calls it only in one group does not keep the points of the other group."""
    asked = question(planes, halved, groups=GROUPS)

    def in_one_group(x: np.ndarray, group: str) -> np.ndarray:
        if group == "plain":
            return halved(x, group)
        pooled: np.ndarray = torch.nn.functional.max_pool2d(torch.from_numpy(x), 2).numpy()
        return pooled

    said = verdict(asked, in_one_group)
    assert verdict(asked, halved).points == asked.points
    assert (said.status, said.points) == ("forbidden", 0)
    assert not any(part.right for part in said.parts)


def test_two_learners_get_different_inputs() -> None:
    """So does one learner in two questions, in two courses, and with another notebook."""
    seed = seed_of(TEST_SECRET, "ada", "3.2")
    assert seed == seed_of(TEST_SECRET, "ada", "3.2")
    others = (
        seed_of(TEST_SECRET, "bob", "3.2"),
        seed_of(TEST_SECRET, "ada", "3.3"),
        seed_of(b"of another course, and just as long", "ada", "3.2"),
        seed_of(TEST_SECRET, "ada", "3.2", ["x = 1"]),
    )
    assert seed not in others


def test_the_inputs_of_two_seeds_differ_wherever_inputs_are_drawn() -> None:
    """Questions without `anywhere` are left out: predictions and answers that are data draw no inputs."""
    same = []
    for asked in map(find, all_questions()):
        if asked.anywhere is not None:
            ada, bob = (asked.cases(seed_of(TEST_SECRET, learner, asked.id)) for learner in ("ada", "bob"))
            if [repr(case.args) for case in ada] == [repr(case.args) for case in bob]:
                same.append(asked.id)
    assert same == []


def test_a_result_records_that_a_part_of_it_was_graded_without_a_sandbox() -> None:
    """If one question is graded again alone, the result holds marks of two runs."""

    def result(sandbox: str, points: float) -> Result:
        return cast(Result, {"sandbox": sandbox, "questions": [{"question": "3.2", "points": points}]})

    confined = "bubblewrap, seccomp"
    assert _merged(result(confined, 1), result(confined, 2)) == result(confined, 2)
    assert _merged(result(BARE, 1), result(confined, 2))["sandbox"] == BARE
    assert _merged(result(confined, 1), result(BARE, 2))["sandbox"] == BARE
