"""Fixtures and settings of the tests.

Hypothesis draws the same examples in every run. The environment variable `POOLKIT_EXAMPLES` says how many.
"""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import torch

from poolkit import compiled, dispatch
from tests.poolkit.score import SCORES, Score

# The inputs are tiny, so more threads would save no time; on a busy machine they would wait for each other.
torch.set_num_threads(1)

hypothesis.settings.register_profile(
    "poolkit",
    # On a busy machine a first call into torch may take seconds.
    deadline=None,
    derandomize=True,
    max_examples=int(os.environ.get("POOLKIT_EXAMPLES", "100")),
)
hypothesis.settings.load_profile("poolkit")


# Modules that test the results of poolings; they run once for each implementation that `impl` can force.
CONFORMANCE = {"test_opinfo", "test_onnx", "test_functional", "test_deviations", "test_every_function"}
FORCED = ("max_pool", "avg_pool", "global", "MaxPool", "AveragePool")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.module.__name__.rpartition(".")[2] in CONFORMANCE:
        metafunc.parametrize("impl", ["auto", "torch", "fast", "compiled"], indirect=True, scope="module")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run a test only once if its pooling has a single implementation, not once for each value of `impl`."""
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        given = item.callspec.params if hasattr(item, "callspec") else {}
        named = str(given.get("name", given.get("case", "max_pool")))
        again = given.get("impl", "auto") != "auto" and not named.startswith(FORCED)
        (left if again else kept).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


@pytest.fixture(scope="module", autouse=True)
def impl(request: pytest.FixtureRequest) -> Iterator[str]:
    """Make all poolings of a test module use one implementation, as if each call had this `impl`."""
    forced = getattr(request, "param", "auto")
    if forced == "compiled":
        build_or_skip()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("max_pool", "avg_pool"):
            patch.setattr(dispatch, name, _forced(getattr(dispatch, name), forced))
        yield forced


def build_or_skip() -> None:
    """Build the compiled kernel, or skip the test if the machine has no C++ compiler."""
    if not compiled.available() and not shutil.which(os.environ.get("CXX", "c++")):
        pytest.skip("no C++ compiler")
    compiled.build()


def _forced(pool: Any, impl: str) -> Any:
    return lambda *given: pool(*given[:-1], impl if given[-1] == "auto" else given[-1])


@pytest.fixture(scope="module")
def score(request: pytest.FixtureRequest) -> Score:
    """Counts how many samples of a module agree; pytest's summary prints a line for each such module."""
    return SCORES.setdefault(request.module.__doc__.splitlines()[0].split(":")[0], Score())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, counted in SCORES.items():
        terminalreporter.write_line(f"{name}: {counted.passed:,} of {counted.total:,}")
