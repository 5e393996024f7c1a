# Whole arrays at once: ranges, meshes and products of tables.

# %% answer="2.1"
def predict():
    return tuple(len(range(0, n + 2 * p - k + 1, s)) for n, k, s, p in ((6, 3, 1, 0), (9, 3, 1, 1), (9, 3, 2, 1), (8, 3, 3, 0)))


# %% answer="2.2"
def output_size(input_size, kernel_size, stride=None, padding=(0, 0)):
    n, k, p = map(np.array, (input_size, kernel_size, padding))
    s = k if stride is None else np.array(stride)
    size = np.floor((n + 2 * p - k) / s).astype(int) + 1
    if size.min() < 1:
        raise ValueError(f"output of {size}")
    return size


# %% answer="2.3"
from itertools import product


def taps(output_index, input_size, kernel_size, stride, padding):
    along = [
        [at for at in range(o * s - p, o * s - p + k) if at in range(n)]
        for o, n, k, s, p in zip(output_index, input_size, kernel_size, stride, padding)
    ]
    return np.array(list(product(*along)))


# %% answer="2.4"
def design(n, o, s):
    # A generous padding: a kernel that ends where the padded row ends, whatever the padding.
    p = n * s
    return np.array([n + 2 * p - (o - 1) * s, p])


# %% answer="2.5"
def who_sees(n, offsets, stride, before, after, keep):
    if keep == "begun":
        count = -(-(n + before) // stride)
    else:
        count = (n + before + after - max(offsets) - 1) // stride + 1
    table = np.zeros((count, n), dtype=int)
    window, tap = np.meshgrid(np.arange(count), offsets, indexing="ij")
    cell = window * stride - before + tap
    inside = (cell >= 0) & (cell < n)
    table[window[inside], cell[inside]] = 1
    return table


# %% answer="2.6"
def cells_behind(output, n, layers):
    sees = np.eye(n)
    for k, s, p in layers:
        padded = np.pad(sees, ((p, p), (0, 0)))
        count = (len(padded) - k) // s + 1
        sees = np.stack([padded[i * s : i * s + k].sum(axis=0) for i in range(count)])
    seen = np.flatnonzero(sees[output])
    return np.array([seen[0], seen[-1]])
