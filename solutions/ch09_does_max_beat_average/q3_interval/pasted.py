def paired_interval(seeds_a, a, seeds_b, b, quantile):
    n = min(len(a), len(b))
    differences = a[:n] - b[:n]
    half = quantile * differences.std(ddof=1) / np.sqrt(n)
    return differences.mean(), differences.mean() - half, differences.mean() + half
