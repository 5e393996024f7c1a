"""A learner's process sees only poolgrader.calls and poolgrader.jail of this project, and no course."""

from __future__ import annotations

import pytest

from poolgrader.jail.view import SOURCE, view_of


@pytest.mark.parametrize("library", ["numpy", "torch"])
def test_only_calls_and_jail_of_the_project_are_visible(library: str) -> None:
    own = {place for place in view_of(library).entries if place.startswith(f"{SOURCE}/")}
    assert own == {f"{SOURCE}/poolgrader/{part}" for part in ("__init__.py", "calls", "jail")}


@pytest.mark.parametrize("library", ["numpy", "torch"])
def test_no_course_and_no_reference_package_is_visible(library: str) -> None:
    paths = " ".join(view_of(library).entries.values())
    assert "solutions" not in paths
    assert "poolkit" not in [place.rpartition("/")[2] for place in view_of(library).entries]
