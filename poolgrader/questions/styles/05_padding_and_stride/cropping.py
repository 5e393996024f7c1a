# No padded array at all: each window is cropped to the plane, in comprehensions; and clamped, where that is the same.

# %% answer="5.1"
def predict():
    row = [-3, -9, -6]
    seen = [row[:2], row, row[1:]]
    return [max(w) for w in seen], [sum(w) / 3 for w in seen], [sum(w) / len(w) for w in seen]


# %% answer="5.2"
def max_pool_plane(x, kernel_size, stride=None, padding=((0, 0), (0, 0))):
    stride = stride if stride is not None else kernel_size

    def ranges(axis):
        (before, after), k, s, n = padding[axis], kernel_size[axis], stride[axis], x.shape[axis]
        return [(max(at, 0), max(at + k, 0)) for at in range(-before, n + after - k + 1, s)]

    lowest = np.array(float("-inf")).astype(x.dtype) if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    return np.array(
        [[np.max(x[a:b, c:d], initial=lowest) for c, d in ranges(1)] for a, b in ranges(0)], dtype=x.dtype
    )


# %% answer="5.3"
def avg_pool_plane(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    def table(n, k, s, p):
        # A row for each window, a column for each cell: 1 where the window sees the cell.
        starts = np.arange(-p, n + p - k + 1, s)[:, None]
        cells = np.arange(n)
        return ((starts <= cells) & (cells < starts + k)).astype(float)

    rows, columns = (
        table(*along) for along in zip(x.shape, kernel_size, kernel_size if stride is None else stride, padding)
    )
    sums = rows @ x @ columns.T
    if count_include_pad:
        return sums / np.prod(kernel_size)
    return sums / np.outer(rows.sum(1), columns.sum(1))


# %% answer="5.4"
def border_case():
    x = -1e250 * (1 + np.random.default_rng(7).random((10, 11)))
    return x, np.array([5, 3]), np.array([3, 2]), np.array([2, 1])


# %% answer="5.5"
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


# %% answer="5.6"
def avg_pool2d_torch(x, kernel_size, stride, padding, count_include_pad):
    k, s, p = kernel_size, stride, padding
    sums, counts = [], []
    for i in range(-p, x.shape[2] + p - k + 1, s):
        for j in range(-p, x.shape[3] + p - k + 1, s):
            window = x[:, :, max(i, 0) : i + k, max(j, 0) : j + k]
            sums.append(window.sum((2, 3)))
            counts.append(k * k if count_include_pad else window.shape[2] * window.shape[3])
    columns = (x.shape[3] + 2 * p - k) // s + 1
    return torch.stack([a / b for a, b in zip(sums, counts)], -1).unflatten(-1, (-1, columns))
