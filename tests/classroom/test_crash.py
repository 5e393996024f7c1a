"""Five runs killed at random moments and resumed; `make nightly` has thirty, and the figures."""

import json

from tests.classroom import crash


def test_a_killed_run_goes_on_and_ends_as_if_nothing_had_been() -> None:
    runs = list(crash.campaign(5))
    assert [run for run in runs if run.differences] == []
    assert len(runs) == 5


def test_the_figures_of_the_thirty() -> None:
    figures = json.loads(crash.FIGURES.read_text(encoding="utf-8"))
    assert figures["runs"] >= 30
    assert figures["killed between the first and the last"] >= 10
    assert figures["unlike an undisturbed run"] == 0
