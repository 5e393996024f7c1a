# Plain Python: one place, one cell, one phase at a time.

def blur_pool_plane(x, taps, stride):
    h, w = x.shape
    half, whole = len(taps) // 2, sum(taps)
    rows = []
    for r in range(0, h, stride):
        row = []
        for c in range(0, w, stride):
            total = 0.0
            for a, above in enumerate(taps):
                for b, beside in enumerate(taps):
                    total += above * beside * x[(r + a - half) % h, (c + b - half) % w]
            row.append(total / whole**2)
        rows.append(row)
    return np.array(rows)
