"""Attacks on the grader, as data: one module for each kind of attack."""

from tests.jail.attacks import (
    delegation,
    dying,
    escape,
    forging,
    lingering,
    loosened,
    network,
    reading,
    showing,
    wiring,
)
from tests.jail.attacks.attack import Attack

ATTACKS: tuple[Attack, ...] = (
    *delegation.ATTACKS,
    *forging.ATTACKS,
    *reading.ATTACKS,
    *escape.ATTACKS,
    *network.ATTACKS,
    *dying.ATTACKS,
    *wiring.ATTACKS,
    *lingering.ATTACKS,
    *showing.ATTACKS,
)
# Against what is allowed so that honest notebooks keep their marks; test_loosened.py runs them.
LOOSENED: tuple[Attack, ...] = loosened.ATTACKS
