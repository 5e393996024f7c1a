# GENERATED from solutions/14_making_it_fast.py by `make exercises`; do not edit.

# %% answer="14.1"
def predict():
    """Return three numbers of comparisons: the whole window, two passes, doubling."""
    return 80, 16, 8

# %% answer="14.2"
def max_pool2d_in_two_passes(x, kernel_size, stride, padding):
    """Max pool planes (n, c, h, w): return the output of the pass along the rows, and of both."""

    def along_rows(x, k, step, before):
        """Pool the last axis with windows of k cells."""
        row = torch.nn.functional.pad(x, (before, before), value=-torch.inf)
        outputs = (row.shape[-1] - k) // step + 1
        return torch.stack([row[..., o * step : o * step + k].amax(dim=-1) for o in range(outputs)], dim=-1)

    rows = along_rows(x, kernel_size[1], stride[1], padding[1])
    return rows, along_rows(rows.transpose(2, 3), kernel_size[0], stride[0], padding[0]).transpose(2, 3)

# %% answer="14.3"
def doubling_plan(k, overlap):
    """Return steps (row, row, shift) after which the last row's windows reach over k cells."""
    steps, rows = [], [1]  # how many cells the windows of each row reach over
    while 2 * rows[-1] <= k:
        last = len(rows) - 1
        steps.append((last, last, rows[-1]))
        rows.append(2 * rows[-1])
    while rows[-1] < k:
        last = len(rows) - 1
        missing = k - rows[-1]
        if overlap:
            steps.append((last, last, missing))
            rows.append(k)
        else:
            other = max(row for row, reach in enumerate(rows) if reach <= missing)
            steps.append((last, other, rows[-1]))
            rows.append(rows[-1] + rows[other])
    return steps

# %% answer="14.4"
def meet_in_the_middle(x, k):
    """Running maxima of a row: from the start of each block, to its end, and over windows of k."""
    n = len(x)
    from_start, to_end = np.empty(n), np.empty(n)
    for t in range(n):
        from_start[t] = x[t] if t % k == 0 else max(from_start[t - 1], x[t])
    for t in reversed(range(n)):
        to_end[t] = x[t] if t % k == k - 1 or t == n - 1 else max(to_end[t + 1], x[t])
    y = np.maximum(to_end[: n - k + 1], from_start[k - 1 :])
    return from_start, to_end, y

# %% answer="14.5"
def cost(method, planes, h, w, k, itemsize):
    """Return the pair (comparisons, bytes moved) of a method on planes of h by w, windows of k by k."""
    outputs = (h - k + 1) * (w - k + 1)
    rows = h * (w - k + 1)
    if method == "window":
        compared, moved = outputs * (k * k - 1), (outputs * k * k + outputs) * itemsize
    elif method == "passes":
        compared, moved = (rows + outputs) * (k - 1), (h * w + 2 * rows + outputs) * itemsize
    elif method == "indices":
        compared, moved = outputs * (k * k - 1), (h * w + outputs) * itemsize + 8 * outputs
    else:
        compared, moved = 0, (h * w + outputs) * itemsize
    return planes * compared, planes * moved

# %% answer="14.6"
def running(x, k, dilation, operation, border):
    """Combine k taps from each cell of a row on, by a rule that the arguments give."""
    reduce = {"max": np.max, "min": np.min, "sum": np.sum, "gcd": lambda seen: np.gcd.reduce(seen.astype(int))}
    n = len(x)
    y = np.empty(n)
    for t in range(n):
        taps = t + dilation * np.arange(k)
        if border == "wrap":
            seen = x[taps % n]
        elif border == "edge":
            seen = x[np.minimum(taps, n - 1)]
        else:
            seen = x[taps[taps < n]]
        y[t] = reduce[operation](seen)
    return y
