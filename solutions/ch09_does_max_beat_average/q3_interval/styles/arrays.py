# Whole arrays: all runs, all images, all recipes at once.

def paired_interval(seeds_a, a, seeds_b, b, quantile):
    same = seeds_a[:, None] == seeds_b
    d = (a[:, None] - b)[same]
    half = quantile * np.sqrt(np.var(d, ddof=1) / d.size)
    return np.mean(d) + half * np.array([0, -1, 1])
