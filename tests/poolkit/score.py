"""How many of somebody else's samples agree; printed when the tests are over."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Score:
    passed: int = 0
    total: int = 0


SCORES: dict[str, Score] = {}
