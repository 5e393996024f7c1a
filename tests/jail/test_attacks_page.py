"""The instructors' page lists every attack that the tests run, and says that each was stopped."""

import re

from tests.jail.attacks import ATTACKS
from tests.jail.attacks_page import PAGE

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_lists_every_attack_of_the_suite() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (\w+) \| (\w+) \| (\w+) \|$", TEXT, re.MULTILINE)
    assert [(name, says) for name, says, *_ in rows] == [
        (attack.name, attack.says)
        for attack in sorted(
            ATTACKS,
            key=lambda attack: list(dict.fromkeys(other.kind for other in ATTACKS)).index(attack.kind),
        )
    ]
    assert {mark for row in rows for mark in row[2:]} == {"held"}


def test_there_are_at_least_sixty_attacks_with_unique_names() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS) >= 60


def test_the_counts_match_the_suite() -> None:
    counts = re.findall(r"\| (\d+) \| (\d+) \| (\S+) \| (\S+) \| (\d+) \| (\d+) \|$", TEXT, re.MULTILINE)
    assert counts == [(str(len(ATTACKS)), str(len(ATTACKS)), "0", "0", "0", "0")] * 3
