"""Measure how long a learner waits: each notebook runs with the reference's answers in a fresh kernel.

Run: python benchmarks/notebooks.py [CHAPTER ...]. It prints medians of three rounds for each notebook:

- wall-clock seconds from the kernel's start to the last cell, and those of the setup cell alone;
- CPU seconds of the kernel;
- the first and the second call of the slowest check, in wall-clock ms and CPU ms;
- what was written to stderr.

The exit status is 1 if a notebook takes 20 s, a check takes 1 s, or anything is written to stderr. Other
processes on the machine lengthen wall-clock times, so the machine's load is printed.
"""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from poolgrader import learner_notebooks
from poolgrader.questions.course import Chapter, Course, course_in

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 3
NOTEBOOK_SECONDS, CHECK_SECONDS = 20.0, 1.0
CHECK = re.compile(r'^check\("([\d.]+)"\)$')
Times = tuple[float, float]  # wall-clock seconds and CPU seconds
CPU = "__import__('time').process_time()"


@dataclass
class Run:
    """Seconds of one notebook in one kernel, including each check's first and second call."""

    whole: float = 0.0
    setup: float = 0.0
    processor: float = 0.0
    first: dict[str, Times] = field(default_factory=dict)
    second: dict[str, Times] = field(default_factory=dict)
    stderr: str = ""


def execute(client: BlockingKernelClient, source: str, run: Run) -> Times:
    """Run a cell; returns the time that it took."""

    def keep(message: dict[str, Any]) -> None:
        content = message["content"]
        if message["msg_type"] == "stream" and content["name"] == "stderr":
            run.stderr += content["text"]
        if message["msg_type"] == "error":
            run.stderr += f"{content['ename']}: {content['evalue']}"

    started = time.perf_counter()
    reply = client.execute_interactive(source, output_hook=keep, user_expressions={"cpu": CPU}, timeout=120)
    seconds = time.perf_counter() - started
    shown = reply["content"].get("user_expressions", {}).get("cpu", {}).get("data", {})
    before, run.processor = run.processor, float(shown.get("text/plain", run.processor))
    return seconds, run.processor - before


def timed(course: Course, chapter: Chapter) -> Run:
    """Run one chapter's notebook top to bottom, then every check a second time."""
    notebook = learner_notebooks.source_notebook(course, chapter)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    run, started = Run(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        manager, client = start_new_kernel(kernel_name="python3", cwd=folder, stderr=subprocess.DEVNULL)
        try:
            run.setup, _ = execute(client, cells[0], run)
            for cell in cells[1:]:
                took = execute(client, cell, run)
                if check := CHECK.match(cell):
                    run.first[check[1]] = took
            run.whole = time.perf_counter() - started
            processor = run.processor
            for number in run.first:
                run.second[number] = execute(client, f'check("{number}")', run)
            run.processor = processor
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
    return run


def median_of(runs: Sequence[Run], kind: str) -> dict[str, Times]:
    """Each check's median times over the rounds, for its "first" or its "second" call."""
    medians = {}
    for number in runs[0].first:
        clock, processor = zip(*(getattr(run, kind)[number] for run in runs), strict=True)
        medians[number] = statistics.median(clock), statistics.median(processor)
    return medians


def main(chapters: Sequence[str]) -> int:
    """Print the table; returns 1 if a limit is exceeded."""
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load "
        f"{os.getloadavg()}"
    )
    print(
        "chapter                  whole s  setup s  cpu s   slowest first ms (cpu)  slowest second ms (cpu) "
        " stderr"
    )
    late = []
    course = course_in(ROOT / "solutions")
    for chapter in learner_notebooks.sources(course):
        if chapters and chapter.name not in chapters:
            continue
        runs = [timed(course, chapter) for _ in range(ROUNDS)]
        whole, setup, cpu = (
            statistics.median(getattr(run, name) for run in runs) for name in ("whole", "setup", "processor")
        )
        calls = [median_of(runs, kind) for kind in ("first", "second")]
        slowest = [max(times, key=times.__getitem__) for times in calls]
        shown = [
            f"{number}: {1000 * times[number][0]:.0f} ({1000 * times[number][1]:.0f})"
            for number, times in zip(slowest, calls, strict=True)
        ]
        noise = max((run.stderr for run in runs), key=len)
        print(
            f"{chapter.name:24} {whole:7.1f} {setup:8.1f} {cpu:6.1f} {shown[0]:>22} {shown[1]:>24} "
            f" {noise[-200:]!r}",
            flush=True,
        )
        if (
            noise
            or whole >= NOTEBOOK_SECONDS
            or max(max(times.values())[0] for times in calls) >= CHECK_SECONDS
        ):
            late.append(chapter.name)
    print(f"load {os.getloadavg()}; over a limit: {', '.join(late) or 'none'}")
    return 1 if late else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
