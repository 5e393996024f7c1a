"""Tiny inputs: the fixed cost of a call, which does not depend on the size of the input."""

from __future__ import annotations

from functools import partial

import torch

from benchmarks.speed.cases import AVERAGE, MAX, Case, square
from benchmarks.speed.measure import Row, expected
from benchmarks.speed.paths import native, ours, prepared
from benchmarks.speed.timing import interleaved, median

ROUNDS = 41
line = partial(Case, kernel=(3,), stride=(3,), padding=(0,))
TINY = (
    square("1x1x4x4, k 2", (1, 1, 4, 4), 2, 2, 0),
    square("1x3x8x8, k 3 s 2 p 1", (1, 3, 8, 8), 3, 2, 1),
    square("4x16x8x8, k 2", (4, 16, 8, 8), 2, 2, 0),
    square("1x16x16x16, k 3 s 1 p 1", (1, 16, 16, 16), 3, 1, 1),
    square("1x64x7x7, whole", (1, 64, 7, 7), 7, 7, 0, whole=True),
    line(name="1x4x32, k 3", operation=MAX, shape=(1, 4, 32)),
    Case("1x2x4x4x4, k 2", MAX, (1, 2, 4, 4, 4), (2,) * 3, (2,) * 3, (0,) * 3),
)


def measure(rounds: int = ROUNDS) -> list[Row]:
    """The microseconds that torch's call takes, and how many more poolkit's takes."""
    rows = []
    for tiny in TINY:
        for operation in (MAX, AVERAGE):
            for backward in (False, True):
                case = tiny.other(operation)
                x = case.input()
                _, given = expected(case, x, backward)
                ready = {
                    name: prepared(pool, x, given if backward else None)
                    for name, pool in (("native", native(case)), ("auto", ours(case)))
                }
                calls = {name: one.call for name, one in ready.items() if one is not None}
                taken = interleaved(calls, rounds, budget=10.0, repeats=200)
                pairs = zip(taken["auto"], taken["native"], strict=True)
                added = median(a - b for a, b in pairs if a is not None and b is not None)
                rows.append(
                    {
                        "case": case.name,
                        "operation": operation,
                        "backward": backward,
                        "threads": torch.get_num_threads(),
                        "native": round(1000 * median(taken["native"]), 2),
                        "added": round(1000 * added, 2),
                    }
                )
    return rows
