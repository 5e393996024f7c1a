"""Names that every doctest may use without saying so;
and no test is left out in CI without a reason that counts.
"""

import os
from importlib.util import find_spec
from typing import Any

import pytest
import torch

# What a machine of CI cannot have: a GPU, what torch brings for it, and the frameworks of `make conformance`.
# What a copy of the course with other questions cannot have: a class that was graded with the shipped ones.
MAY_BE_LEFT_OUT = {"gpu", "triton", "peers", "shipped"}
# Both import it. The second is run by tests/poolkit/test_on_cuda.py, in Triton's interpreter.
collect_ignore = [] if find_spec("triton") else ["poolkit/on_cuda.py", "tests/poolkit/interpreted.py"]


@pytest.fixture(autouse=True)
def _names_in_doctests(doctest_namespace: dict[str, Any]) -> None:
    doctest_namespace["torch"] = torch


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say which tests were left out; with CI set, one too many fails the run."""
    skipped = terminalreporter.stats.get("skipped", [])
    left_out = [report for report in skipped if not MAY_BE_LEFT_OUT & report.keywords.keys()]
    if left_out and os.environ.get("CI"):
        for report in left_out:
            terminalreporter.write_line(f"left out in CI: {report.nodeid}", red=True)
        terminalreporter._session.exitstatus = pytest.ExitCode.TESTS_FAILED
