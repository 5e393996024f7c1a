# Matrices: each axis is pooled by a table of weights; masks become weights that add up to one.

def predict():
    def table(n, m):
        o, j = np.arange(m)[:, None], np.arange(n)
        inside = (j >= o * n // m) & (j < -(-(o + 1) * n // m))
        return inside / inside.sum(axis=1, keepdims=True)

    rows = [([3, 0, 6, 9, 0, 3, 6], 3), ([8, 4, 2, 6], 3), ([5, 7], 4)]
    return [table(len(row), m) @ row for row, m in rows]
