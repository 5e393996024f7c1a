# Gathered columns: an array of indices picks every tap of every window, then one reduction over the taps.

from functools import reduce


def pool_by_rule(x, weights, stride, padding, border, operation, identity):
    def index(i, length):
        if border == "wrap":
            return i % length
        if border == "edge":
            return 0 if i < 0 else length - 1 if i >= length else i
        return i if 0 <= i < length else None

    def tap(i, j, u, v):
        row = index(i * stride + u - padding, x.shape[0])
        column = index(j * stride + v - padding, x.shape[1])
        return None if row is None or column is None else weights[u][v] * x[row][column]

    join = {
        "max": lambda a, b: a if a > b else b,
        "min": lambda a, b: a if a < b else b,
        "sum": lambda a, b: a + b,
        "product": lambda a, b: a * b,
    }[operation]
    height, width = ((n + 2 * padding - k) // stride + 1 for n, k in zip(x.shape, weights.shape))
    return np.array(
        [
            [
                reduce(
                    join,
                    [
                        value
                        for u in range(len(weights))
                        for v in range(len(weights[0]))
                        if (value := tap(i, j, u, v)) is not None
                    ],
                    identity,
                )
                for j in range(width)
            ]
            for i in range(height)
        ],
        dtype=float,
    )
