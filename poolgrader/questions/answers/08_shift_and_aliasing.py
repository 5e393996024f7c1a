# GENERATED from solutions/08_shift_and_aliasing.py by `make exercises`; do not edit.

# %% answer="8.1"
def consistency(answers, distance):
    """Share of pairs of an answer (n, h, w) and a move by the distance that agree."""
    steps = range(-distance, distance + 1)
    same = []
    for i in steps:
        for j in steps:
            if max(abs(i), abs(j)) == distance:
                moved = np.roll(answers, (i, j), axis=(1, 2))
                same.append(np.mean(answers == moved))
    return float(np.mean(same))

# %% answer="8.2"
def blur_pool_plane(x, taps, stride):
    """Blur one plane (h, w) along both axes of a circle, then keep every stride-th row and column."""
    weights = np.array(taps, float) / np.sum(taps)
    half = len(weights) // 2
    for axis in (0, 1):
        blurred = np.zeros(x.shape)
        for tap, weight in enumerate(weights):
            blurred += weight * np.roll(x, half - tap, axis)
        x = blurred
    return x[::stride, ::stride]

# %% answer="8.3"
def polyphase_pool(x, stride):
    """For each image (c, h, w) of a batch keep the phase with the greatest sum of squares."""
    n, c, h, w = x.shape
    y = x.new_empty(n, c, h // stride, w // stride)
    for k in range(n):
        phases = [x[k, :, i::stride, j::stride] for i in range(stride) for j in range(stride)]
        sizes = [float(phase.square().sum()) for phase in phases]
        y[k] = phases[sizes.index(max(sizes))]
    return y

# %% answer="8.4"
def three_planes():
    """Return a plane that max pooling aliases, one that the blur loses, one on which polyphase fails."""
    aliased = np.array([[0.0, 1.0, 0.0, 2.0], [0.0, 1.0, 0.0, 2.0]])
    lost = np.array([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0]])
    tied = np.array([[3.0, 5.0, 4.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    return aliased, lost, tied

# %% answer="8.5"
def pareto(points, wants):
    """Which of the candidates (m, d) no other one dominates."""
    signs = np.array([1 if want == "more" else -1 for want in wants])
    good = points * signs
    front = np.ones(len(good), dtype=bool)
    for m, own in enumerate(good):
        as_good = np.all(good >= own, axis=1)
        better = np.any(good > own, axis=1)
        front[m] = not np.any(as_good & better)
    return front

# %% answer="8.6"
def pool_by_phase(x, stride, score, choose, ties, together):
    """Keep one phase of planes (c, h, w), chosen by the rule that the arguments give."""
    rows, columns = stride
    scores = {"sum": np.sum, "energy": lambda phase: np.sum(phase**2), "peak": lambda phase: np.max(np.abs(phase))}

    def keep(planes):
        phases = [planes[:, i::rows, j::columns] for i in range(rows) for j in range(columns)]
        found = np.array([scores[score](phase) for phase in phases])
        wanted = found.max() if choose == "greatest" else found.min()
        places = np.flatnonzero(found == wanted)
        return phases[places[0 if ties == "first" else -1]]

    if together:
        return keep(x).copy()
    return np.concatenate([keep(plane[None]) for plane in x])
