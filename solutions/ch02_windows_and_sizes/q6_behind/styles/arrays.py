# Whole arrays at once: ranges, meshes and products of tables.

def cells_behind(output, n, layers):
    sees = np.eye(n)
    for k, s, p in layers:
        padded = np.pad(sees, ((p, p), (0, 0)))
        count = (len(padded) - k) // s + 1
        sees = np.stack([padded[i * s : i * s + k].sum(axis=0) for i in range(count)])
    seen = np.flatnonzero(sees[output])
    return np.array([seen[0], seen[-1]])
