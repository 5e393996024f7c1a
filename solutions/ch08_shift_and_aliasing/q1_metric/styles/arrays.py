# Whole arrays: windows, tables of weights, phases as axes.

def consistency(answers, distance):
    d = distance
    wrapped = np.pad(answers, ((0, 0), (d, d), (d, d)), mode="wrap")
    around = np.lib.stride_tricks.sliding_window_view(wrapped, (2 * d + 1, 2 * d + 1), axis=(1, 2))
    ring = np.ones((2 * d + 1, 2 * d + 1), bool)
    ring[1:-1, 1:-1] = False
    return (around[..., ring] == answers[..., None]).mean()
