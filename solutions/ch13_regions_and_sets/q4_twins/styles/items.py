# Item by item: one sample, one set, one edge at a time.

def twins():
    return [[[9, 1], [5, 3, 2]], [[1, 5], [3]], [[2], [1, 2]], [[-1, -4, 6, 6], [-2, -3, 6, 6]]]
