# Whole arrays: windows, tables of weights, phases as axes.

def pool_by_phase(x, stride, score, choose, ties, together):
    c, h, w = x.shape
    a, b = stride
    phases = x.reshape(c, h // a, a, w // b, b).transpose(2, 4, 0, 1, 3).reshape(a * b, c, h // a, w // b)
    if score == "sum":
        values = phases.sum((2, 3))
    elif score == "energy":
        values = np.square(phases).sum((2, 3))
    else:
        values = np.abs(phases).max((2, 3))
    if together:
        joined = values.max(1) if score == "peak" else values.sum(1)
        values = np.tile(joined[:, None], (1, c))
    if choose == "smallest":
        values = -values
    chosen = values.argmax(0) if ties == "first" else a * b - 1 - values[::-1].argmax(0)
    return phases[chosen, np.arange(c)]
