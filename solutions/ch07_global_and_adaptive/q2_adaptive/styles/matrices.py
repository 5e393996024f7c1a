# Matrices: each axis is pooled by a table of weights; masks become weights that add up to one.

def averages(n, m):
    table = np.zeros((m, n))
    for o in range(m):
        start, end = o * n // m, ((o + 1) * n + m - 1) // m
        table[o, start:end] = 1 / (end - start)
    return table


def adaptive_avg_pool_plane(x, outputs):
    return averages(x.shape[0], outputs[0]) @ x @ averages(x.shape[1], outputs[1]).T
