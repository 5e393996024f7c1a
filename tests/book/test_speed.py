"""Tests that tables and pictures of the page 'How fast?' follow from the shipped file of measurements.

These tests compute the numbers from the file with code of their own.
"""

from __future__ import annotations

import json
import re
import statistics
from html import unescape
from typing import Any

import pytest

from benchmarks.speed import device, drawing, goals, record, tables
from benchmarks.speed.cases import AVERAGE, FIXED, MAX
from benchmarks.speed.draws import COUNT
from benchmarks.speed.timing import LEAST_ROUNDS, PATIENCE
from poolkit import dispatch
from tests.book.contents import ROOT, pages, source

PAGE = "book/reference/speed"
FILE = ROOT / "benchmarks" / "results" / "pooling.json"
ON_A_GPU: dict[str, Any] = device.read()
MADE: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
ROWS = {(r["case"], r["operation"], r["backward"], r["threads"], r["path"]): r["ms"] for r in MADE["rows"]}
PATHS = ("floor", "native", "native-last", "compile", "auto", "auto-last", "fast")
WAYS = [(operation, backward) for operation in (MAX, AVERAGE) for backward in (False, True)]


def test_the_page_is_listed_and_its_prose_holds_no_measured_number() -> None:
    assert PAGE in pages()
    prose = re.sub(r"^```.*?^```", "", source(PAGE).read_text(encoding="utf-8"), flags=re.M | re.S)
    # Leave out the table of cases, which is not prose.
    prose = re.sub(r"^\|.*$", "", prose, flags=re.M)
    assert not re.search(r"\d+(\.\d+)? ?(times|ms|milliseconds of|%|percent)", prose)


def test_every_case_was_measured_on_every_path() -> None:
    for case in FIXED:
        for operation, backward in WAYS:
            for path in PATHS if case != "G" else PATHS[:-1]:
                taken = [ms for ms in ROWS[case, operation, backward, 1, path] if ms is not None]
                assert len(taken) >= (LEAST_ROUNDS if min(taken) < 1000 * PATIENCE else 1), (case, path)
    assert len({row["case"] for row in MADE["random"] if row["threads"] == 1}) == COUNT
    assert {row["path"] for row in MADE["memory"]} >= set(PATHS) - {"floor"}
    assert {row["case"] for row in MADE["accuracy"]} == set(FIXED)


def test_two_threads_were_measured_on_every_case_that_the_page_shows() -> None:
    twice = {key[0] for key in ROWS if key[3] == 2}
    assert {"A", "B", "C3", "C7", "C15"} <= twice <= set(FIXED)


def test_every_peer_was_measured_and_is_named_with_its_version() -> None:
    peers = {"ONNX Runtime", "OpenVINO", "JAX", "OpenCV", "SciPy", "scikit-image", "torch", "torch.compile"}
    assert {title for title, version in MADE["versions"].items() if version[0].isdigit()} >= peers
    said = tables.with_what(MADE)
    assert all(f"{title} {MADE['versions'][title]}" in said for title in peers)


def test_the_page_names_the_machine_and_the_day() -> None:
    facts = MADE["facts"]
    assert set(facts) == {
        "date",
        "system",
        "processor",
        "cores",
        "instructions",
        "python",
        "clock",
        "kernel",
    }
    assert (facts["clock"], facts["kernel"]) == ("wall", "compiled")
    said = tables.where(MADE)
    assert all(value in said for value in facts.values())


def cells(table: tables.Table) -> dict[tuple[str, str], str]:
    """The texts of a table's cells, read from its HTML; the keys are pairs of row name and column name."""
    text = table._repr_html_()
    head = [unescape(cell) for cell in re.findall(r'<th scope="col">(.*?)</th>', text)]
    found = {}
    for row in re.findall(r"<tr[^>]*>(<th scope=\"row\".*?)</tr>", text):
        name = unescape(re.findall(r"<th[^>]*>(.*?)</th>", row)[0])
        for column, cell in zip(head[1:], re.findall(r"<td>(.*?)</td>", row), strict=True):
            found[name, column] = unescape(cell)
    return found


def numbers(text: str) -> list[float]:
    return [float(one.replace(",", "")) for one in re.findall(r"[\d.,]*\d", text)]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize(("operation", "backward"), WAYS)
def test_each_cell_is_a_median_of_the_file(operation: str, backward: bool, threads: int) -> None:
    shown = cells(tables.times(record.shipped(threads), operation, backward))
    for (case, *way, path), times in ROWS.items():
        if way != [operation, backward, threads] or path == "floor":
            continue
        floors = ROWS[case, operation, backward, threads, "floor"]
        ms = statistics.median(one for one in times if one is not None)
        ratio = statistics.median(
            one / base for one, base in zip(times, floors, strict=True) if one is not None
        )
        assert numbers(shown[tables.TITLES[path], case]) == pytest.approx([ms, ratio], rel=0.051, abs=0.0006)


def test_the_picture_says_where_each_line_begins_and_ends() -> None:
    alt = drawing.growth(record.shipped(1), MAX).alt
    for path, title in (("native", "torch"), ("auto", "poolkit"), ("fast", "poolkit without compiler")):
        found = re.search(rf"[.;] {title} from ([\d.,]+) to ([\d.,]+) ms", alt)
        assert found is not None, title
        ends = [
            statistics.median(x for x in ROWS[f"C{k}", MAX, False, 1, path] if x is not None) for k in (3, 63)
        ]
        assert numbers(f"{found[1]} {found[2]}") == pytest.approx(ends, rel=0.051)


