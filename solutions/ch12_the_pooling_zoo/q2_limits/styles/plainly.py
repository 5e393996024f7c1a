# Plain loops: one channel, one window, one cell at a time.

import math


def find_p(window, target):
    cells = sorted(float(cell) for cell in window)
    if target >= cells[-1]:
        return math.inf
    if target <= cells[0]:
        return -math.inf

    def mean(p):
        scale = cells[-1] if p > 0 else cells[0]
        return scale * (sum((cell / scale) ** p for cell in cells) / len(cells)) ** (1 / p)

    p, step = 0.5, 64.0
    while step > 1e-12:
        moved = p + step if mean(p) < target else p - step
        if moved != 0 and (mean(moved) < target) == (mean(p) < target):
            p = moved
        else:
            step /= 2
    return p
