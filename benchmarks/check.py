"""Measure how long a learner waits for a check of the right answer, and of each known mistake.

Run: python benchmarks/check.py. Imports and the first call of each library are not counted, because a
notebook has made them before its first check.
"""

from __future__ import annotations

import contextlib
import io
import os
import platform
import statistics
import time

from poolgrader import mutation
from poolgrader.check import check
from poolgrader.questions import chapters, questions_of

ROUNDS = 3


def seconds(entry: mutation.Implementation) -> float:
    """Time one check of an answer as a notebook's cell runs it, including the drawing of the feedback."""
    globals()[entry.question.name] = entry.question.define(entry.source)[entry.question.name]
    started = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        check(entry.question.id)._repr_html_()
    return time.perf_counter() - started


def main() -> None:
    """Print the table."""
    os.environ["NBGRADER_EXECUTION"] = "benchmark"  # so that check() keeps no notes of these answers
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("question  right ms  wrong ms (median)  wrong ms (most)  checks")
    everything: list[float] = []
    for chapter in chapters():
        found: dict[str, tuple[list[float], list[float]]] = {}
        for entry in (
            entry for question in questions_of(chapter) for entry in mutation.entries(question, pairs_step=0)
        ):
            right, wrong = found.setdefault(entry.question.id, ([], []))
            seconds(entry)
            times = [seconds(entry) for _ in range(ROUNDS)]
            (wrong if entry.mistakes else right).append(statistics.median(times))
            everything += times
        for question_id, (right, wrong) in found.items():
            shown = statistics.median(right), statistics.median(wrong), max(wrong)
            print(
                f"{question_id:8}", *(f"{1000 * one:15.1f}" for one in shown), f"{len(right) + len(wrong):8}"
            )
    print(f"all: median {1000 * statistics.median(everything):.1f} ms, most {1000 * max(everything):.1f} ms")


if __name__ == "__main__":
    main()
