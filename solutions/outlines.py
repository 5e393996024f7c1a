"""Finds the input cells that a wrong output is computed from, so that the feedback can outline them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from poolgrader.questions.question import Case, Cell
from poolkit.windows import Window


@dataclass(frozen=True)
class OutlinedWindow:
    """Outlines the window that an output cell comes from.

    Args:
        window: returns the window that a case pools with.
    """

    window: Callable[[Case], Window]

    def __call__(self, case: Case, cell: Cell, shape: tuple[int, int]) -> list[Cell]:
        """The window's cells in a plane of that shape; none where there is no such window."""
        try:
            taps = self.window(case).taps(cell, shape)
        except ValueError:  # the answer is larger than the output: there is no such window
            return []
        return [(tap[0], tap[1]) for tap in taps]
