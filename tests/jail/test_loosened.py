"""Attacks at what is allowed for honest notebooks: none gains marks, costs marks or leaves traces."""

import os

import pytest

from tests.jail.attacks import LOOSENED
from tests.jail.campaign import Outcome
from tests.jail.fights import fought

STEP = 1 if os.environ.get("NIGHTLY") else 6  # every n-th attack is run
NAMES = tuple(attack.name for attack in LOOSENED[::STEP])
SANDBOXES = ("bubblewrap", "unprivileged")


@pytest.fixture(scope="module", params=SANDBOXES)
def outcomes(request: pytest.FixtureRequest) -> dict[str, Outcome]:
    if request.param == "bubblewrap" and os.geteuid() != 0:
        pytest.skip("needs root")
    return fought(request.param, False, NAMES)[1]


def test_there_are_at_least_25_attacks_with_names_of_their_own() -> None:
    assert len({attack.name for attack in LOOSENED}) == len(LOOSENED) >= 25


@pytest.mark.parametrize("name", NAMES)
def test_the_sandbox_holds(name: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[name]
    assert outcome.gained == 0, outcome.reason
    assert outcome.lost == 0, outcome.reason
    assert outcome.neighbour_lost == 0
    assert list(outcome.traces) == []
