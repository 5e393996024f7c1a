"""The cases to measure: a shape, a window, an operation, and the input's numbers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

MAX, AVERAGE = "max", "average"
WINDOWS = (3, 7, 15, 31, 63)
LAYOUTS = {4: torch.channels_last, 5: torch.channels_last_3d}


@dataclass(frozen=True)
class Case:
    """One pooling.

    Args:
        name: its name in the tables.
        operation: "max" or "average".
        shape: batch, channel, spatial axes.
        kernel, stride, padding: cells, one number for each spatial axis. If `whole` is set, the kernel is the
            whole plane.
        options: further arguments for torch's function.
        whole: whether this is a global pooling, with one value for each channel.
        dtype: the type of the numbers.
        channels_last: whether channels lie next to one another in memory.
    """

    name: str
    operation: str
    shape: tuple[int, ...]
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...]
    options: dict[str, Any] = field(default_factory=dict)
    whole: bool = False
    dtype: torch.dtype = torch.float32
    channels_last: bool = False

    @property
    def axes(self) -> int:
        """How many spatial axes there are."""
        return len(self.shape) - 2

    @property
    def plain(self) -> bool:
        """Whether every framework has this pooling: two axes, single precision, no options."""
        return self.axes == 2 and self.dtype == torch.float32 and not self.options

    def input(self) -> Tensor:
        """Normally distributed numbers, the same ones every time."""
        x = torch.randn(self.shape, generator=torch.Generator().manual_seed(0)).to(self.dtype)
        return x.contiguous(memory_format=LAYOUTS[x.dim()]) if self.channels_last else x

    def other(self, operation: str) -> Case:
        """The same windows with another operation."""
        return replace(self, operation=operation)


def square(name: str, shape: tuple[int, int, int, int], k: int, s: int, p: int, whole: bool = False) -> Case:
    """A maximum over square windows."""
    return Case(name, MAX, shape, (k, k), (s, s), (p, p), whole=whole)


FIXED = {
    case.name: case
    for case in (
        square("A", (32, 64, 112, 112), 3, 2, 1),
        square("B", (1, 3, 1080, 1920), 2, 2, 0),
        *(square(f"C{k}", (8, 64, 56, 56), k, 1, k // 2) for k in WINDOWS),
        square("G", (64, 2048, 7, 7), 7, 7, 0, whole=True),
    )
}
# Small enough for a test: the same windows over small inputs.
SMOKE = {
    case.name: case
    for case in (
        square("A", (2, 4, 14, 14), 3, 2, 1),
        square("B", (1, 3, 30, 40), 2, 2, 0),
        *(square(f"C{k}", (2, 4, 16, 16), k, 1, k // 2) for k in (3, 7)),
        square("G", (4, 16, 7, 7), 7, 7, 0, whole=True),
    )
}
