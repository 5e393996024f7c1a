"""What the check says about beginners' slips: most are explained, and the page about them is up to date."""

from __future__ import annotations

import pytest

from poolgrader.judging.verdict import Verdict
from tests.poolgrader import beginners
from tests.poolgrader.beginners import ASKED, SLIPS, Slip


@pytest.fixture(scope="module")
def verdicts() -> dict[Slip, Verdict]:
    return {slip: slip.verdict() for slip in ASKED}


def test_there_are_sixty_different_slips_in_fifteen_questions() -> None:
    assert len(SLIPS) >= 60
    assert len({slip.answer() + slip.question for slip in ASKED}) == len(ASKED)
    assert len({slip.question for slip in SLIPS}) >= 15


def test_every_slip_loses_points(verdicts: dict[Slip, Verdict]) -> None:
    assert [slip.what for slip, seen in verdicts.items() if seen.points >= seen.question.points] == []


def test_the_check_explains_at_least_80_percent_of_the_slips(verdicts: dict[Slip, Verdict]) -> None:
    """It names a known mistake or another cause, or states a fact; for the other slips it asks a question."""
    told = [
        slip for slip, seen in verdicts.items() if seen.diagnosis.mistakes or seen.cause or seen.deductions
    ]
    assert len(told) >= 0.8 * len(ASKED)


def test_the_page_of_first_slips_is_up_to_date() -> None:
    fresh = beginners.page()
    assert beginners.PAGE.read_text(encoding="utf-8") == fresh, "run `python -m tests.poolgrader.beginners`"
