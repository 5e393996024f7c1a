"""How a window is taken apart along an axis: which cells each step joins, for ``kernel.cpp``.

A step is a list of taps, the first of them 0: from each cell it joins the cells that lie so far ahead.
"""

from __future__ import annotations

MOST = 4  # taps of a step of a maximum
A_STEP = 2  # taps that could be joined while a step reads and writes what lies between


def steps_of_max(k: int) -> list[int]:
    """Windows of 4, 16, 64 cells, step by step; the last step may take cells twice, which changes no maximum.

    >>> steps_of_max(7)
    [0, 1, 2, 3, 0, 3]
    """
    taps, reach = [], 1
    while reach < k:
        step = [min(t * reach, k - reach) for t in range(1, MOST) if (t - 1) * reach < k - reach]
        taps += [0, *step]
        reach += step[-1]
    return taps or [0]


def steps_of_sum(k: int) -> list[int]:
    """Join ``a`` of ``k = b a + c`` cells, and ``b`` of those;
    a negative tap is one of the ``c`` cells that are left.

    Each cell is added once. Where fewer taps are not worth a second step, one takes all.

    >>> steps_of_sum(3), steps_of_sum(11)
    ([0, 1, 2], [0, 1, 0, 2, 4, 6, 8, -10])
    """
    a = min(range(2, k), key=lambda a: a + k // a + k % a, default=k)
    if a + k // a + k % a + A_STEP >= k:
        return [*range(k)]
    whole = k // a * a
    return [*range(a), *range(0, whole, a), *(-t for t in range(whole, k))]
