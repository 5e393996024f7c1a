# One pass for each tap: shifted slices, added up or compared. In 1.5 the first and the last window of a place.

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
