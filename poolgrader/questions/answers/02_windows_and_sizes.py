# GENERATED from solutions/02_windows_and_sizes.py by `make exercises`; do not edit.

# %% answer="2.1"
def predict():
    """Return the four numbers of outputs, in the order of the question."""
    return [4, 9, 5, 2]

# %% answer="2.2"
def output_size(input_size, kernel_size, stride=None, padding=(0, 0)):
    """Count the windows along each axis: (rows, columns) of the output."""
    size = []
    for axis in (0, 1):
        n, k, p = input_size[axis], kernel_size[axis], padding[axis]
        s = k if stride is None else stride[axis]
        room = n + 2 * p - k
        if room < 0:
            raise ValueError(f"no window of {k} cells fits into {n} cells with {p} on either side")
        size.append(room // s + 1)
    return tuple(size)

# %% answer="2.3"
def taps(output_index, input_size, kernel_size, stride, padding):
    """List the input cells (row, column) that output (i, j) sees, row by row."""
    i, j = output_index
    h, w = input_size
    kh, kw = kernel_size
    sh, sw = stride
    ph, pw = padding
    cells = []
    for u in range(kh):
        for v in range(kw):
            row = i * sh + u - ph
            column = j * sw + v - pw
            if 0 <= row < h and 0 <= column < w:
                cells.append((row, column))
    return cells

# %% answer="2.4"
def design(n, o, s):
    """Choose (k, p) so that n cells give exactly o outputs with stride s, and every cell is seen."""
    p = max(0, -(-(o * s - n) // 2))
    k = n + 2 * p - (o - 1) * s
    return k, p

# %% answer="2.5"
def who_sees(n, offsets, stride, before, after, keep):
    """Tabulate which window (row) sees which cell (column), by the rule that the arguments give."""
    rows = []
    start = -before
    while start < n if keep == "begun" else start + max(offsets) < n + after:
        row = [0] * n
        for offset in offsets:
            if 0 <= start + offset < n:
                row[start + offset] = 1
        rows.append(row)
        start += stride
    return np.array(rows)

# %% answer="2.6"
def cells_behind(output, n, layers):
    """Find the first and the last of n input cells that one output of a stack depends on."""
    sizes = [n]
    for k, s, p in layers:
        sizes.append((sizes[-1] + 2 * p - k) // s + 1)
    first = last = output
    for (k, s, p), size in zip(reversed(layers), reversed(sizes[:-1]), strict=True):
        first = max(first * s - p, 0)
        last = min(last * s - p + k - 1, size - 1)
    return first, last
