# No padded array at all: each window is cropped to the plane, in comprehensions; and clamped, where that is the same.

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
