"""The file of results: one line for each measurement, so that a diff is readable.

Its sections: "facts" and "versions" describe the machine and the libraries. "rows" holds the milliseconds of
every round, from which all medians and ratios are computed. "random" holds the results of module `draws`;
"small", "memory" and "accuracy" hold those of the modules with these names.
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
    """Read the whole file; returns empty sections if there is no file."""
    if not path.exists():
        return {"facts": {}, "versions": {}} | {name: [] for name in SECTIONS}
    results: Results = json.loads(path.read_text(encoding="utf-8"))
    return results


def write(path: Path, results: Results) -> None:
    """Write the file: a line for each row, in the given order."""
    parts = [f"{json.dumps(name)}: {json.dumps(results[name])}" for name in ("facts", "versions")]
    parts += [f"{json.dumps(name)}: {lines(results[name])}" for name in SECTIONS]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def lines(rows: Iterable[Row]) -> str:
    """A JSON list with a line for each row."""
    return "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]"


def merge(results: Results, section: str, rows: Iterable[Row], same: Callable[[Row], bool]) -> None:
    """Remove the old rows for which `same` is true, and append the new rows."""
    results[section] = [row for row in results[section] if not same(row)] + list(rows)


class Measured:
    """Looks up the rows of one number of threads.

    Args:
        results: the contents of the file.
        threads: the number of threads; other rows are left out.
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
        """The names of the paths that were measured on a case, the floor included."""
        return list(self._times.get((case, operation, backward), {}))

    def ms(self, case: str, operation: str, path: str, backward: bool = False) -> float | None:
        """The median milliseconds; None if the path was not measured."""
        times = self._of(case, operation, backward, path)
        return None if times is None else median(times)

    def ratio(self, case: str, operation: str, path: str, base: str, backward: bool = False) -> float | None:
        """The median over the rounds of path's time over base's; None if one of them was not measured."""
        one, other = (self._of(case, operation, backward, name) for name in (path, base))
        return None if one is None or other is None else ratio(one, other)

    def best(self, case: str, operation: str, among: Iterable[str], backward: bool = False) -> str | None:
        """The fastest of the paths in `among`; None if none of them was measured."""
        found = {name: self.ms(case, operation, name, backward) for name in among}
        there = {name: ms for name, ms in found.items() if ms is not None}
        return min(there, key=there.__getitem__) if there else None

    def _of(self, case: str, operation: str, backward: bool, path: str) -> Times | None:
        return self._times.get((case, operation, backward), {}).get(path)


@cache
def shipped(threads: int = 1) -> Measured:
    """The results that are kept in the repository."""
    return Measured(read(), threads)
