def conclude(max_, average, quantile):
    differences = max_ - average
    mean = differences.mean(axis=1)
    half = quantile * differences.std(axis=1, ddof=1) / np.sqrt(differences.shape[1])
    if (mean - half > 0).all():
        return "max"
    return "average" if (mean + half < 0).all() else "open"
