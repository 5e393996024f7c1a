"""Shows how far a run is and how long it still takes: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from poolgrader.classroom.run.grade_class import Outcome
from poolgrader.classroom.terminal import Terminal

EVERY = 15.0  # seconds between lines, if the output is no terminal


class RunProgress:
    """The progress of a run, which is shown.

    Args:
        title: what is graded.
        bar: drawn on a terminal.
        console: where lines are printed.
    """

    def __init__(self, title: str, bar: Progress, console: Terminal) -> None:
        self._bar, self._console, self._title = bar, console, title
        self._task = bar.add_task(f"grading {title}", total=None)
        self._total = self._done = 0
        self._since = self._last_line = time.monotonic()

    def planned(self, not_graded: int, to_grade: int) -> None:
        """Start to measure: only the submissions that are to be graded take time, not the results kept."""
        self._total, self._since = to_grade, time.monotonic()
        self._bar.reset(self._task, total=to_grade)

    def advance(self, outcome: Outcome) -> None:
        """Count a submission, if it was one to be graded."""
        if outcome.how == "kept" or self._done >= self._total:
            return
        self._done += 1
        self._bar.advance(self._task)
        now = time.monotonic()
        if not self._console.is_terminal and now - self._last_line > EVERY and self._done < self._total:
            self._last_line = now
            self._console.say(self.line(now))

    def line(self, now: float) -> str:
        """The progress in words."""
        left = (now - self._since) / self._done * (self._total - self._done)
        minutes, seconds = divmod(round(left), 60)
        return f"{self._title}: {self._done} of {self._total} graded, {minutes} min {seconds:02} s left"


@contextmanager
def shown(title: str, console: Terminal) -> Iterator[RunProgress]:
    """Show the progress of a run while it lasts."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        yield RunProgress(title, bar, console)
