"""What a learner's process finds of this project on its disk: the calls and the jail,
and nothing of a course.
"""

from __future__ import annotations

import pytest

from poolgrader.jail.view import SOURCE, view_of


@pytest.mark.parametrize("library", ["numpy", "torch"])
def test_of_the_project_only_the_jail_is_there(library: str) -> None:
    own = {place for place in view_of(library).entries if place.startswith(f"{SOURCE}/")}
    assert own == {f"{SOURCE}/poolgrader/{part}" for part in ("__init__.py", "calls", "jail")}


@pytest.mark.parametrize("library", ["numpy", "torch"])
def test_no_course_and_nothing_that_it_is_made_of_is_there(library: str) -> None:
    paths = " ".join(view_of(library).entries.values())
    assert "solutions" not in paths
    assert "poolkit" not in [place.rpartition("/")[2] for place in view_of(library).entries]
