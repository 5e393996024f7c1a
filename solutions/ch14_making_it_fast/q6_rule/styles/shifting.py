# Shifts: the row against itself, moved by a few cells; plans are made from the top.

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
