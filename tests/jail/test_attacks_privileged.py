"""Attacks with every wall, as root: nothing gained, lost, touched or left,
and an honest learner graded right after each.
"""

import os

import pytest

from poolgrader.jail.confine import LAYERS
from tests.jail.campaign import Outcome
from tests.jail.fights import chosen, fought

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="needs root: the other two files hold for everybody else"
)
NAMES = tuple(attack.name for attack in chosen(4, first=0))
STANDING = tuple(layer.name for layer in LAYERS)


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    walls, outcomes = fought("bubblewrap", False, NAMES)
    assert tuple(walls["wall"].split(", ")) == STANDING
    assert walls["user"] == 0
    return outcomes


@pytest.mark.parametrize("name", NAMES)
def test_the_walls_hold(name: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[name]
    assert outcome.gained == 0, outcome.reason
    assert outcome.lost == 0, outcome.reason
    assert outcome.neighbour_lost == 0
    assert list(outcome.traces) == []
