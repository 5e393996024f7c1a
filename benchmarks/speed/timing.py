"""Interleaved rounds: in every round each path has its turn,
so that what the machine does besides hits all alike.

The order is drawn anew for every round, and a quick path begins its turn with a call that does not count: the
one before it may have left memory and caches in a state that is better or worse than its own.
"""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

Calls = Mapping[str, Callable[[], object]]
Rounds = dict[str, list[float | None]]  # milliseconds; None where a slow path sat out
TURN = 0.008  # seconds of a turn: quick calls are repeated for so long, and their median counts
LEAST_COST = 1e-7  # seconds: a clock may stand still for a moment
QUICK = 0.05  # seconds
SLOW = 0.2  # seconds: what is loaded at the first call does not show any more
LEAST_ROUNDS, PATIENCE = 3, 5.0  # of a slow path; seconds of a call from which on one round must do


CLOCKS = {"wall": time.perf_counter, "processor": time.process_time}
clock: Callable[[], float] = time.perf_counter


def use(name: str) -> None:
    """Choose the clock: the one on the wall, or the processor's own seconds, which leave out what others use.

    The second helps on a busy machine, for one thread; it is not what one waits for.
    """
    global clock
    clock = CLOCKS[name]


def seconds(call: Callable[[], object]) -> float:
    """One call."""
    started = clock()
    result = call()
    took = clock() - started
    del result  # freeing is no part of the call, for any of the paths
    return took


def interleaved(calls: Calls, rounds: int, budget: float, repeats: int = 40) -> Rounds:
    """Time each call in rounds.

    Args:
        calls: what to time, by name.
        rounds: how often each has its turn.
        budget: seconds for a path; one that would need more sits out some of the rounds.
        repeats: the most calls in a turn.

    Returns:
        For each name and round the median of the turn's calls, in milliseconds.
    """
    costs = {name: _cost(call) for name, call in calls.items()}
    order = _spread(rounds)
    least = {name: 1 if cost > PATIENCE else LEAST_ROUNDS for name, cost in costs.items()}
    taking_part = {name: set(order[: max(least[name], int(budget / cost))]) for name, cost in costs.items()}
    taken: Rounds = {name: [None] * rounds for name in calls}
    names, chance = list(calls), random.Random(rounds)
    gc.disable()  # it would come at random, and after calls that leave no rings it finds nothing
    try:
        for number in range(rounds):
            chance.shuffle(names)
            for name in names:
                if number in taking_part[name]:
                    count = max(1, min(repeats, int(TURN / costs[name])))
                    if costs[name] < QUICK:
                        calls[name]()
                    turn = [seconds(calls[name]) for _ in range(count)]
                    taken[name][number] = 1000 * statistics.median(turn)
    finally:
        gc.enable()
    return taken


def median(times: Iterable[float | None]) -> float:
    """The median of the rounds in which it took part."""
    return statistics.median(one for one in times if one is not None)


def ratio(times: Sequence[float | None], base: Sequence[float | None]) -> float:
    """The median of the ratios, over the rounds in which both took part.

    >>> ratio([2.0, 3.0, None], [1.0, 2.0, 9.0])
    1.75
    """
    return statistics.median(
        a / b for a, b in zip(times, base, strict=True) if a is not None and b is not None
    )


def _cost(call: Callable[[], object]) -> float:
    """About what a call takes; a slow one is not asked twice."""
    first = seconds(call)
    return max(LEAST_COST, first if first > SLOW else min(seconds(call), seconds(call)))


def _spread(rounds: int) -> list[int]:
    """The rounds such that the first few of the list lie far apart,
    and two paths that sit out meet in most of theirs.
    """
    order = sorted({0, rounds - 1})
    while len(order) < rounds:
        gaps = [
            (after - before, before) for before, after in zip(sorted(order), sorted(order)[1:], strict=False)
        ]
        wide, before = max(gaps)
        order.append(before + wide // 2)
    return order
