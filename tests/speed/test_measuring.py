"""Benchmarks: what is timed, which wrong results are refused, and how ratios come from rounds."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from benchmarks.speed import accuracy, draws, floor, timing
from benchmarks.speed.cases import AVERAGE, FIXED, MAX, SMOKE, Case
from benchmarks.speed.measure import Wrong, rows_of
from benchmarks.speed.paths import PATHS, Path, Prepared, native, prepared
from benchmarks.speed.peers import PEERS

NATIVE = PATHS[0]
LOCKED = ("scipy", "skimage")  # the tests' environment has these


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def spoilt(part: int) -> Path:
    """Make a path that equals torch except for one number of the output (0) or of the gradient (1)."""

    def prepare(case: Case, x: Tensor, given: Tensor | None) -> Prepared | None:
        ready = prepared(native(case), x, given)
        assert ready is not None

        def read(result: list[Tensor]) -> list[np.ndarray]:
            arrays = [array.copy() for array in ready.read(result)]
            if part < len(arrays):
                arrays[part].flat[0] += 1
            return arrays

        return Prepared(ready.call, read)

    return Path("spoilt", "one number off", prepare)


@pytest.mark.parametrize(("part", "name"), [(0, "output"), (1, "gradient")])
def test_a_path_with_wrong_results_is_not_timed(part: int, name: str) -> None:
    with pytest.raises(Wrong, match=f"one number off, max B: the {name} is not that of torch"):
        rows_of(SMOKE["B"], [NATIVE, spoilt(part)], 1, 0.01)


@pytest.mark.parametrize(
    "path", [path for path in PATHS if path.name != "compile"], ids=lambda path: path.name
)
@pytest.mark.parametrize("case", SMOKE.values(), ids=SMOKE)
def test_every_path_of_torch_and_poolkit_gives_torchs_results(path: Path, case: Case) -> None:
    rows = rows_of(case, [path], 1, 0.01)
    assert {row["path"] for row in rows} <= {"floor", path.name}
    lacks = {"reduction": not case.whole, "fast": case.whole, "compiled": case.whole}
    assert any(row["path"] == path.name for row in rows) != lacks.get(path.name, False)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=() if path.name in LOCKED else pytest.mark.peers, id=path.name)
        for path in PEERS
    ],
)
def test_every_installed_peer_gives_torchs_results(path: Path) -> None:
    if not path.installed:
        pytest.skip(f"{path.title} is not installed: `make bench` installs it")
    assert path.version[0].isdigit()
    had = set()
    for case in SMOKE.values():
        had |= {
            (row["case"], row["operation"])
            for row in rows_of(case, [path], 1, 0.01)
            if row["path"] == path.name
        }
    assert {("C3", MAX), ("C7", MAX)} <= had


def test_rounds_are_interleaved_and_slow_calls_skip_some_rounds() -> None:
    order: list[str] = []

    def named(name: str) -> Callable[[], None]:
        return lambda: order.append(name)

    taken = timing.interleaved({"a": named("a"), "b": named("b")}, 8, 100.0, repeats=1)
    rounds = [
        order[-32:][at : at + 4] for at in range(0, 32, 4)
    ]  # each call runs twice, the first time as a warm-up
    assert {tuple(names) for names in rounds} == {("a", "a", "b", "b"), ("b", "b", "a", "a")}
    assert all(ms is not None for times in taken.values() for ms in times)
    slow = timing.interleaved({"a": named("a"), "slow": lambda: math.factorial(5000)}, 9, 1e-9, repeats=1)
    assert [at for at, ms in enumerate(slow["slow"]) if ms is not None] == [0, 4, 8]


def test_the_processor_clock_does_not_count_waiting() -> None:
    try:
        timing.use("processor")
        assert timing.seconds(lambda: time.sleep(0.05)) < 0.04
        timing.use("wall")
        assert timing.seconds(lambda: time.sleep(0.05)) >= 0.05
    finally:
        timing.use("wall")


def test_a_ratio_is_the_median_of_the_ratios_of_rounds() -> None:
    assert timing.ratio([2.0, 30.0, 6.0, None], [1.0, 10.0, 1.0, 1.0]) == 3.0
    assert timing.median([5.0, None, 1.0, 3.0]) == 3.0


@pytest.mark.parametrize("backward", [False, True])
def test_the_floor_reads_the_input_and_writes_an_output(backward: bool) -> None:
    x, y = torch.zeros(2, 3, 8, 8), torch.zeros(2, 3, 4, 4)
    made = floor.floor(x, y, backward)()
    assert made.shape == (x if backward else y).shape
    assert made.data_ptr() not in (x.data_ptr(), y.data_ptr())
    assert floor.bytes_moved(x, y, backward) == 4 * (384 + 96) * (2 if backward else 1)


def test_draws_are_the_same_and_of_every_kind() -> None:
    cases = draws.draws()
    assert cases == draws.draws()
    assert len(cases) == 200
    assert len(set(map(str, cases))) == 200
    assert {case.axes for case in cases} == {1, 2, 3}
    assert {case.operation for case in cases} == {MAX, AVERAGE}
    assert {case.channels_last for case in cases} == {True, False}
    assert {case.dtype for case in cases} == {torch.float32, torch.float64, torch.bfloat16}
    assert {name for case in cases for name in case.options} == {
        "ceil_mode",
        "dilation",
        "count_include_pad",
    }


def test_long_draws_are_judged_by_ratio_and_short_ones_by_added_time() -> None:
    tiny, long = (
        {"native": 0.049, "ratio": 3.0, "added": 0.0041},
        {"native": 0.05, "ratio": 1.051, "added": 0.0},
    )
    assert [draws.within(row) for row in (tiny, long)] == [False, False]
    assert draws.within(tiny | {"added": 0.004})
    assert draws.within(long | {"ratio": 1.05})


def test_errors_are_measured_against_double_precision() -> None:
    def prepare(case: Case, x: Tensor, given: Tensor | None) -> Prepared | None:
        return prepared(lambda x: native(case)(x) + 0.5, x, given)

    rows = accuracy.measure([SMOKE["C3"]], [NATIVE, Path("off", "off by a half", prepare)])
    assert rows[0]["output"] < 1e-3
    assert rows[1]["output"] == pytest.approx(0.5, abs=1e-3)
    assert rows[1]["gradient"] == rows[0]["gradient"]


def test_the_fixed_cases_are_those_that_are_documented() -> None:
    assert {name: (case.shape, case.kernel, case.stride, case.padding) for name, case in FIXED.items()} == {
        "A": ((32, 64, 112, 112), (3, 3), (2, 2), (1, 1)),
        "B": ((1, 3, 1080, 1920), (2, 2), (2, 2), (0, 0)),
        **{f"C{k}": ((8, 64, 56, 56), (k, k), (1, 1), (k // 2, k // 2)) for k in (3, 7, 15, 31, 63)},
        "G": ((64, 2048, 7, 7), (7, 7), (7, 7), (0, 0)),
    }
    assert replace(FIXED["A"], operation=AVERAGE) == FIXED["A"].other(AVERAGE)
