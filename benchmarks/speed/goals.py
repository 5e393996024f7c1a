"""The goals that were set before anything was measured, and whether the file of results meets them.

All goals are for one thread. "poolkit" is the path that a call with impl="auto", the default, takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.speed.cases import AVERAGE, MAX, WINDOWS
from benchmarks.speed.draws import ADDED_MS, NO_SLOWER, TINY_MS
from benchmarks.speed.record import Measured, Row

EVERY_C = tuple(f"C{k}" for k in WINDOWS)
LARGE = EVERY_C[1:]
FOUR = ("onnxruntime", "openvino", "opencv", "jax")
PEERS = (*FOUR, "scipy", "skimage", "compile", "reduction")
ADDED_US = 1000 * ADDED_MS
TINY_US = 1000 * TINY_MS
BEST_AVERAGE = "Average: of the best peer's time, windows up to 7"
RANDOM = "Random shapes and windows: of torch's time"
# For each goal that was not reached: why not.
REASONS = {
    BEST_AVERAGE: (
        "OpenCV makes pictures smaller by half with a function for that alone, which adds four cells and "
        "writes one. The kernel takes windows of every size in two passes, divides in a third, and its 200 "
        "lines are full."
    ),
    RANDOM: (
        "In three dimensions torch's averages come back with channels first, whatever the layout of the "
        "input. poolkit keeps the layout: one copy more, which shows where the result is small."
    ),
}


@dataclass(frozen=True)
class Goal:
    """One line of the table.

    Args:
        says: the goal in words.
        limit: the most that is allowed.
        found: the measured value of each case, by the case's name; None if it was not measured.
        unit: written after the numbers; "" for ratios.
    """

    says: str
    limit: float
    found: dict[str, float | None]
    unit: str = ""

    @property
    def worst(self) -> tuple[str, float] | None:
        """The case with the largest value; None if any case was not measured."""
        there = {name: value for name, value in self.found.items() if value is not None}
        if not there or len(there) < len(self.found):
            return None
        name = max(there, key=there.__getitem__)
        return name, there[name]

    @property
    def missed(self) -> list[str]:
        """The cases over the limit."""
        return [name for name, value in self.found.items() if value is not None and value > self.limit]

    @property
    def verdict(self) -> str:
        """ "met", "not met", or "not measured"."""
        if self.worst is None:
            return "not measured"
        return "not met" if self.missed else "met"


def goals(measured: Measured) -> list[Goal]:
    """Every goal, with the measured values.

    Args:
        measured: the results on one thread.
    """
    return [
        *_max_forward(measured),
        *_average_forward(measured),
        *_backward(measured),
        *_never_slower(measured),
        *_without_compiler(measured),
    ]


def _max_forward(measured: Measured) -> list[Goal]:
    small, whole = ("A", "B", "C3"), ("A", "B", *EVERY_C)
    return [
        Goal("Maximum: of torch's time on A, B and C3", 0.10, _to(measured, small, MAX, "native")),
        Goal("Maximum: of torch's time on C, windows from 7 on", 0.05, _to(measured, LARGE, MAX, "native")),
        Goal("Maximum: times the floor on A and B", 1.7, _to(measured, ("A", "B"), MAX, "floor")),
        Goal("Maximum: of the time of the best of ONNX Runtime, OpenVINO, OpenCV and JAX", 1.0,
             _to_best(measured, whole, MAX, FOUR)),
        Goal("Maximum: the same at a window of 63", 0.55, _to_best(measured, ("C63",), MAX, FOUR)),
        Goal("From a window of 7 to one of 63: how many times the cost, in floors", 1.8,
             {operation: _growth(measured, operation) for operation in (MAX, AVERAGE)}),
    ]  # fmt: skip


def _average_forward(measured: Measured) -> list[Goal]:
    return [
        Goal("Average: of torch's time on C, windows from 15 on", 0.04,
             _to(measured, EVERY_C[2:], AVERAGE, "native")),
        Goal(BEST_AVERAGE, 1.2,
             _to_best(measured, ("A", "B", *EVERY_C[:2]), AVERAGE, PEERS)),
        Goal("Global average: times the floor", 1.2, _to(measured, ("G",), AVERAGE, "floor")),
        Goal("Global maximum: times the floor", 1.5, _to(measured, ("G",), MAX, "floor")),
    ]  # fmt: skip


def _backward(measured: Measured) -> list[Goal]:
    everything = ("A", "B", *EVERY_C)
    return [
        Goal(
            "Maximum with gradients: of torch's time on A, B and C",
            0.40,
            _to(measured, everything, MAX, "native", True),
        ),
        Goal(
            "Maximum with gradients: windows from 15 on",
            0.14,
            _to(measured, EVERY_C[2:], MAX, "native", True),
        ),
        Goal(
            "Average with gradients: of torch's time",
            1.0,
            _to(measured, (*everything, "G"), AVERAGE, "native", True),
        ),
        Goal(
            "Average with gradients: windows from 7 on", 0.17, _to(measured, LARGE, AVERAGE, "native", True)
        ),
    ]


def _never_slower(measured: Measured) -> list[Goal]:
    """The goals for the random and the tiny cases.

    Cases that take torch less than 50 microseconds are judged by the time that poolkit adds.
    """
    drawn = [row for row in measured.results["random"] if row["threads"] == measured.threads]
    tiny = {row["says"]: 1000 * row["added"] for row in drawn if row["native"] < TINY_MS}
    tiny |= {small_name(row): row["added"] for row in small(measured) if row["native"] < TINY_US}
    rest: dict[str, float | None] = {row["says"]: row["ratio"] for row in drawn if row["native"] >= TINY_MS}
    return [
        Goal(RANDOM, NO_SLOWER, rest),
        Goal("Where torch takes under 50 microseconds: added", ADDED_US, dict(tiny), " µs"),
    ]


def _without_compiler(measured: Measured) -> list[Goal]:
    return [
        Goal(
            "Without compiler, maximum: of torch's time on A, B and C3",
            0.25,
            _to(measured, ("A", "B", "C3"), MAX, "native", path="fast"),
        ),
        Goal(
            "Without compiler, maximum: windows from 7 on",
            0.06,
            _to(measured, LARGE, MAX, "native", path="fast"),
        ),
    ]


def accuracy(rows: Sequence[Row]) -> Goal:
    """The goal that the largest error of each poolkit path is at most torch's in the same case."""
    torchs = {(row["case"], row["path"]): row for row in rows}
    found: dict[str, float | None] = {}
    for row in rows:
        if row["path"] in ("auto", "auto-last", "fast", "compiled"):
            torch_row = torchs[row["case"], "native-last" if row["path"].endswith("last") else "native"]
            for part in ("output", "gradient"):
                found[f"{row['case']}, {row['path']}, {part}"] = _over(row[part], torch_row[part])
    return Goal("Average: largest error against double precision, of torch's", 1.0, found)


