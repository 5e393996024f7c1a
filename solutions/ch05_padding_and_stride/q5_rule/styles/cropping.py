# No padded array: comprehensions crop each window to the plane, by clamping its slice bounds at 0.

def border_average(x, kernel_size, stride, padding, fill, share, empty):
    (h, w), (kh, kw), (sh, sw) = x.shape, kernel_size, stride
    top, bottom, left, right = padding

    def one(a, c):
        seen = x[max(a, 0) : max(a + kh, 0), max(c, 0) : max(c + kw, 0)]
        border = kh * kw - seen.size
        weight = seen.size + share * border
        return (seen.sum() + share * fill * border) / weight if weight > 0 else empty

    return np.array(
        [
            [float(one(a, c)) for c in range(-left, w + right - kw + 1, sw)]
            for a in range(-top, h + bottom - kh + 1, sh)
        ]
    )
