# All in one: as few tests as can be, with numbers that are drawn.

# %% answer="15.1"
def predict():
    bugs = {
        "A": lambda border, stride, square, negative: border and negative,
        "B": lambda border, stride, square, negative: not stride,
        "C": lambda border, stride, square, negative: not square,
        "D": lambda border, stride, square, negative: negative,
    }
    tests = [(True, True, True, True), (False, False, False, False), (False, True, True, True)]
    return tuple("".join(name for name, shows in bugs.items() if shows(*test)) for test in tests)


# %% answer="15.2"
def pooling_tests():
    def test(x, kernel_size, stride, padding):
        (top, bottom), (left, right) = padding
        h, w = x.shape
        (kh, kw), (sh, sw) = kernel_size, stride or kernel_size
        rows = [
            [
                max(
                    x[u, v]
                    for u in range(max(i, 0), min(i + kh, h))
                    for v in range(max(j, 0), min(j + kw, w))
                )
                for j in range(-left, w + right - kw + 1, sw)
            ]
            for i in range(-top, h + bottom - kh + 1, sh)
        ]
        return x, kernel_size, stride, padding, np.array(rows, dtype=x.dtype)

    rng = np.random.default_rng(15)
    floats = -1e10 * (1 + rng.permutation(48).reshape(6, 8))
    wholes = -(2**62) + rng.permutation(48).reshape(6, 8)
    return [
        test(floats, (2, 4), (3, 1), ((1, 0), (0, 2))),
        test(floats, (3, 2), None, ((0, 1), (1, 0))),
        test(wholes, (4, 3), (1, 2), ((2, 1), (0, 1))),
    ]


# %% answer="15.3"
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


# %% answer="15.4"
def catching_input(kernel_size, stride, operation, fill):
    below = fill - 3 - np.random.default_rng(5).random((9, 8))
    above = fill + 3 + np.random.default_rng(6).random((9, 8))
    return np.hstack([above, below])


# %% answer="15.5"
def redesign(side, first, second, cells, parameters, multiplications):
    return (
        ("conv", first),
        ("average", 3, 1),
        ("polyphase", side // cells),
        ("conv", second),
        ("max", 2, 1),
        ("blur", 1),
        ("global",),
        ("linear", 10),
    )
