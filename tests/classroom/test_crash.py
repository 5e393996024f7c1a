"""Kill five grading runs at random moments and resume them; `make nightly` does this with thirty."""

import json

from tests.classroom import crash


def test_killed_and_resumed_runs_equal_one_that_was_not_killed() -> None:
    runs = list(crash.campaign(5))
    assert [run for run in runs if run.differences] == []
    assert len(runs) == 5


def test_the_saved_figures_show_no_difference() -> None:
    figures = json.loads(crash.FIGURES.read_text(encoding="utf-8"))
    assert figures["runs"] >= 30
    assert figures["killed between the first and the last"] >= 10
    assert figures["unlike an undisturbed run"] == 0
