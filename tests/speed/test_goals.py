"""Whether a speed goal is met: verdicts on made-up results."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.speed.cases import AVERAGE, FIXED, MAX
from benchmarks.speed.goals import Goal, accuracy, goals
from benchmarks.speed.record import SECTIONS, Measured, merge, read, write

# Milliseconds of each path that meet every goal, for all cases, with and without gradients.
FINE = {"floor": 1.0, "auto": 1.1, "fast": 3.0, "native": 60.0, "onnxruntime": 3.0, "jax": 3.0}


def results(times: dict[tuple[str, str, str], float] | None = None) -> dict[str, Any]:
    """Make results that meet every goal, with some times replaced: (case, operation, path) to ms."""
    rows = [
        {
            "case": case,
            "operation": operation,
            "backward": backward,
            "threads": 1,
            "path": path,
            "ms": [(times or {}).get((case, operation, path), ms)] * 3,
        }
        for case in FIXED
        for operation in (MAX, AVERAGE)
        for backward in (False, True)
        for path, ms in FINE.items()
    ]
    made: dict[str, Any] = {name: [] for name in SECTIONS} | {"rows": rows, "facts": {}, "versions": {}}
    long = {"case": "random 1", "says": "one", "threads": 1, "native": 3.0, "ratio": 1.0, "added": 0.0}
    tiny = {"case": "tiny", "operation": MAX, "backward": False, "threads": 1, "native": 5.0, "added": 3.9}
    return made | {"random": [long], "small": [tiny]}


def missed(made: dict[str, Any]) -> set[str]:
    return {goal.says for goal in goals(Measured(made)) if goal.verdict == "not met"}


def test_every_goal_can_be_met() -> None:
    every = goals(Measured(results()))
    assert [goal.verdict for goal in every] == ["met"] * len(every) == ["met"] * 18


@pytest.mark.parametrize(
    ("key", "ms", "says"),
    [
        (("C3", MAX, "auto"), 6.1, "Maximum: of torch's time on A, B and C3"),
        (("C7", MAX, "auto"), 3.1, "Maximum: of torch's time on C, windows from 7 on"),
        (("B", MAX, "auto"), 1.8, "Maximum: times the floor on A and B"),
        (
            ("A", MAX, "jax"),
            1.0,
            "Maximum: of the time of the best of ONNX Runtime, OpenVINO, OpenCV and JAX",
        ),
        (("C63", MAX, "onnxruntime"), 1.9, "Maximum: the same at a window of 63"),
        (("C31", MAX, "auto"), 2.0, "From a window of 7 to one of 63: how many times the cost, in floors"),
        (
            ("C7", AVERAGE, "auto"),
            0.6,
            "From a window of 7 to one of 63: how many times the cost, in floors",
        ),
        (("C15", AVERAGE, "auto"), 2.5, "Average: of torch's time on C, windows from 15 on"),
        (("C3", AVERAGE, "jax"), 0.9, "Average: of the best peer's time, windows up to 7"),
        (("G", AVERAGE, "auto"), 1.21, "Global average: times the floor"),
        (("G", MAX, "auto"), 1.51, "Global maximum: times the floor"),
        (("A", MAX, "native"), 2.7, "Maximum with gradients: of torch's time on A, B and C"),
        (("C63", MAX, "native"), 7.8, "Maximum with gradients: windows from 15 on"),
        (("G", AVERAGE, "auto"), 61, "Average with gradients: of torch's time"),
        (("C7", AVERAGE, "native"), 6.4, "Average with gradients: windows from 7 on"),
        (("C3", MAX, "fast"), 15.1, "Without compiler, maximum: of torch's time on A, B and C3"),
        (("C31", MAX, "fast"), 3.7, "Without compiler, maximum: windows from 7 on"),
    ],
)
def test_one_case_over_the_limit_misses_the_goal(key: tuple[str, str, str], ms: float, says: str) -> None:
    assert says in missed(results({key: ms}))


def test_random_and_tiny_inputs() -> None:
    made = results()
    made["random"][0]["ratio"] = 1.06
    assert missed(made) == {"Random shapes and windows: of torch's time"}
    made = results()
    made["small"][0]["added"] = 4.1
    assert missed(made) == {"Where torch takes under 50 microseconds: added"}
    made = results()
    made["random"].append(
        {"case": "random 2", "says": "two", "threads": 1, "native": 0.01, "ratio": 1.9, "added": 0.0041}
    )
    assert missed(made) == {"Where torch takes under 50 microseconds: added"}
    made["random"][1]["threads"] = 2
    assert missed(made) == set()


def test_a_goal_whose_cases_were_not_measured_is_not_met() -> None:
    made = results()
    made["rows"] = [row for row in made["rows"] if (row["case"], row["path"]) != ("C15", "auto")]
    verdicts = {goal.says: goal.verdict for goal in goals(Measured(made))}
    assert verdicts["Maximum: of torch's time on C, windows from 7 on"] == "not measured"
    assert verdicts["Maximum: of torch's time on A, B and C3"] == "met"


def test_an_error_may_be_as_large_as_torchs() -> None:
    rows = [{"case": "A", "path": path, "output": 2e-5, "gradient": 0.0} for path in ("native", "auto")]
    assert accuracy(rows).verdict == "met"
    rows[1]["gradient"] = 1e-9
    assert accuracy(rows).missed == ["A, auto, gradient"]


def test_the_worst_and_the_missed_cases_are_named() -> None:
    goal = Goal("", 1.0, {"a": 0.5, "b": 2.0, "c": 1.5})
    assert goal.worst == ("b", 2.0)
    assert goal.missed == ["b", "c"]


def test_results_are_read_as_written_and_new_rows_replace_old_ones(tmp_path: Any) -> None:
    made = results()
    write(tmp_path / "made.json", made)
    assert read(tmp_path / "made.json") == made
    merge(made, "random", [{"case": "random 1", "threads": 1}], lambda row: row["threads"] == 1)
    assert made["random"] == [{"case": "random 1", "threads": 1}]
    assert read(tmp_path / "none.json")["rows"] == []
