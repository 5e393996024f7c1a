"""The steps in which ``kernel.cpp`` pools a window along an axis: which cells each step joins.

To join cells is to take their maximum or their sum. A step is a list of offsets, called taps; the first is 0.
At each position p it joins the cells p + t, for all its taps t, of the result of the step before. The steps
stand one after another in a single list, in which each 0 starts a step.
"""

from __future__ import annotations

MOST = 4  # the most taps in a step of a maximum
A_STEP = 2  # the cost of writing and reading an intermediate result, counted in taps


def steps_of_max(k: int) -> list[int]:
    """List the steps of a maximum: after them a position has joined 4, 16, 64, ... and at last ``k`` cells.

    The last step may join a cell twice, which changes no maximum.

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
    """List the steps of a sum of ``k = b a + c`` cells.

    The first step adds ``a`` cells, and the second adds ``b`` of these sums. The negative taps of the second
    step stand for the ``c`` cells of the input that are left over. Each cell is added once. If two steps
    would cost as much as one or more, a single step adds all ``k`` cells.

    >>> steps_of_sum(3), steps_of_sum(11)
    ([0, 1, 2], [0, 1, 0, 2, 4, 6, 8, -10])
    """
    a = min(range(2, k), key=lambda a: a + k // a + k % a, default=k)
    if a + k // a + k % a + A_STEP >= k:
        return [*range(k)]
    whole = k // a * a
    return [*range(a), *range(0, whole, a), *(-t for t in range(whole, k))]
