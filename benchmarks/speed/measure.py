"""Measure one case on every path: first compare the path's results with torch's, then time it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchmarks.speed.cases import AVERAGE, MAX, Case
from benchmarks.speed.floor import floor
from benchmarks.speed.paths import Array, Path, native
from benchmarks.speed.timing import interleaved

ROUNDS, BUDGET = 11, 1.5  # BUDGET: seconds for one path, over all rounds of a case
Row = dict[str, Any]


class Wrong(RuntimeError):
    """A path's results differ from torch's, so the path is not timed."""


def expected(case: Case, x: Tensor, backward: bool) -> tuple[list[Array], Tensor]:
    """Compute torch's results.

    Returns:
        The output and, with `backward`, the gradient of the input; and the gradient of the output that was
        passed in.
    """
    leaf = x.detach().requires_grad_(backward)
    y = native(case)(leaf)
    given = torch.randn(y.shape, generator=torch.Generator().manual_seed(1)).to(y.dtype)
    parts = [y, *torch.autograd.grad(y, leaf, given)] if backward else [y]
    return [part.detach().float().numpy() for part in parts], given


def check(path: Path, case: Case, found: list[Array], wanted: list[Array]) -> None:
    """Compare a path's results with torch's.

    Maxima must be equal bit for bit. Averages and gradients may differ by rounding, as their sums may be
    added in another order.

    Raises:
        Wrong: if they differ.
    """
    for number, (one, other) in enumerate(zip(found, wanted, strict=True)):
        exact = case.operation == MAX and number == 0
        same = np.array_equal if exact else lambda a, b: np.allclose(a, b, rtol=1e-4, atol=1e-5)
        if one.shape != other.shape or not same(one, other):
            of = "gradient" if number else "output"
            raise Wrong(f"{path.title}, {case.operation} {case.name}: the {of} is not that of torch")


def rows_of(case: Case, paths: Iterable[Path], rounds: int = ROUNDS, budget: float = BUDGET) -> list[Row]:
    """Time a case on all paths that have it: maximum and average, forward alone and with gradients."""
    rows: list[Row] = []
    for operation in (MAX, AVERAGE):
        one = case.other(operation)
        x = one.input()
        for backward in (False, True):
            wanted, given = expected(one, x, backward)
            calls = {"floor": floor(x, given, backward)}
            for path in paths:
                ready = path.prepare(one, x, given if backward else None)
                if ready is not None:
                    check(path, one, ready.read(ready.call()), wanted)
                    calls[path.name] = ready.call
            taken = interleaved(calls, rounds, budget)
            key = {
                "case": case.name,
                "operation": operation,
                "backward": backward,
                "threads": torch.get_num_threads(),
            }
            rows += [
                {**key, "path": name, "ms": [_short(ms) for ms in times]} for name, times in taken.items()
            ]
    return rows


def _short(ms: float | None) -> float | None:
    return None if ms is None else float(f"{ms:.4g}")
