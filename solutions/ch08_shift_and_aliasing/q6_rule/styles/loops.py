# Plain Python: one place, one cell, one phase at a time.

def pool_by_phase(x, stride, score, choose, ties, together):
    c, h, w = x.shape

    def value(cells):
        if score == "sum":
            return sum(cells)
        if score == "energy":
            return sum(cell * cell for cell in cells)
        return max(abs(cell) for cell in cells)

    def best(channels):
        starts = [(i, j) for i in range(stride[0]) for j in range(stride[1])]
        if ties == "last":
            starts.reverse()
        values = [value([v for k in channels for v in x[k, i :: stride[0], j :: stride[1]].ravel()]) for i, j in starts]
        wanted = max(values) if choose == "greatest" else min(values)
        return starts[values.index(wanted)]

    y = np.zeros((c, h // stride[0], w // stride[1]), x.dtype)
    for k in range(c):
        i, j = best(range(c) if together else [k])
        y[k] = x[k, i :: stride[0], j :: stride[1]]
    return y
