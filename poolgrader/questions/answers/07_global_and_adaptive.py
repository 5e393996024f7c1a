# GENERATED from solutions/07_global_and_adaptive.py by `make exercises`; do not edit.

# %% answer="7.1"
def predict():
    """Return the three rows of adaptive averages."""
    return [3, 5, 3], [6, 3, 4], [5, 5, 7, 7]

# %% answer="7.2"
def adaptive_avg_pool_plane(x, outputs):
    """Average pool one plane (h, w) to the given number of rows and columns."""
    h, w = x.shape
    rows, columns = outputs
    y = np.empty((rows, columns))
    for i in range(rows):
        top = i * h // rows
        bottom = -(-(i + 1) * h // rows)
        for j in range(columns):
            left = j * w // columns
            right = -(-(j + 1) * w // columns)
            y[i, j] = x[top:bottom, left:right].mean()
    return y

# %% answer="7.3"
def choose_sizes():
    """Return three pairs (cells, bins): a disguised sliding window, unequal bins, a stretched row."""
    return (4, 3), (7, 4), (2, 6)

# %% answer="7.4"
def logits_and_maps(features, weight, bias):
    """Logits (n, k) by global average pooling, and class activation maps (n, k, h, w)."""
    pooled = features.mean(dim=(2, 3))
    logits = pooled @ weight.T + bias
    maps = torch.einsum("kc,nchw->nkhw", weight, features) + bias[:, None, None]
    return logits, maps

# %% answer="7.5"
def pool_sequence(x, mask, how):
    """Pool each sequence (length, f) of a batch to one vector (f), its padding left out."""
    n, length, _ = x.shape
    real = torch.where(mask[:, :, None], x, 0.0)
    count = mask.sum(dim=1)
    if how == "mean":
        return real.sum(dim=1) / count.clamp(min=1)[:, None]
    places = torch.arange(length, device=x.device)
    if how == "first":
        place = torch.where(mask, places, length - 1).amin(dim=1)
    else:
        place = torch.where(mask, places, 0).amax(dim=1)
    return real[torch.arange(n, device=x.device), place]

# %% answer="7.6"
def pool_by_bins(x, outputs, first, last, reach, operation, empty):
    """Pool rows (c, n) by bins whose rule the arguments give."""
    rounded = {"floor": np.floor, "ceil": np.ceil, "nearest": lambda value: np.floor(value + 0.5)}
    combine = {"mean": np.mean, "max": np.max, "sum": np.sum, "spread": np.ptp}
    n = x.shape[1]
    y = np.empty((len(x), outputs))
    for o in range(outputs):
        start = int(rounded[first](o * n / outputs) - reach)
        end = int(rounded[last]((o + 1) * n / outputs) + reach)
        seen = x[:, max(start, 0) : min(end, n)]
        y[:, o] = combine[operation](seen, axis=1) if seen.size else empty
    return y
