# All in one: as few tests as can be, with numbers that are drawn.

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
