# Running sums: shifted slices added up, cumulative sums, and integers until the last division.

def downsample(photo, factor):
    rows, columns = photo.shape[0] // factor, photo.shape[1] // factor
    total = np.zeros((rows, columns, 3), dtype=int)
    for u in range(factor):
        for v in range(factor):
            total += photo[u : rows * factor : factor, v : columns * factor : factor]
    whole, rest = np.divmod(total, factor * factor)
    return np.where(2 * rest >= factor * factor, whole + 1, whole).astype("uint8")
