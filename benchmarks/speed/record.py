"""The file of results: one line for each thing measured, so that a difference can be read.

Sections: "facts" and "versions" say where and with what; "rows" hold the milliseconds of every round, from
which all medians and ratios are computed; "random", "small", "memory" and "accuracy" hold what those modules
give.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.speed.timing import median, ratio

SHIPPED = Path(__file__).parents[1] / "results" / "pooling.json"
SECTIONS = ("rows", "random", "small", "memory", "accuracy")
Row = dict[str, Any]
Results = dict[str, Any]
Times = list[float | None]


def read(path: Path = SHIPPED) -> Results:
    """The whole file; empty sections where there is none."""
    if not path.exists():
        return {"facts": {}, "versions": {}} | {name: [] for name in SECTIONS}
    results: Results = json.loads(path.read_text(encoding="utf-8"))
    return results


def write(path: Path, results: Results) -> None:
    """A line for each row, in the order in which they came."""
    parts = [f"{json.dumps(name)}: {json.dumps(results[name])}" for name in ("facts", "versions")]
    parts += [f"{json.dumps(name)}: {lines(results[name])}" for name in SECTIONS]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def lines(rows: Iterable[Row]) -> str:
    """A JSON list with a line for each row."""
    return "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]"


def merge(results: Results, section: str, rows: Iterable[Row], same: Callable[[Row], bool]) -> None:
    """Put new rows in the place of the old ones that say the same thing, behind what stays."""
    results[section] = [row for row in results[section] if not same(row)] + list(rows)


class Measured:
    """The rows, looked up.

    Args:
        results: the file.
        threads: of which run.
    """

    def __init__(self, results: Results, threads: int = 1) -> None:
        """Index the rows."""
        self.results, self.threads = results, threads
        self._times: dict[tuple[str, str, bool], dict[str, Times]] = {}
        for row in results["rows"]:
            if row["threads"] == threads:
                key = row["case"], row["operation"], row["backward"]
                self._times.setdefault(key, {})[row["path"]] = row["ms"]

    def paths(self, case: str, operation: str, backward: bool = False) -> list[str]:
        """Who was measured on it, the floor included."""
        return list(self._times.get((case, operation, backward), {}))

    def ms(self, case: str, operation: str, path: str, backward: bool = False) -> float | None:
        """The median; None where it was not measured."""
        times = self._of(case, operation, backward, path)
        return None if times is None else median(times)

    def ratio(self, case: str, operation: str, path: str, base: str, backward: bool = False) -> float | None:
        """The median of the ratios within the rounds; None where one was not measured."""
        one, other = (self._of(case, operation, backward, name) for name in (path, base))
        return None if one is None or other is None else ratio(one, other)

    def best(self, case: str, operation: str, among: Iterable[str], backward: bool = False) -> str | None:
        """The quickest of some paths; None where none of them was measured."""
        found = {name: self.ms(case, operation, name, backward) for name in among}
        there = {name: ms for name, ms in found.items() if ms is not None}
        return min(there, key=there.__getitem__) if there else None

    def _of(self, case: str, operation: str, backward: bool, path: str) -> Times | None:
        return self._times.get((case, operation, backward), {}).get(path)


@cache
def shipped(threads: int = 1) -> Measured:
    """What the repository ships."""
    return Measured(read(), threads)
