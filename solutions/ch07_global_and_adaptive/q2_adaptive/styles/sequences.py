# Plain Python: one bin, one position, one token at a time.

import math
from fractions import Fraction


def cells_of(n, m, o):
    return range(math.floor(Fraction(o * n, m)), math.ceil(Fraction((o + 1) * n, m)))


def adaptive_avg_pool_plane(x, outputs):
    h, w = x.shape
    result = []
    for i in range(outputs[0]):
        line = []
        for j in range(outputs[1]):
            values = [x[r, c] for r in cells_of(h, outputs[0], i) for c in cells_of(w, outputs[1], j)]
            line.append(sum(values) / len(values))
        result.append(line)
    return np.array(result, dtype=np.float64)
