"""No attack gains marks, costs marks or leaves traces if the full sandbox runs as an ordinary user.

An honest submission is graded right after each attack, and must get full marks.
"""

import pytest

from poolgrader.jail.confine import LAYERS
from tests.jail import ordinary
from tests.jail.campaign import Outcome
from tests.jail.fights import chosen, fought

pytestmark = pytest.mark.skipif(
    not ordinary.can(), reason="needs unshare, setpriv and mount to run as the user nobody"
)
NAMES = tuple(attack.name for attack in chosen(8, first=1))
LAYER_NAMES = tuple(layer.name for layer in LAYERS)


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    facts, outcomes = fought("bubblewrap", True, NAMES)
    assert tuple(facts["layers"].split(", ")) == LAYER_NAMES
    assert facts["user"] != 0
    return outcomes


@pytest.mark.parametrize("name", NAMES)
def test_the_sandbox_holds(name: str, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[name]
    assert outcome.gained == 0, outcome.reason
    assert outcome.lost == 0, outcome.reason
    assert outcome.neighbour_lost == 0
    assert list(outcome.traces) == []
