# Plain Python: one place, one cell, one phase at a time.

# %% answer="8.1"
def consistency(answers, distance):
    rows = answers.tolist()
    h, w = len(rows[0]), len(rows[0][0])
    moves = [
        (i, j)
        for i in range(-distance, distance + 1)
        for j in range(-distance, distance + 1)
        if abs(i) == distance or abs(j) == distance
    ]
    agree = total = 0
    for image in rows:
        for r in range(h):
            for c in range(w):
                for i, j in moves:
                    agree += image[r][c] == image[(r + i) % h][(c + j) % w]
                    total += 1
    return agree / total


# %% answer="8.2"
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


# %% answer="8.3"
def polyphase_pool(x, stride):
    kept = []
    for image in x:
        best, most = None, -1.0
        for i in range(stride):
            for j in range(stride):
                phase = image[:, i::stride, j::stride]
                size = (phase.double() ** 2).sum().item()
                if size > most:
                    best, most = phase, size
        kept.append(best)
    return torch.stack(kept)


# %% answer="8.4"
def three_planes():
    return [[0, 5, 0, -1], [0, 5, 0, -1]], [[1, -1], [-1, 1]], [[0, 0, 0, 0], [5, 13, 12, 0]]


# %% answer="8.5"
def pareto(points, wants):
    def dominates(one, other):
        pairs = [(a, b) if want == "more" else (-a, -b) for a, b, want in zip(one, other, wants)]
        return all(a >= b for a, b in pairs) and any(a > b for a, b in pairs)

    rows = points.tolist()
    return [not any(dominates(other, own) for other in rows) for own in rows]


# %% answer="8.6"
def pool_by_phase(x, stride, score, choose, ties, together):
    c, h, w = x.shape

    def value(cells):
        if score == "sum":
            return sum(cells)
        if score == "energy":
            return sum(cell * cell for cell in cells)
        return max(abs(cell) for cell in cells)

    def best(channels):
        starts = [(i, j) for i in range(stride[0]) for j in range(stride[1])]
        if ties == "last":
            starts.reverse()
        values = [value([v for k in channels for v in x[k, i :: stride[0], j :: stride[1]].ravel()]) for i, j in starts]
        wanted = max(values) if choose == "greatest" else min(values)
        return starts[values.index(wanted)]

    y = np.zeros((c, h // stride[0], w // stride[1]), x.dtype)
    for k in range(c):
        i, j = best(range(c) if together else [k])
        y[k] = x[k, i :: stride[0], j :: stride[1]]
    return y
