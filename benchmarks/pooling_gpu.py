"""Measure how fast torch, torch.compile and poolkit pool on a GPU, timed by CUDA events.

Run: python -m benchmarks.pooling_gpu [--smoke] [--into FILE]. It needs a CUDA device.

A call only launches work on the device; CUDA events record when that work begins and ends. In each round,
every path makes some calls in its turn. The bytes that a pooling must read and write, divided by its time,
are its bandwidth. It is given as a share of the bandwidth of a copy in the same round.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path as File
from typing import Any

import torch
from torch import Tensor

from benchmarks.speed import cases, device, machine, timing
from benchmarks.speed.cases import AVERAGE, MAX, Case
from benchmarks.speed.floor import bytes_moved
from benchmarks.speed.paths import PATHS, Path, native
from benchmarks.speed.tables import Table, number
from poolkit import compiled

ROUNDS, TURN_MS, REPEATS = 15, 2.0, 20
COPY_BYTES, FLUSH_BYTES = 2**30, 2**28
MUST_BE_RIGHT = (
    "native",
    "auto",
    "auto-last",
    "fast",
    "compiled",
)  # poolkit's paths, and torch's, with which all are compared
NAMES = ("native-last", "reduction", "compile", *MUST_BE_RIGHT)
Row = dict[str, Any]


def expected(case: Case, x: Tensor, backward: bool) -> tuple[list[Tensor], Tensor]:
    """Compute the expected results with torch on the CPU, in double precision.

    Returns:
        The output and, with `backward`, the gradient of the input; and the gradient of the output that was
        passed in.
    """
    leaf = x.detach().cpu().double().requires_grad_(backward)
    y = native(case)(leaf)
    given = torch.randn(y.shape, generator=torch.Generator().manual_seed(1))
    return [y.detach(), *(torch.autograd.grad(y, leaf, given.double()) if backward else ())], given.to(
        x.device
    )


class Timer:
    """Times one call at a time on the device.

    Before each call, a buffer larger than the L2 cache is overwritten, so that no path finds its input in the
    cache. Then the device waits for longer than the host needs to launch the call, so that the time between
    the events is the device's work alone.
    """

    def __init__(self) -> None:
        """Allocate the buffer."""
        self.flush = torch.empty(FLUSH_BYTES, dtype=torch.uint8, device="cuda")

    def cycles(self, call: Callable[[], object]) -> int:
        """How many cycles at 2 GHz the device must wait: twice the time that the host needs for a call."""
        torch.cuda.synchronize()
        took = min(timing.seconds(call) for _ in range(3))
        torch.cuda.synchronize()
        return int(4e9 * took)

    def ms(self, call: Callable[[], object], cycles: int, repeats: int) -> float:
        """The median of `repeats` calls, in milliseconds."""
        pairs = []
        for _ in range(repeats):
            begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            self.flush.zero_()
            torch.cuda._sleep(cycles)
            begin.record()
            call()
            end.record()
            pairs.append((begin, end))
        torch.cuda.synchronize()
        median: float = statistics.median(begin.elapsed_time(end) for begin, end in pairs)
        return median


def interleaved(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """The milliseconds of a call, for each path and each round."""
    timer = Timer()
    for call in calls.values():
        for _ in range(3):
            call()
    waits = {name: timer.cycles(call) for name, call in calls.items()}
    costs = {name: timer.ms(call, waits[name], 1) for name, call in calls.items()}
    taken: dict[str, list[float]] = {name: [] for name in calls}
    names = list(calls)
    for number_of_round in range(rounds):
        first = number_of_round % len(names)
        for name in names[first:] + names[:first]:
            repeats = max(1, min(REPEATS, int(TURN_MS / max(costs[name], 1e-3))))
            taken[name].append(timer.ms(calls[name], waits[name], repeats))
    return taken


def copied(elements: int) -> tuple[Callable[[], object], int]:
    """A call that copies within the device, and how many bytes it reads and writes."""
    source = torch.zeros(elements, device="cuda")
    target = torch.empty_like(source)
    return lambda: target.copy_(source), 2 * source.nbytes


def right(got: Sequence[Tensor], wanted: Sequence[Tensor]) -> bool:
    """Whether each result equals torch's on the CPU up to rounding.

    A gradient may differ more than an output, because it is a sum of thousands of terms.
    """
    allowed = (1e-5, 1e-3)
    pairs = zip(got, wanted, allowed[: len(wanted)], strict=True)
    return all(torch.allclose(a.cpu().double(), b, rtol=1e-4, atol=atol) for a, b, atol in pairs)


def rows_of(case: Case, paths: Mapping[str, Path], rounds: int, copy_bytes: int) -> list[Row]:
    """Time a case on each path: maximum and average, forward alone and with gradients."""
    rows: list[Row] = []
    copy, moved_by_copy = copied(copy_bytes // 8)
    for operation in (MAX, AVERAGE):
        one = case.other(operation)
        x = one.input().cuda()
        for backward in (False, True):
            wanted, given = expected(one, x, backward)
            calls: dict[str, Callable[[], object]] = {"copy": copy}
            head = {"case": case.name, "operation": operation, "backward": backward}
            for name, path in paths.items():
                ready = path.prepare(one, x, given if backward else None)
                if ready is None:
                    continue
                if right(ready.call(), wanted):
                    calls[name] = ready.call
                elif name in MUST_BE_RIGHT:
                    raise AssertionError(
                        f"{name} is wrong: {operation} {case.name}, with gradients: {backward}"
                    )
                else:
                    rows.append(
                        {**head, "path": name, "ms": [], "of_native": None, "of_copy": None, "wrong": True}
                    )
            taken = interleaved(calls, rounds)
            moved = bytes_moved(x, given, backward)
            for name, times in taken.items():
                share = [
                    (moved / ms) / (moved_by_copy / of_copy)
                    for ms, of_copy in zip(times, taken["copy"], strict=True)
                ]
                row: dict[str, Any] = {**head, "path": name, "wrong": False}
                row |= {
                    "ms": [float(f"{ms:.4g}") for ms in times],
                    "of_native": timing.ratio(times, taken["native"]),
                }
                rows.append(row | {"of_copy": None if name == "copy" else statistics.median(share)})
    return rows


def table(rows: list[Row]) -> Table:
    """Milliseconds, the ratio to torch's time, and the share of a copy's bandwidth."""
    head = ["case", "path", "ms", "of torch's time", "bandwidth, of a copy's"]
    shown = [
        [
            f"{row['operation']} {row['case']}{', with gradients' if row['backward'] else ''}",
            row["path"],
            "wrong result" if row["wrong"] else number(statistics.median(row["ms"])),
            number(row["of_native"]),
            number(row["of_copy"]),
        ]
        for row in rows
    ]
    return Table("On the GPU", head, shown)


def main(given: list[str] | None = None) -> int:
    """Measure and print, or print that there is no CUDA device."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--smoke", action="store_true", help="small shapes, two rounds")
    parser.add_argument("--into", type=File, help="also write the rows to this file")
    options = parser.parse_args(given)
    if not torch.cuda.is_available():
        print("no CUDA device: nothing to measure")
        return 0
    compiled.build(device="cuda")  # from here on, impl="auto" uses the compiled kernel, too
    fixed = cases.SMOKE if options.smoke else cases.FIXED
    paths = {path.name: path for path in PATHS if path.name in NAMES}
    facts = machine.here() | {"device": torch.cuda.get_device_name(), "torch": torch.__version__}
    rounds, copy_bytes = (2, 2**20) if options.smoke else (ROUNDS, COPY_BYTES)
    rows = [row for case in fixed.values() for row in rows_of(case, paths, rounds, copy_bytes)]
    print(", ".join(facts.values()))
    print(table(rows).text())
    if options.into:
        device.write(options.into, facts, rows)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
