"""Kill grading runs at random moments and resume them; the results must equal those of an undisturbed run.

    python -m tests.classroom.crash 30 [--write]

kills and resumes 30 runs, and prints at which stages they were killed and how many ended differently. With
--write, it saves these figures in tests/classroom/crash.json.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poolgrader.classroom.gradebook import gradebook
from poolgrader.classroom.run.result import Results
from poolgrader.classroom.run.workers import SCRATCH
from poolgrader.whole_files import HALF_MADE
from tests.classroom import work
from tests.patience import HANGS_AFTER

FIGURES = Path(__file__).with_name("crash.json")
LEARNERS = 12
VARIES = ("seconds", "cpu_seconds", "peak_bytes")


@dataclass(frozen=True)
class Killed:
    """A grading run that was killed once or more, and then resumed.

    Args:
        kept: the number of saved results at each kill.
        differences: what differs from an undisturbed run, and temporary files that were left behind.
    """

    kept: tuple[int, ...]
    differences: tuple[str, ...]


def start(folder: Path) -> subprocess.Popen[bytes]:
    """Start to grade the class in a new process; returns the process."""
    command = [sys.executable, "-m", "poolgrader", "grade", "--folder", str(folder), "--workers", "2"]
    return subprocess.Popen(
        [*command, "--call-seconds", "2"],
        cwd=work.ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def finish(folder: Path) -> None:
    """Grade the class in a new process and wait until it ends; raise RuntimeError if it fails."""
    with start(folder) as process:
        _, stderr = process.communicate(timeout=HANGS_AFTER)
        if process.returncode:
            raise RuntimeError(stderr.decode())


def new(folder: Path, prepared: bool) -> None:
    """Make a class; if `prepared`, with a gradebook.

    The secret is always the same, so that answers are called with the same inputs in each run."""
    work.a_class(folder, LEARNERS)
    work.hand_in(folder, "learner-0000", timestamp="2026-02-01 15:00:00 UTC")
    secret = folder.parent / ".poolgrader" / "secret"
    secret.parent.mkdir(parents=True, exist_ok=True)
    secret.write_bytes(b"a secret of the crash tests alone")
    if prepared:
        gradebook.prepare(work.ROOT, folder, work.ASSIGNMENT)


def state(folder: Path) -> dict[str, Any]:
    """Everything that a run writes, except for what differs in each run, such as times."""
    results = {
        result["learner"]: {name: value for name, value in result.items() if name not in VARIES}
        for result in Results(folder, work.ASSIGNMENT)
    }
    notebooks = {}
    for path in sorted((folder / "autograded").rglob("*.ipynb")):
        notebook = json.loads(path.read_bytes())
        del notebook["metadata"]["poolgrader"]["result"]
        notebooks[str(path.relative_to(folder))] = notebook
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    return {
        "gradebook": work.gradebook_rows(folder),
        "results": results,
        "notebooks": notebooks,
        "files": files,
    }


def await_results(folder: Path, process: subprocess.Popen[bytes], count: int) -> None:
    """Wait until `count` results are saved, or the run is over."""
    while process.poll() is None and len(Results(folder, work.ASSIGNMENT)) < count:
        time.sleep(0.002)


def killed(
    folder: Path, rng: random.Random, seconds: float, expected: dict[str, Any], prepared: bool
) -> Killed:
    """Kill grading one to three times, resume and finish it, and compare what it wrote with `expected`."""
    new(folder, prepared)
    kept, pids = [], []
    for _ in range(rng.randint(1, 3)):
        with start(folder) as process:
            if rng.random() < 0.3:
                time.sleep(rng.uniform(0.05, 1.0) * seconds)
            else:
                # Results are saved in a short part of the run. Wait for it, so that the kill falls into it.
                await_results(folder, process, rng.randint(1, LEARNERS))
                time.sleep(rng.uniform(0.0, 0.05))
            process.kill()
        pids.append(process.pid)
        kept.append(len(Results(folder, work.ASSIGNMENT)))
    finish(folder)
    got = state(folder)
    differences = [part for part, what in expected.items() if got[part] != what]
    differences += [str(path) for path in folder.rglob(f"{HALF_MADE}*")]
    scratch = Path(tempfile.gettempdir())
    differences += [str(path) for pid in pids for path in scratch.glob(f"{SCRATCH}{pid}-*")]
    return Killed(tuple(kept), tuple(differences))


def campaign(count: int) -> Iterator[Killed]:
    """Kill and resume `count` runs, at random moments drawn from a fixed seed."""
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as name:
        whole = Path(name) / "undisturbed" / "grading"
        new(whole, False)
        started = time.monotonic()
        finish(whole)
        seconds, expected = time.monotonic() - started, state(whole)
        if len(expected["results"]) != LEARNERS or not any(expected["gradebook"]):
            raise RuntimeError("the run that was not killed did not grade all submissions")
        for number in range(count):
            folder = Path(name) / str(number) / "grading"
            yield killed(folder, rng, seconds, expected, bool(number % 2))
            shutil.rmtree(folder.parent)


def main() -> None:
    """Kill and resume runs, and print how they ended; with --write, save these figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    runs = list(campaign(arguments.count))
    for run in runs:
        if run.differences:
            print(run)
    moments = [kept for run in runs for kept in run.kept]
    figures = {
        "runs": len(runs),
        "kills": len(moments),
        "learners": LEARNERS,
        "killed before the first result": sum(kept == 0 for kept in moments),
        "killed between the first and the last": sum(0 < kept < LEARNERS for kept in moments),
        "killed after the last": sum(kept == LEARNERS for kept in moments),
        "unlike an undisturbed run": sum(bool(run.differences) for run in runs),
    }
    print(json.dumps(figures, indent=1))
    if arguments.write:
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