def test_the_picture_of_random_cases_counts_them() -> None:
    rows = [row for row in MADE["random"] if row["threads"] == 1]
    longer = [row["ratio"] for row in rows if row["native"] >= 0.05]
    alt = drawing.random_cases(rows).alt
    assert f"{len(rows)} random cases. Of the {len(longer)} that take torch 50 microseconds" in alt
    assert f"quicker in {len([one for one in longer if one < 1 / 1.05])}," in alt
    assert f"slower in {len([one for one in longer if one > 1.05])}." in alt


def test_verdicts_on_goals_follow_from_the_file() -> None:
    """The test computes two of the verdicts itself."""
    shown = cells(tables.goal_table(tables.every_goal(MADE)))

    def ratio(case: str, operation: str, base: str) -> float:
        pairs = zip(*(ROWS[case, operation, False, 1, path] for path in ("auto", base)), strict=True)
        median: float = statistics.median(a / b for a, b in pairs if a is not None and b is not None)
        return median

    met = max(ratio(f"C{k}", MAX, "native") for k in (7, 15, 31, 63)) <= 0.05
    assert (shown["Maximum: of torch's time on C, windows from 7 on", "verdict"] == "met") == met
    met = ratio("G", AVERAGE, "floor") <= 1.2
    assert (shown["Global average: times the floor", "verdict"] == "met") == met
    assert {text for (_, column), text in shown.items() if column == "verdict"} <= {"met", "not met"}


def test_missed_goals_have_a_reason_and_other_goals_have_none() -> None:
    every = tables.every_goal(MADE)
    assert {goal.says for goal in every if goal.missed} == set(goals.REASONS)
    text = tables.reasons(every)
    for goal in every:
        assert (goal.says in text) == bool(goal.missed)
        assert all(f"{name}: {goal.found[name]:.3f}{goal.unit}" in text for name in goal.missed)
    assert tables.reasons([]) == "All of them were reached."


@pytest.mark.parametrize(("operation", "backward"), WAYS)
def test_each_cell_of_the_gpu_is_a_median_of_its_file(operation: str, backward: bool) -> None:
    shown = cells(device.table(ON_A_GPU, operation, backward))
    rows = [row for row in ON_A_GPU["rows"] if (row["operation"], row["backward"]) == (operation, backward)]
    base = {row["case"]: row["ms"] for row in rows if row["path"] == "native"}
    seen = 0
    for row in rows:
        if row["path"] not in device.SHOWN:
            continue
        seen += 1
        cell = shown[tables.TITLES[row["path"]], row["case"]]
        if row["wrong"]:
            assert cell == "wrong result"
            continue
        ratio = statistics.median(a / b for a, b in zip(row["ms"], base[row["case"]], strict=True))
        assert numbers(cell) == pytest.approx([statistics.median(row["ms"]), ratio], rel=0.051, abs=0.0006)
    assert seen >= 3 * len(FIXED)


@pytest.mark.parametrize("gradient", [False, True])
def test_the_dispatch_table_agrees_with_the_measurements_on_the_gpu(gradient: bool) -> None:
    """The dispatch table names the cases in which poolkit takes its fast path on a GPU.

    In these cases the fast path was faster than torch when it was forced. In all other cases except C31 it
    was slower.
    """
    wanted = ("fast", "cuda", gradient)
    (row,) = [one for one in dispatch.TABLE if (one.path, one.device, one.gradient) == wanted]
    ratios = {
        one["case"]: one["of_native"]
        for one in ON_A_GPU["rows"]
        if (one["operation"], one["backward"], one["path"]) == (MAX, gradient, "fast")
    }
    pays = set()
    for name in ratios:
        case = FIXED[name]
        plan = dispatch.plan_of(
            "max_pool2d", case.input(), (case.kernel, case.stride, case.padding, 1, False)
        )
        pays |= {name} if row in plan.paying else set()
    assert pays == set(row.measured.split())
    assert all(ratios[name] < 0.6 for name in pays)
    assert all(ratio > 1 for name, ratio in ratios.items() if name not in {*pays, "C31"})


CUDA_ROWS = [row for row in dispatch.TABLE if (row.path, row.device) == ("compiled", "cuda")]


@pytest.mark.parametrize("row", CUDA_ROWS, ids=lambda row: f"{row.operation}-{row.layout}-{row.gradient}")
def test_compiled_gpu_kernels_were_faster_in_the_cases_that_their_rows_name(row: dispatch.Row) -> None:
    last = "-last" if row.layout == dispatch.LAST else ""
    operation = MAX if row.operation == "max" else AVERAGE
    found = {
        (one["case"], one["path"]): statistics.median(one["ms"])
        for one in ON_A_GPU["rows"]
        if (one["operation"], one["backward"]) == (operation, row.gradient) and one["ms"]
    }
    named = {name for name in FIXED if name in row.measured.split() or name[0] in row.measured.split()}
    assert {"A", "B", "C3", "C63"} <= named
    for name in named:
        torchs = [found[name, path] for path in ("native", f"native{last}") if (name, path) in found]
        assert found[name, f"auto{last}"] < 0.85 * min(torchs), name


def test_every_column_of_every_table_has_a_name() -> None:
    """If a column had no name, a screen reader could not announce it."""
    made = [tables.against_torch(record.shipped(2), backward) for backward in (False, True)]
    made += [tables.times(record.shipped(1), operation, back) for operation, back in WAYS]
    made += [device.table(ON_A_GPU, operation, back) for operation, back in WAYS]
    made += [tables.goal_table(tables.every_goal(MADE)), tables.worst_draws(record.shipped(1))]
    made += [
        tables.small_table(record.shipped(1)),
        tables.memory_table(MADE, MAX),
        tables.accuracy_table(MADE),
    ]
    assert [one.title for one in made if not all(one.head)] == []
