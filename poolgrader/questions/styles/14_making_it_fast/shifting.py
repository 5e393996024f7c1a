# Shifts: the row against itself, moved by a few cells; plans are made from the top.

# %% answer="14.1"
def predict():
    every = 9 * 9 - 1
    passes = (9 - 1) + (9 - 1)
    steps = len([reach for reach in (1, 2, 4, 8) if reach < 9])
    return [every, passes, 2 * steps]


# %% answer="14.2"
def max_pool2d_in_two_passes(x, kernel_size, stride, padding):
    n, c, h, w = x.shape
    (kh, kw), (sh, sw), (ph, pw) = kernel_size, stride, padding
    wide = x.new_full((n, c, h, w + 2 * pw), float("-inf"))
    wide[:, :, :, pw : pw + w] = x
    ow = (w + 2 * pw - kw) // sw + 1
    rows = wide[:, :, :, : (ow - 1) * sw + 1 : sw]
    for tap in range(1, kw):
        rows = torch.maximum(rows, wide[:, :, :, tap : tap + (ow - 1) * sw + 1 : sw])
    high = x.new_full((n, c, h + 2 * ph, ow), float("-inf"))
    high[:, :, ph : ph + h] = rows
    oh = (h + 2 * ph - kh) // sh + 1
    y = high[:, :, : (oh - 1) * sh + 1 : sh]
    for tap in range(1, kh):
        y = torch.maximum(y, high[:, :, tap : tap + (oh - 1) * sh + 1 : sh])
    return rows, y


# %% answer="14.3"
def doubling_plan(k, overlap):
    steps = []
    reach = 1
    if overlap:
        while reach < k:
            shift = min(reach, k - reach)
            steps.append((len(steps), len(steps), shift))
            reach += shift
        return steps
    for digit in bin(k)[3:]:
        steps.append((len(steps), len(steps), reach))
        reach *= 2
        if digit == "1":
            steps.append((len(steps), 0, reach))
            reach += 1
    return steps


# %% answer="14.4"
def meet_in_the_middle(x, k):
    n = len(x)
    filled = np.concatenate([x, np.full(-n % k, -np.inf)]).reshape(-1, k)
    from_start = np.maximum.accumulate(filled, axis=1).ravel()[:n]
    to_end = np.maximum.accumulate(filled[:, ::-1], axis=1)[:, ::-1].ravel()[:n]
    y = np.array([max(to_end[t], from_start[t + k - 1]) for t in range(n - k + 1)])
    return from_start, to_end, y


# %% answer="14.5"
def cost(method, planes, h, w, k, itemsize):
    cells, between, outputs = h * w, h * (w - k + 1), (h - k + 1) * (w - k + 1)
    compared = {"floor": 0, "passes": between * (k - 1) + outputs * (k - 1)}.get(method, outputs * (k**2 - 1))
    numbers = {
        "window": outputs * k**2 + outputs,
        "passes": cells + between + between + outputs,
        "indices": cells + outputs,
        "floor": cells + outputs,
    }[method]
    indices = outputs * 8 if method == "indices" else 0
    return compared * planes, (numbers * itemsize + indices) * planes


# %% answer="14.6"
def running(x, k, dilation, operation, border):
    n, reach = len(x), dilation * (k - 1)
    tail = {
        "skip": np.full(reach, np.nan),
        "wrap": np.resize(x, reach),
        "edge": np.full(reach, x[-1]),
    }[border]
    long = np.concatenate([x, tail])
    taps = np.stack([long[tap * dilation : tap * dilation + n] for tap in range(k)])
    if operation == "gcd":
        return np.array([float(np.gcd.reduce(column[~np.isnan(column)].astype(int))) for column in taps.T])
    return {"max": np.nanmax, "min": np.nanmin, "sum": np.nansum}[operation](taps, axis=0)
