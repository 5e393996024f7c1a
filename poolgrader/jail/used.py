"""The time and memory that a submission used; the system reports them when a process is reaped."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Usage:
    """What a learner's processes used, as the system counts it; their code cannot change this.

    Args:
        seconds: of processor time, with a few milliseconds to start and end each process.
        peak: the most bytes of memory that one process had at any time, less those of a process just forked.
            Parts of the libraries that the process was the first to touch count; files in its temporary
            folder do not.
    """

    seconds: float = 0.0
    peak: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.seconds + other.seconds, max(self.peak, other.peak))
