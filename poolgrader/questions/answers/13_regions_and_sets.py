# GENERATED from solutions/13_regions_and_sets.py by `make exercises`; do not edit.

# %% answer="13.1"
def predict():
    """Return the pyramid's length, the list of two pooled numbers, the pooled item."""
    return 84, [7, 5], 6

# %% answer="13.2"
def roi_align_plane(x, box, outputs, samples, operation):
    """Pool a box of a plane (h, w) into outputs (rows, columns), from s by s samples in each bin."""
    left, top, right, bottom = box
    rows, columns = outputs
    h, w = x.shape
    y = np.empty(outputs)

    def read(row, column):
        """Mix the four cells around a point."""
        i, j = min(max(row - 0.5, 0.0), h - 1.0), min(max(column - 0.5, 0.0), w - 1.0)
        i0, j0 = int(i), int(j)
        i1, j1 = min(i0 + 1, h - 1), min(j0 + 1, w - 1)
        b, a = i - i0, j - j0
        upper = (1 - a) * x[i0, j0] + a * x[i0, j1]
        lower = (1 - a) * x[i1, j0] + a * x[i1, j1]
        return (1 - b) * upper + b * lower

    height, width = (bottom - top) / rows, (right - left) / columns
    for o in range(rows):
        for e in range(columns):
            seen = []
            for p in range(samples):
                for q in range(samples):
                    row = top + (o + (p + 0.5) / samples) * height
                    seen.append(read(row, left + (e + (q + 0.5) / samples) * width))
            y[o, e] = np.mean(seen) if operation == "mean" else np.max(seen)
    return y

# %% answer="13.3"
def attention(x, mask, v, w):
    """Pool sets (n, length, f) by the softmax of learned scores: return (n, f) and the weights (n, length)."""
    items = torch.where(mask[:, :, None], x, 0.0)
    scores = torch.tanh(items @ v.T) @ w
    scores = torch.where(mask, scores, torch.finfo(x.dtype).min)
    weights = torch.softmax(scores, dim=1) * mask
    return (weights[:, :, None] * items).sum(dim=1), weights

# %% answer="13.4"
def twins():
    """Return four pairs of sets that the sum, the mean, the maximum, and all of them cannot tell apart."""
    return ([1, 5], [6]), ([2], [1, 3]), ([4, 1], [4]), ([1, 2, 3], [0, 3, 3])

# %% answer="13.5"
def order_test():
    """Return items and an order of their places that catch aggregations which depend on the order."""
    items = [3, 8, 1, 5, 9, 2]
    order = [4, 0, 5, 2, 1, 3]
    return items, order

# %% answer="13.6"
def pool_neighbours(x, edges, operation, itself, direction, empty):
    """Combine the rows of each node's neighbours, by a rule that the arguments give."""
    reduce = {"sum": np.sum, "mean": np.mean, "max": np.max, "min": np.min}
    y = np.full(x.shape, float(empty))
    for t in range(len(x)):
        seen = []
        if direction in ("in", "both"):
            seen += [source for source, target in edges if target == t]
        if direction in ("out", "both"):
            seen += [target for source, target in edges if source == t]
        if itself:
            seen.append(t)
        if seen:
            y[t] = reduce[operation](x[seen], axis=0)
    return y
