"""Many attacks work without a sandbox, which shows that the tests with a sandbox can fail."""

import pytest

from tests.jail.attacks import ATTACKS
from tests.jail.campaign import Outcome
from tests.jail.fights import fought

NAMES = tuple(attack.name for attack in ATTACKS if attack.bare)


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    facts, outcomes = fought("none", False, NAMES)
    assert facts["layers"] == "a process of its own, without a sandbox"
    return outcomes


def test_there_are_at_least_forty_of_them() -> None:
    assert len(NAMES) >= 40


@pytest.mark.parametrize("name", NAMES)
def test_the_attack_works_without_a_sandbox(name: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[name]
    assert outcome.gained or outcome.traces, outcome.reason
