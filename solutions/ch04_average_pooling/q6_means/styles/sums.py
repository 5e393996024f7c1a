# Running sums: shifted slices added up, cumulative sums, and integers until the last division.

def pool_by_mean(x, weights, stride, kind, coefficient, bias):
    there, back = {
        "arithmetic": (lambda t: t, lambda t: t),
        "quadratic": (lambda t: t * t, np.sqrt),
        "harmonic": (lambda t: 1 / t, lambda t: 1 / t),
        "geometric": (np.log, np.exp),
    }[kind]
    h = (x.shape[0] - weights.shape[0]) // stride
    w = (x.shape[1] - weights.shape[1]) // stride
    total = 0
    for (u, v), weight in np.ndenumerate(weights):
        tap = x[u : u + h * stride + 1 : stride, v : v + w * stride + 1 : stride]
        total = total + weight / weights.sum() * there(tap)
    return coefficient * back(total) + bias
