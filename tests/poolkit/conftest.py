"""Hypothesis draws the same examples in every run; `POOLKIT_EXAMPLES=1000` draws more of them."""

import os

import hypothesis
import pytest
import torch

from tests.poolkit.score import SCORES, Score

# The inputs are tiny, and threads that wait for each other are what a busy machine is slow at.
torch.set_num_threads(1)

hypothesis.settings.register_profile(
    "poolkit",
    # A first call into torch may take seconds on a busy machine.
    deadline=None,
    derandomize=True,
    max_examples=int(os.environ.get("POOLKIT_EXAMPLES", "100")),
)
hypothesis.settings.load_profile("poolkit")


@pytest.fixture(scope="module")
def score(request: pytest.FixtureRequest) -> Score:
    """Count samples that agree; the summary prints a line for each module that counts."""
    return SCORES.setdefault(request.module.__doc__.splitlines()[0].split(":")[0], Score())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, counted in SCORES.items():
        terminalreporter.write_line(f"{name}: {counted.passed:,} of {counted.total:,}")
