"""Memory: how many bytes does a path need for a moment, beyond its input and its results?

The system keeps the greatest size that a process ever had, and Linux lets us begin anew. A path runs in a process of its
own, in which freed memory goes back at once, so that nothing lies ready from before.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path as File

import torch

from benchmarks.speed.cases import AVERAGE, FIXED, MAX
from benchmarks.speed.measure import Row, expected
from benchmarks.speed.paths import Path

ROOT = File(__file__).resolve().parents[2]
GIVES_BACK = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "0", "MALLOC_TOP_PAD_": "0"}
CASES = ("A", "B", "C3", "C7", "C63", "G")
WAYS = tuple((operation, backward) for operation in (MAX, AVERAGE) for backward in (False, True))
STATUS, RESET = File("/proc/self/status"), File("/proc/self/clear_refs")
MIB = 2**20


def measurable() -> bool:
    """Whether this system tells."""
    return sys.platform == "linux" and RESET.exists()


def measure(paths: Iterable[Path], cases: Iterable[str] = CASES, ways: Iterable[tuple[str, bool]] = WAYS) -> list[Row]:
    """MiB beyond input and results, of each path for each case, each in a process of its own.

    Args:
        paths: which.
        cases: names of fixed cases.
        ways: operations, each with or without gradients.
    """
    if not measurable():
        return []
    names = [path.name for path in paths]
    rows: list[Row] = []
    for case in cases:
        for operation, backward in ways:
            for name in names:
                row = _apart(name, case, operation, backward)
                rows += [row] if row else []
    return rows


def _apart(name: str, case: str, operation: str, backward: bool) -> Row | None:
    command = [sys.executable, "-m", "benchmarks.speed.memory", name, case, operation, str(int(backward))]
    environment = {**os.environ, **GIVES_BACK, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    extra = json.loads(done.stdout.splitlines()[-1])
    if extra is None:
        return None
    return {"case": case, "operation": operation, "backward": backward, "path": name, "mib": extra}


def _extra(path: Path, case_name: str, operation: str, backward: bool) -> float | None:
    """The peak of the second call: the first one loads code."""
    torch.set_num_threads(1)
    case = FIXED[case_name].other(operation)
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
    """A line of the process's status, in bytes."""
    lines = STATUS.read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


def main(name: str, case: str, operation: str, backward: str) -> None:
    """Print the number, or null for what the path does not have."""
    from benchmarks.speed.paths import PATHS
    from benchmarks.speed.peers import PEERS

    path = next(path for path in (*PATHS, *PEERS) if path.name == name)
    print(json.dumps(_extra(path, case, operation or MAX, backward == "1")))


if __name__ == "__main__":
    main(*sys.argv[1:])
