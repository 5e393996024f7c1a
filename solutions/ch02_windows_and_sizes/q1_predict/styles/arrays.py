# Whole arrays at once: ranges, meshes and products of tables.

def predict():
    return tuple(len(range(0, n + 2 * p - k + 1, s)) for n, k, s, p in ((6, 3, 1, 0), (9, 3, 1, 1), (9, 3, 2, 1), (8, 3, 3, 0)))
