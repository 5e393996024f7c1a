"""Verdicts on generated answers: a sample of the answers here, all of them in `mutation --generated`."""

from __future__ import annotations

import json
import os
from typing import Any

import numpy as np
import pytest

from poolgrader.mutation import all_questions
from poolgrader.questions import find
from poolgrader.questions.question import Case, Group, Question, arrays
from poolgrader.slips import Slip, trial
from poolgrader.slips.trial import EQUAL, KILLED, SURVIVES, VARIES
from tests.course import COURSE
from tests.poolgrader.answers import question

EVERY = 60 if os.environ.get("NIGHTLY") else 150  # one in so many of each question's slips is tried
SEEDS = 3


@pytest.fixture(scope="module")
def spread() -> list[trial.Count]:
    return list(trial.counts(all_questions(), SEEDS, EVERY))


@pytest.mark.slow
def test_sampled_slips_lose_points_and_lose_the_same_with_each_seed(spread: list[trial.Count]) -> None:
    troubles = [f"{one.question_id} {trial.described(fate)}" for one in spread for fate in one.troubles]
    assert troubles == []
    assert sum(one.killed for one in spread) > 24_000 / EVERY


KEPT = trial.kept_in(COURSE)
assert KEPT is not None
IN_THE_FILE = json.loads(KEPT.read_text(encoding="utf-8"))["questions"]
# Without those of chapters that were left out of this copy of the course.
NUMBERS = {name: row for name, row in IN_THE_FILE.items() if name in all_questions()}


@pytest.mark.parametrize("question_id", NUMBERS)
def test_the_stored_numbers_are_those_of_the_present_question(question_id: str) -> None:
    """After a change of an answer or a style, run `python -m poolgrader mutation --generated` again."""
    row = NUMBERS[question_id]
    assert row["made"] == len(trial.slips_of_question(find(question_id)))
    assert row["varies"] == row["survives"] == 0


def test_the_page_names_the_questions_without_stored_numbers() -> None:
    """All questions together take most of an hour, so the numbers may be made question by question."""
    missing = [name for name in all_questions() if name not in NUMBERS]
    text = trial.section(KEPT)
    assert all(f"| {name} |" in text for name in NUMBERS)
    assert not any(f"| {name} |" in text for name in set(IN_THE_FILE) - set(NUMBERS))
    assert ("Not yet counted" in text) == bool(missing)
    assert all(name in text for name in missing)


@pytest.mark.slow
@pytest.mark.parametrize("question_id", all_questions())
def test_every_right_answer_is_right_on_inputs_drawn_from_all_that_a_question_allows(
    question_id: str,
) -> None:
    asked = find(question_id)
    if (
        asked.accepts
        or asked.call == "value"
        or not any(case.args for case in asked.cases(asked.public_seed))
    ):
        assert asked.anywhere is None
        return
    assert asked.anywhere is not None, "a field of Question: one input drawn from all that the words allow"
    for name, source in {"reference": asked.answer, **asked.styles}.items():
        assert trial.differs_somewhere(asked, asked.define(source), count=150) == "", name


def drawn(count: int) -> Any:
    def draw(rng: np.random.Generator) -> list[Case]:
        return [Case("all", arrays(rng.integers(1, 9, size=count).astype(float)))]

    return draw


def fate(asked: Question, source: str, seeds: int = 12) -> trial.Fate:
    return trial.fate_of(asked, "reference", Slip("", 1, source), range(seeds))


def anywhere(rng: np.random.Generator) -> Case:
    return Case("all", arrays(rng.normal(size=3)))


def test_the_fates_killed_equal_and_survives() -> None:
    """The answers: wrong with every seed, equal to the reference, right with some seeds, never detected."""
    asked = question(drawn(3), lambda x: 2 * x, anywhere=anywhere)
    assert fate(asked, "def answer(x):\n    return 3 * x\n").kind == KILLED
    assert fate(asked, "def answer(x):\n    return x + x\n").kind == EQUAL
    by_chance = fate(asked, "def answer(x):\n    return 2 * x if x[0] > 3 else x\n")
    assert by_chance.kind == SURVIVES
    assert "full marks with some seeds" in by_chance.detail
    unseen = fate(asked, "def answer(x):\n    return abs(2 * x)\n")
    assert unseen.kind == SURVIVES
    assert "differs on" in unseen.detail


def test_an_answer_whose_points_depend_on_the_seed_varies() -> None:
    def draw(rng: np.random.Generator) -> list[Case]:
        return [Case("sure", arrays(np.array([1.0]))), Case("chance", arrays(np.array([rng.normal()])))]

    groups = (Group("sure", 0.5), Group("chance", 0.5))
    asked = question(draw, lambda x: 2 * x, groups=groups, anywhere=anywhere)
    found = fate(asked, "def answer(x):\n    return 2 * x if x[0] < 0 else x\n")
    assert found.kind == VARIES
    assert "0 (" in found.detail


def test_an_endless_answer_and_one_that_cannot_be_defined_are_killed() -> None:
    asked = question(drawn(3), lambda x: 2 * x, anywhere=anywhere)
    assert fate(asked, "def answer(x):\n    while True:\n        pass\n", seeds=1).kind == KILLED
    assert fate(asked, "answer = undefined\n").kind == KILLED


WITH_A_GIVEN_ONE = f'''def answer(x):
    return double(x) + 1


def double(x):
    """Twice as much. {trial.GIVEN}."""
    return 2 * x
'''


def test_no_slips_are_made_in_a_function_that_the_notebook_provides(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = question(drawn(3), lambda x: 2 * x + 1, anywhere=anywhere)
    monkeypatch.setattr(type(asked), "answer", WITH_A_GIVEN_ONE)
    monkeypatch.setattr(type(asked), "styles", {})
    changed = {slip.line for _, slip in trial.slips_of_question(asked) if "on_" not in slip.source}
    assert 2 in changed
    assert not changed & {5, 6, 7}


def test_uninitialised_arrays_have_a_fixed_content() -> None:
    filled = trial.with_fixed_content(np.empty)
    assert filled((2, 2)).tolist() == [[77, 77], [77, 77]]
    assert filled(3, dtype=bool).all()
