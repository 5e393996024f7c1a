# Plain Python: one place, one cell, one phase at a time.

def three_planes():
    return [[0, 5, 0, -1], [0, 5, 0, -1]], [[1, -1], [-1, 1]], [[0, 0, 0, 0], [5, 13, 12, 0]]
