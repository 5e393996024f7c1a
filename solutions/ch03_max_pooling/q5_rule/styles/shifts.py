# One pass for each tap of the window: the running maximum of shifted slices.

def weighted(x, weights, i, j, stride, padding, border):
    h, w = x.shape
    for (u, v), weight in np.ndenumerate(weights):
        r, c = i * stride + u - padding, j * stride + v - padding
        if border == "edge":
            r, c = np.clip(r, 0, h - 1), np.clip(c, 0, w - 1)
        if border == "wrap":
            r, c = r % h, c % w
        if 0 <= r < h and 0 <= c < w:
            yield weight * x[r, c]


def pool_by_rule(x, weights, stride, padding, border, operation, identity):
    shape = [(n + 2 * padding - k) // stride + 1 for n, k in zip(x.shape, weights.shape)]
    y = np.full(shape, identity, dtype=float)
    for i, j in np.ndindex(*shape):
        for value in weighted(x, weights, i, j, stride, padding, border):
            if operation == "max":
                y[i, j] = max(y[i, j], value)
            elif operation == "min":
                y[i, j] = min(y[i, j], value)
            elif operation == "sum":
                y[i, j] += value
            else:
                y[i, j] *= value
    return y
