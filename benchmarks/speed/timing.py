"""Interleaved rounds: every path has a turn in every round, so that other load slows all paths alike.

The order is drawn at random for every round. A fast path begins its turn with a call that is not counted,
because the path before it may have left memory and caches in a state that is better or worse than its own.
"""

from __future__ import annotations

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

Calls = Mapping[str, Callable[[], object]]
Rounds = dict[str, list[float | None]]  # milliseconds; None in a round that a slow path skipped
TURN = 0.008  # seconds of a turn: fast calls are repeated for so long, and their median is kept
LEAST_COST = 1e-7  # seconds: a coarse clock may show no time at all for a fast call
QUICK = 0.05  # seconds: calls faster than this have an uncounted call before their turn
SLOW = 0.2  # seconds: for calls slower than this, what the first call loads makes little difference
LEAST_ROUNDS, PATIENCE = (
    3,
    5.0,
)  # fewest rounds of a slow path; one whose call takes more than PATIENCE seconds may have only one


CLOCKS = {"wall": time.perf_counter, "processor": time.process_time}
clock: Callable[[], float] = time.perf_counter


def use(name: str) -> None:
    """Choose the clock: "wall", or "processor" for this process's CPU seconds.

    CPU seconds leave out the time that other processes use. This helps on a busy machine and with one thread
    only; it is not the time that a user waits.
    """
    global clock
    clock = CLOCKS[name]


def seconds(call: Callable[[], object]) -> float:
    """The seconds that one call takes."""
    started = clock()
    result = call()
    took = clock() - started
    del result  # free the result after the time is taken: no path is charged for that
    return took


def interleaved(calls: Calls, rounds: int, budget: float, repeats: int = 40) -> Rounds:
    """Time each call in rounds.

    Args:
        calls: the calls to time, by name.
        rounds: how many rounds there are.
        budget: seconds for a path; one that would need more skips some of the rounds.
        repeats: the largest number of calls in a turn.

    Returns:
        For each name and round, the median of the turn's calls in milliseconds; None for a skipped round.
    """
    costs = {name: _cost(call) for name, call in calls.items()}
    order = _spread(rounds)
    least = {name: 1 if cost > PATIENCE else LEAST_ROUNDS for name, cost in costs.items()}
    taking_part = {name: set(order[: max(least[name], int(budget / cost))]) for name, cost in costs.items()}
    taken: Rounds = {name: [None] * rounds for name in calls}
    names, chance = list(calls), random.Random(rounds)
    gc.disable()  # a collection would slow a random call, and these calls leave no cycles to collect
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
    """The median over the rounds that the path did not skip."""
    return statistics.median(one for one in times if one is not None)


def ratio(times: Sequence[float | None], base: Sequence[float | None]) -> float:
    """The median of the ratios, over the rounds that neither path skipped.

    >>> ratio([2.0, 3.0, None], [1.0, 2.0, 9.0])
    1.75
    """
    return statistics.median(
        a / b for a, b in zip(times, base, strict=True) if a is not None and b is not None
    )


def _cost(call: Callable[[], object]) -> float:
    """Estimate the seconds of a call; a slow one is called only once."""
    first = seconds(call)
    return max(LEAST_COST, first if first > SLOW else min(seconds(call), seconds(call)))


def _spread(rounds: int) -> list[int]:
    """Order the rounds so that the first few of the list are far apart.

    A slow path takes part only in the first few rounds of the list, so that two slow paths share most of
    their rounds.
    """
    order = sorted({0, rounds - 1})
    while len(order) < rounds:
        gaps = [
            (after - before, before) for before, after in zip(sorted(order), sorted(order)[1:], strict=False)
        ]
        wide, before = max(gaps)
        order.append(before + wide // 2)
    return order
