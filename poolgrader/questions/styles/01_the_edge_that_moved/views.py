# Strided views and numpy's own padding: no loop over cells.

# %% answer="1.1"
def predict():
    def response(row):
        return row[:-1] - row[1:]

    def pooled(row):
        return response(row).reshape(-1, 2).max(axis=1)

    row = np.array([0, 0, 1, 1, 1, 0, 0])
    return response(row), pooled(row), pooled(np.r_[0, row[:-1]]), pooled(np.r_[row[1:], 0])


# %% answer="1.2"
def correlate(x, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(float), kernel.shape)
    return np.einsum("ijuv,uv->ij", windows, kernel)


# %% answer="1.3"
def two_maps(kernel_size, step):
    k = kernel_size
    down, right = step
    rows = slice(k - 1, None, k) if down > 0 else slice(0, None, k)
    columns = slice(k - 1, None, k) if right > 0 else slice(0, None, k)
    broken = np.zeros((3 * k, 3 * k))
    broken[rows, columns] = 1 + np.arange(9).reshape(3, 3)
    tolerated = np.zeros((k, 2 * k))
    tolerated[k - 1 if down < 0 else 0, k - 1 if right < 0 else 0] = 7
    return tolerated, broken


# %% answer="1.4"
def shift_search(x, kernel_size, operation, border):
    padded = np.pad(x, 1, mode={"zero": "constant"}.get(border, border))
    h, w = x.shape
    reduce = getattr(np, operation)

    def pool(plane):
        windows = np.lib.stride_tricks.sliding_window_view(plane, (kernel_size, kernel_size))
        return reduce(windows[::kernel_size, ::kernel_size], axis=(2, 3))

    still = pool(x)
    table = [
        [int((pool(padded[1 - dr : 1 - dr + h, 1 - dc : 1 - dc + w]) == still).sum()) for dc in (-1, 0, 1)]
        for dr in (-1, 0, 1)
    ]
    return table


# %% answer="1.5"
def harmless(position, kernel_size, stride, length):
    starts = np.arange(0, length - kernel_size + 1, stride)[:, None]
    places = np.arange(length)
    seen = (starts <= places) & (places < starts + kernel_size)
    same = (seen == seen[:, [position]]).all(axis=0)
    same[position] = False
    return np.flatnonzero(same)
