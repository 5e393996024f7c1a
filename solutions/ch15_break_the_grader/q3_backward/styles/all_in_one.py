# All in one: as few tests as can be, with numbers that are drawn.

def gradient_tests():
    rng = np.random.default_rng(16)
    tests = []
    for levels, shape, kernel, stride, padding in (
        (48, (1, 2, 4, 6), (3, 2), 3, 1),
        (2, (1, 1, 6, 8), (2, 3), 1, 1),
        (48, (2, 1, 4, 6), (2, 2), 1, 0),
    ):
        x = -1.0 - rng.permutation(np.arange(48) % levels).reshape(shape)
        n, c, h, w = shape
        kh, kw = kernel
        size = (n, c, (h + 2 * padding - kh) // stride + 1, (w + 2 * padding - kw) // stride + 1)
        sent = rng.permutation(np.arange(np.prod(size)) - 3.5).reshape(size)
        expected = np.zeros(shape)
        for b, d, i, j in np.ndindex(size):
            best = None
            for u in range(i * stride - padding, i * stride - padding + kh):
                for v in range(j * stride - padding, j * stride - padding + kw):
                    inside = 0 <= u < h and 0 <= v < w
                    if inside and (best is None or x[b, d, u, v] > x[b, d, best[0], best[1]]):
                        best = u, v
            expected[b, d, best[0], best[1]] += sent[b, d, i, j]
        tests.append((sent, x, kernel, stride, padding, expected))
    return tests