def small(measured: Measured) -> list[Row]:
    """The rows of the tiny inputs, for this number of threads."""
    return [row for row in measured.results["small"] if row["threads"] == measured.threads]


def small_name(row: Row) -> str:
    """The name of the case of a tiny input."""
    return f"{row['operation']} {row['case']}{', with gradients' if row['backward'] else ''}"


def _to(measured: Measured, cases: Iterable[str], operation: str, base: str, backward: bool = False,
        path: str = "auto") -> dict[str, float | None]:  # fmt: skip
    return {name: measured.ratio(name, operation, path, base, backward) for name in cases}


def _growth(measured: Measured, operation: str) -> float | None:
    """The ratio of the slowest window to the fastest, among those from 7 to 63.

    Each time is divided by the floor's in the same rounds, so that changes in the machine's speed cancel out.
    """
    found = _to(measured, LARGE, operation, "floor").values()
    there = [value for value in found if value is not None]
    return max(there) / min(there) if len(there) == len(LARGE) else None


def _to_best(
    measured: Measured, cases: Iterable[str], operation: str, among: Iterable[str]
) -> dict[str, float | None]:
    bests = {name: measured.best(name, operation, among) for name in cases}
    return {
        name: None if best is None else measured.ratio(name, operation, "auto", best)
        for name, best in bests.items()
    }


def _over(error: float, base: float) -> float:
    return 1.0 if error == base else error / base if base else float("inf")
