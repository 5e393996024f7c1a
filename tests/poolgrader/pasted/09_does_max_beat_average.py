# What somebody could paste together for chapter 9 from the chapters, poolkit and the book's experiments. Judged without
# the ban on calling poolkit, since pasted code calls nothing.

# %% answer="9.3"
def paired_interval(seeds_a, a, seeds_b, b, quantile):
    n = min(len(a), len(b))
    differences = a[:n] - b[:n]
    half = quantile * differences.std(ddof=1) / np.sqrt(n)
    return differences.mean(), differences.mean() - half, differences.mean() + half


# %% answer="9.5"
def conclude(max_, average, quantile):
    differences = max_ - average
    mean = differences.mean(axis=1)
    half = quantile * differences.std(axis=1, ddof=1) / np.sqrt(differences.shape[1])
    if (mean - half > 0).all():
        return "max"
    return "average" if (mean + half < 0).all() else "open"


# %% answer="9.6"
def tuned_difference(validation, scores, better, centre, ties, summary):
    one, other = (int(pool.mean(axis=1).argmax()) for pool in validation)
    return one, other, float((scores[0, one] - scores[1, other]).mean())
