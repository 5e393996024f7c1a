"""What beginners read about their first slips: the page of them is fresh, and nearly all lead on."""

from __future__ import annotations

import pytest

from poolgrader.judging.verdict import Verdict
from tests.poolgrader import beginners
from tests.poolgrader.beginners import ASKED, SLIPS, Slip


@pytest.fixture(scope="module")
def verdicts() -> dict[Slip, Verdict]:
    return {slip: slip.verdict() for slip in ASKED}


def test_there_are_sixty_and_each_is_another() -> None:
    assert len(SLIPS) >= 60
    assert len({slip.answer() + slip.question for slip in ASKED}) == len(ASKED)
    assert len({slip.question for slip in SLIPS}) >= 15


def test_every_slip_loses_points(verdicts: dict[Slip, Verdict]) -> None:
    assert [slip.what for slip, seen in verdicts.items() if seen.points >= seen.question.points] == []


def test_nearly_all_are_told_what_it_is(verdicts: dict[Slip, Verdict]) -> None:
    """A known mistake, another cause, or a fact beside the numbers; the rest is asked a question."""
    told = [
        slip for slip, seen in verdicts.items() if seen.diagnosis.mistakes or seen.cause or seen.deductions
    ]
    assert len(told) >= 0.8 * len(ASKED)


def test_the_page_is_fresh() -> None:
    fresh = beginners.page()
    assert beginners.PAGE.read_text(encoding="utf-8") == fresh, "run `python -m tests.poolgrader.beginners`"
