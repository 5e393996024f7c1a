"""How long a learner's code may run, and how much memory it may take."""

from __future__ import annotations

from dataclasses import dataclass

MEMORY = 2 * 2**30  # bytes for a learner's process
SUBMISSION_SECONDS = 900.0  # for a whole notebook; one that takes longer is set aside


@dataclass(frozen=True)
class Limits:
    """Limits for one submission; times are in seconds.

    Args:
        start: for a process to start.
        cell: for one cell.
        cells: for all cells together, counted over all runs of them.
        call: for one call of an answer.
        answer: for all calls of one answer.
        deaths: how many cells may end the process; after one more, no new process is started.
    """

    start: float = 60.0
    cell: float = 10.0
    cells: float = 300.0
    call: float = 5.0
    answer: float = 120.0
    deaths: int = 12
