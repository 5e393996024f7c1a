"""Random shapes and windows, to find out whether poolkit is ever slower than torch."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import torch

from benchmarks.speed.cases import AVERAGE, MAX, Case
from benchmarks.speed.measure import Row, expected
from benchmarks.speed.paths import native, ours, prepared
from benchmarks.speed.timing import interleaved, median, ratio

COUNT, SEED = 200, 10
ROUNDS = 21
MOST_READ = 40_000_000  # the most numbers that torch's windows may read, so that a case takes milliseconds
DTYPES = (torch.float32,) * 6 + (torch.float64, torch.bfloat16)
SIDES = {1: 4000, 2: 160, 3: 32}
NO_SLOWER, TINY_MS, ADDED_MS = 1.05, 0.050, 0.004


def draws(count: int = COUNT, seed: int = SEED) -> list[Case]:
    """Draw `count` random cases: operations, layouts, dtypes and options vary."""
    chance = random.Random(seed)
    cases: list[Case] = []
    while len(cases) < count:
        case = _draw(chance, f"random {len(cases) + 1}")
        if case is not None:
            cases.append(case)
    return cases


def _draw(chance: random.Random, name: str) -> Case | None:
    axes = chance.choice((1, 2, 2, 2, 2, 2, 2, 3))
    side = SIDES[axes]
    spatial = tuple(round(2 ** chance.uniform(1, _log2(side))) for _ in range(axes))
    if chance.random() < 0.5:
        spatial = (spatial[0],) * axes
    shape = (chance.choice((1, 1, 2, 4, 8, 16, 32)), round(2 ** chance.uniform(0, 8)), *spatial)
    kernel = tuple(min(n, round(2 ** chance.uniform(0.6, 5.5 if axes < 3 else 3))) for n in spatial)
    if chance.random() < 0.7:
        kernel = (min(kernel),) * axes
    stride = chance.choice(
        ((1,) * axes, (2,) * axes, kernel, tuple(chance.randint(1, k + 1) for k in kernel))
    )
    padding = chance.choice(
        ((0,) * axes, tuple(k // 2 for k in kernel), tuple(chance.randint(0, k // 2) for k in kernel))
    )
    operation = chance.choice((MAX, AVERAGE))
    options = _options(chance, operation, axes)
    dilation = options.get("dilation", 1)
    extents = [dilation * (k - 1) + 1 for k in kernel]
    outputs = [(n + 2 * p - e) // s + 1 for n, e, s, p in zip(spatial, extents, stride, padding, strict=True)]
    if min(outputs) < 1 or any(n < k for n, k in zip(spatial, kernel, strict=True)):
        return None
    last = axes > 1 and chance.random() < 0.25
    dtype = chance.choice(DTYPES)
    if (axes == 3 and dtype == torch.bfloat16) or _product(shape[:2], outputs, kernel) > MOST_READ:
        return None  # torch has no average of bfloat16 in three dimensions
    return Case(name, operation, shape, kernel, stride, padding, options, dtype=dtype, channels_last=last)


def _options(chance: random.Random, operation: str, axes: int) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if chance.random() < 0.2:
        options["ceil_mode"] = True
    if operation == MAX and chance.random() < 0.15:
        options["dilation"] = 2
    if operation == AVERAGE and chance.random() < 0.3:
        options["count_include_pad"] = False
    return options


def measure(cases: Sequence[Case], rounds: int = ROUNDS) -> list[Row]:
    """Time torch and poolkit on each case; every second case includes gradients.

    Of 200 medians, one may exceed the limit by chance alone. So a case in which poolkit seems too slow is
    measured a second time, with four times the rounds. The second result replaces the first, whatever it is.
    """
    rows = []
    for number, case in enumerate(cases):
        backward = number % 2 == 1
        row = _measured(case, backward, rounds)
        if not within(row):
            row = _measured(case, backward, 4 * rounds) | {"looks": 2}
        rows.append(row)
    return rows


def within(row: Row) -> bool:
    """Whether poolkit is at most as slow as the goals allow."""
    if row["native"] < TINY_MS:
        return bool(row["added"] <= ADDED_MS)
    return bool(row["ratio"] <= NO_SLOWER)


def _measured(case: Case, backward: bool, rounds: int) -> Row:
    x = case.input()
    wanted, given = expected(case, x, backward)
    calls = {}
    for name, pool in (("native", native(case)), ("auto", ours(case))):
        ready = prepared(pool, x, given if backward else None)
        assert ready is not None
        for one, other in zip(ready.read(ready.call()), wanted, strict=True):
            loose = 2e-2 if case.dtype == torch.bfloat16 else 1e-4
            torch.testing.assert_close(torch.tensor(one), torch.tensor(other), rtol=loose, atol=loose)
        calls[name] = ready.call
    taken = interleaved(calls, rounds, budget=2.0, repeats=200)
    added = median(
        a - b for a, b in zip(taken["auto"], taken["native"], strict=True) if a is not None and b is not None
    )
    return {
        "case": case.name,
        "says": describe(case, backward),
        "threads": torch.get_num_threads(),
        "native": float(f"{median(taken['native']):.4g}"),
        "ratio": round(ratio(taken["auto"], taken["native"]), 4),
        "added": float(f"{added:.3g}"),
        "looks": 1,
    }


def describe(case: Case, backward: bool) -> str:
    """Describe the case in one line."""
    parts = [
        f"{case.operation} {'x'.join(map(str, case.shape))}",
        f"k {_side(case.kernel)} s {_side(case.stride)} p {_side(case.padding)}",
        *(f"{name} {value}" for name, value in case.options.items()),
        *([str(case.dtype).removeprefix("torch.")] if case.dtype != torch.float32 else []),
        *(["channels last"] if case.channels_last else []),
        *(["backward"] if backward else []),
    ]
    return ", ".join(parts)


def _side(cells: tuple[int, ...]) -> str:
    return str(cells[0]) if len(set(cells)) == 1 else "x".join(map(str, cells))


def _log2(side: int) -> float:
    return side.bit_length() - 1 + 0.3


def _product(*parts: Sequence[int]) -> int:
    product = 1
    for number in (number for part in parts for number in part):
        product *= number
    return product
