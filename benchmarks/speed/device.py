"""The results of `python -m benchmarks.pooling_gpu` on a GPU: their file, and their table."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from pathlib import Path

from benchmarks.speed.cases import FIXED
from benchmarks.speed.record import SHIPPED, Results, Row, lines
from benchmarks.speed.tables import ABSENT, ALIKE, TITLES, Table, number

ON_A_GPU = SHIPPED.with_name("pooling_gpu.json")
SHOWN = ("native", "native-last", "reduction", "compile", "auto", "auto-last", "fast", "compiled")


def read(path: Path = ON_A_GPU) -> Results:
    """Read the facts about the machine, and a row for each case and path."""
    results: Results = json.loads(path.read_text(encoding="utf-8"))
    return results


def write(path: Path, facts: dict[str, str], rows: Sequence[Row]) -> None:
    """Write the file, one line for each row."""
    path.write_text(f'{{\n"facts": {json.dumps(facts)},\n"rows": {lines(rows)}\n}}\n', encoding="utf-8")


def where(results: Results) -> str:
    """The device and the date, in a sentence."""
    facts = results["facts"]
    return f"Measured on {facts['date']} on one {facts['device']}, with torch {facts['torch']}."


def table(results: Results, operation: str, backward: bool = False) -> Table:
    """The milliseconds of each path for each case, and in brackets the ratio to torch's time."""
    found = {
        (row["path"], row["case"]): row
        for row in results["rows"]
        if (row["operation"], row["backward"]) == (operation, backward)
    }
    rows = [
        [TITLES[name], *(_cell(found.get((name, case))) for case in FIXED)]
        for name in SHOWN
        if any((name, case) in found for case in FIXED)
    ]
    of = "values and gradients" if backward else "values"
    return Table(f"{ALIKE[operation]}, {of}, on a GPU: ms (of torch's time)", ["path", *FIXED], rows)


def _cell(row: Row | None) -> str:
    if row is None:
        return ABSENT
    return (
        "wrong result"
        if row["wrong"]
        else f"{number(statistics.median(row['ms']))} ({number(row['of_native'])})"
    )
