# One pass for each tap: shifted slices, added up or compared. In 1.5 the first and the last window of a place.

# %% answer="1.1"
def predict():
    return (0, -1, 0, 0, 1, 0), (0, 0, 1), (0, 0, 1), (0, 1, 0)


# %% answer="1.2"
def correlate(x, kernel):
    h, w = (n - k + 1 for n, k in zip(x.shape, kernel.shape))
    y = 0.0
    for (u, v), weight in np.ndenumerate(kernel):
        y = y + float(weight) * x[u : u + h, v : v + w]
    return y


# %% answer="1.3"
def two_maps(kernel_size, step):
    rng = np.random.default_rng(0)
    n = 3 * kernel_size

    def moved(x):
        y = np.zeros_like(x)
        for i in range(n):
            for j in range(n):
                if 0 <= i - step[0] < n and 0 <= j - step[1] < n:
                    y[i, j] = x[i - step[0], j - step[1]]
        return y

    def pool(x):
        return x.reshape(3, kernel_size, 3, kernel_size).max(axis=(1, 3))

    tolerated = broken = None
    spots = [(i, j) for i in range(kernel_size) for j in range(kernel_size)]
    for spot in spots:
        x = np.zeros((n, n))
        x[spot[0] :: kernel_size, spot[1] :: kernel_size] = rng.permutation(9).reshape(3, 3) + 1
        kept = pool(x) == pool(moved(x))
        if kept.all():
            tolerated = x
        if not kept.any():
            broken = x
    return tolerated, broken


# %% answer="1.4"
def shift_search(x, kernel_size, operation, border):
    join = {"max": np.maximum, "min": np.minimum, "sum": np.add}[operation]

    def slide(y, by):
        if by == 0:
            return y
        if border == "wrap":
            return np.roll(y, by, axis=0)
        if border == "edge":
            filler = y[:1] if by > 0 else y[-1:]
        else:
            filler = np.zeros_like(y[:1])
        return np.concatenate([filler, y[:-1]] if by > 0 else [y[1:], filler])

    def pool(y):
        for _ in range(2):
            y = join.reduce([y[tap::kernel_size] for tap in range(kernel_size)]).T
        return y

    still = pool(x)
    counts = np.zeros((3, 3))
    for dr in (-1, 0, 1):
        for dc in (-1, 0, 1):
            counts[1 + dr, 1 + dc] = (pool(slide(slide(x, dr).T, dc).T) == still).sum()
    return counts


# %% answer="1.5"
def harmless(position, kernel_size, stride, length):
    last_window = (length - kernel_size) // stride

    def seen(place):
        first = max(0, -(-(place - kernel_size + 1) // stride))
        last = min(last_window, place // stride)
        return (first, last) if first <= last else None

    return [place for place in range(length) if seen(place) == seen(position) and place != position]
