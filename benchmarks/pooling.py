"""How fast is pooling: torch, poolkit, and everybody else, in interleaved rounds of one run.

Run: make bench (installs the peers), or python -m benchmarks.pooling with those that are there. Each case,
and each number of threads, is measured in a process of its own that has so many cores, and written when it is
done; a run that was stopped goes on with --resume.

--case C7 random     these alone: A B C3 C7 C15 C31 C63 G random small memory accuracy
--threads 1          one thread alone; both are measured without it
--into FILE          where to, build/pooling.json without it; a file of another machine or day is begun anew
--ship               into benchmarks/results/pooling.json, which the book shows
--clock processor    count the processor's seconds, on a machine that does other things as well;
                     one thread only
--smoke              a few seconds over small shapes, in this process, without peers: does everything run?
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
    """What to measure, and where to put it."""
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
    parser.add_argument("--measure", metavar="CASE", help=argparse.SUPPRESS)  # in this process, into the file
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
    """The same in a process of its own that has so many cores: some libraries take all that they see."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.json"
        command = [sys.executable, "-m", "benchmarks.pooling", "--measure", case, "--threads", str(threads)]
        command += ["--into", str(file), "--clock", clock]
        environment = {**os.environ, "OMP_NUM_THREADS": str(threads)}
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        made: dict[str, list[dict[str, Any]]] = json.loads(file.read_text(encoding="utf-8"))
    return made


def measure_here(options: argparse.Namespace) -> None:
    """What the process of its own does: take its cores, measure, write."""
    (threads,) = options.threads
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:])
    import torch

    from benchmarks.speed import timing

    torch.set_num_threads(threads)
    timing.use(options.clock)
    options.into.write_text(json.dumps(measured(options.measure)), encoding="utf-8")


def main(given: list[str] | None = None) -> int:
    """Measure what is asked for, and print what was found."""
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
