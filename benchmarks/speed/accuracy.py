"""Rounding: how far each path's averages are from those in double precision."""

from __future__ import annotations

from collections.abc import Iterable

import torch

from benchmarks.speed.cases import AVERAGE, Case
from benchmarks.speed.measure import Row
from benchmarks.speed.paths import Path, native

OFFSET = (
    100.0  # as for pixels that were not centred: makes errors visible that grow with the size of the numbers
)


def measure(cases: Iterable[Case], paths: Iterable[Path]) -> list[Row]:
    """The largest errors of the output and of the gradient, for each path that has the average."""
    rows: list[Row] = []
    for case in cases:
        one = case.other(AVERAGE)
        x = one.input() + OFFSET
        leaf = x.double().requires_grad_()
        y = native(one)(leaf)
        given = torch.rand(y.shape, generator=torch.Generator().manual_seed(2))
        (gradient,) = torch.autograd.grad(y, leaf, given.double())
        for path in paths:
            ready = path.prepare(one, x, given)
            if ready is None:
                continue
            parts = ready.read(ready.call())
            errors = [
                float((torch.tensor(part) - exact).abs().max())
                for part, exact in zip(parts, (y.detach(), gradient), strict=True)
            ]
            output, of_gradient = (float(f"{error:.3g}") for error in errors)
            rows.append({"case": case.name, "path": path.name, "output": output, "gradient": of_gradient})
    return rows
