"""Measure how fast torch, poolkit and other libraries pool, in interleaved rounds of one run.

Run: make bench, which installs the other libraries, or python -m benchmarks.pooling with those that are
installed. Each case is measured with each number of threads in a process of its own, which has as many cores
as threads. Its results are written as soon as it is done; a run that was stopped continues with --resume.

--case C7 random     measure only these; choose from A B C3 C7 C15 C31 C63 G random small memory accuracy
--threads 1          measure with one thread only (default: with 1 and with 2)
--into FILE          the file to write (default: build/pooling.json); drops results of another machine or day
--ship               write benchmarks/results/pooling.json, which the book shows
--clock processor    count CPU seconds, for a machine that also does other things; only for one thread
--smoke              run small shapes for a few seconds in this process, without other libraries, as a test
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KINDS = ("random", "small", "memory", "accuracy")
THREADS = (1, 2)


def arguments(given: list[str] | None) -> argparse.Namespace:
    """Parse the command line: what to measure, and where to write it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--case", nargs="+", default=[])
    parser.add_argument("--threads", type=int, nargs="+", default=list(THREADS))
    parser.add_argument("--into", type=Path, default=ROOT / "build" / "pooling.json")
    parser.add_argument("--ship", action="store_true")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--clock", choices=("wall", "processor"), default="wall")
    parser.add_argument(
        "--measure", metavar="CASE", help=argparse.SUPPRESS
    )  # for the subprocess of each case
    return parser.parse_args(given)


def measured(case: str, smoke: bool = False) -> dict[str, list[dict[str, Any]]]:
    """Measure one case, or one kind, in this process."""
    from benchmarks.speed import accuracy, cases, draws, memory, small
    from benchmarks.speed.measure import rows_of
    from benchmarks.speed.paths import PATHS
    from benchmarks.speed.peers import PEERS

    fixed = cases.SMOKE if smoke else cases.FIXED
    every = [path for path in PATHS if path.name != "compile"] if smoke else [*PATHS, *PEERS]
    paths = [path for path in every if path.installed]
    in_torch = [path for path in paths if not path.package]
    if case == "random":
        drawn = draws.draws()
        return {case: draws.measure(drawn[::40], 2) if smoke else draws.measure(drawn)}
    if case == "small":
        return {case: small.measure(2) if smoke else small.measure()}
    if case == "memory":
        return {case: memory.measure(in_torch[:1], "B") if smoke else memory.measure(in_torch)}
    if case == "accuracy":
        return {case: accuracy.measure(fixed.values(), in_torch)}
    return {"rows": rows_of(fixed[case], paths, 2, 0.1) if smoke else rows_of(fixed[case], paths)}


def apart(case: str, threads: int, clock: str) -> dict[str, list[dict[str, Any]]]:
    """Measure in a subprocess with only `threads` cores, because some libraries use every core they see."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.json"
        command = [sys.executable, "-m", "benchmarks.pooling", "--measure", case, "--threads", str(threads)]
        command += ["--into", str(file), "--clock", clock]
        environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        made: dict[str, list[dict[str, Any]]] = json.loads(file.read_text(encoding="utf-8"))
    return made


def measure_here(options: argparse.Namespace) -> None:
    """Measure one case in the subprocess: restrict it to its cores, measure, write the file."""
    (threads,) = options.threads
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])
    import torch

    from benchmarks.speed import timing

    torch.set_num_threads(threads)
    timing.use(options.clock)
    options.into.write_text(json.dumps(measured(options.measure)), encoding="utf-8")


def main(given: list[str] | None = None) -> int:
    """Measure what the command line asks for, and print the results."""
    options = arguments(given)
    if options.measure:
        measure_here(options)
        return 0
    from benchmarks.speed import cases, machine, record, tables
    from benchmarks.speed.paths import PATHS
    from benchmarks.speed.peers import PEERS

    file = record.SHIPPED if options.ship else options.into
    if options.smoke:
        import torch

        options.threads = [1]
        torch.set_num_threads(1)
    fixed = cases.SMOKE if options.smoke else cases.FIXED
    facts, versions = machine.here(options.clock), machine.versions((*PATHS, *PEERS))
    results = record.read(file)
    if results["facts"] != facts or results["versions"] != versions:
        results = record.read(Path(os.devnull) / "none") | {"facts": facts, "versions": versions}
    print(f"{tables.where(results)}\n{tables.with_what(results)}", flush=True)
    for case in options.case or (*fixed, *KINDS):
        for threads in options.threads if case not in ("memory", "accuracy") else [1]:
            section = case if case in KINDS else "rows"

            def same(row: dict[str, Any], case: str = case, threads: int = threads) -> bool:
                return bool((case in KINDS or row["case"] == case) and row.get("threads", 1) == threads)

            if options.resume and any(map(same, results[section])):
                continue
            print(f"{case}, {threads} thread{'s' if threads > 1 else ''}", flush=True)
            made = measured(case, smoke=True) if options.smoke else apart(case, threads, options.clock)
            record.merge(results, section, made[section], same)
            record.write(file, results)
    print(tables.everything(results))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
