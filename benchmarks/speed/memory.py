"""Measure temporary memory: how many bytes a path needs at its peak beyond its input and its results.

Linux records the peak memory of each process and lets us reset that record. Each path runs in a process of
its own, in which freed memory is returned to the system at once, so that no call can reuse memory from an
earlier one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path as File

import torch

from benchmarks.speed.cases import AVERAGE, FIXED, MAX, Case
from benchmarks.speed.measure import Row, expected
from benchmarks.speed.paths import Path

ROOT = File(__file__).resolve().parents[2]
GIVES_BACK = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "0", "MALLOC_TOP_PAD_": "0"}
CASES = "A,B,C3,C15,G"
STATUS, RESET = File("/proc/self/status"), File("/proc/self/clear_refs")
MIB = 2**20


def measurable() -> bool:
    """Whether this system records peak memory and lets us reset it."""
    return sys.platform == "linux" and RESET.exists()


def measure(paths: Iterable[Path], cases: str = CASES) -> list[Row]:
    """The peak MiB beyond input and results, for each path and each case.

    Args:
        paths: the paths to measure; each has a process of its own.
        cases: names of fixed cases, separated by commas.
    """
    rows: list[Row] = []
    for path in paths if measurable() else ():
        command = [sys.executable, "-m", "benchmarks.speed.memory", path.name, cases]
        environment = {**os.environ, **GIVES_BACK, "OMP_NUM_THREADS": "1"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        rows += json.loads(done.stdout.splitlines()[-1])
    return rows


def _extra(path: Path, case: Case, backward: bool) -> float | None:
    """The peak MiB of the second call, because the first one also loads code."""
    x = case.input()
    _, given = expected(case, x, backward)
    ready = path.prepare(case, x, given if backward else None)
    if ready is None:
        return None
    results = ready.call()
    kept = sum(part.nbytes for part in ready.read(results))
    del results
    before = _size("VmRSS")
    RESET.write_text("5", encoding="ascii")
    results = ready.call()
    peak = _size("VmHWM")
    del results
    return round(max(0.0, (peak - before - kept) / MIB), 1)


def _size(name: str) -> int:
    """One field of /proc/self/status, in bytes."""
    lines = STATUS.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


def main(name: str, cases: str) -> None:
    """Print the rows of one path as one line of JSON."""
    from benchmarks.speed.paths import PATHS
    from benchmarks.speed.peers import PEERS

    torch.set_num_threads(1)
    path = next(path for path in (*PATHS, *PEERS) if path.name == name)
    rows = []
    for case in cases.split(","):
        for operation in (MAX, AVERAGE):
            for backward in (False, True):
                extra = _extra(path, FIXED[case].other(operation), backward)
                if extra is not None:
                    row = {"case": case, "operation": operation, "backward": backward, "path": name}
                    rows.append(row | {"mib": extra})
    print(json.dumps(rows))


if __name__ == "__main__":
    main(*sys.argv[1:])
