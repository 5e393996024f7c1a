"""What a submission took, counted from outside: the system hands it over when a process is reaped."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Usage:
    """What a learner's processes took, by the system's own count, which their code cannot change.

    Args:
        seconds: of processor time, a few milliseconds for starting and ending each process among them.
        peak: bytes of memory that the largest process had at one time, over those of a process just forked.
            The parts of the libraries that it is the first to touch count; files in its temporary folder do
            not.
    """

    seconds: float = 0.0
    peak: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.seconds + other.seconds, max(self.peak, other.peak))
