# GENERATED from solutions/09_does_max_beat_average.py by `make exercises`; do not edit.

# %% answer="9.1"
def plan(poolings, rates, budget):
    """All runs, as tuples (purpose, pooling, rate, seed)."""
    tuned_on, reported = range(100, 102), range(10)
    runs = []
    for pooling in poolings:
        for rate in rates:
            runs += [("tune", pooling, rate, seed) for seed in tuned_on]
        runs += [("report", pooling, "best", seed) for seed in reported]
    return runs

# %% answer="9.2"
def train_and_test(images, labels, test_images, classes, pool, rate, steps):
    """Logits (m, classes) of test images, by a linear layer that was trained on pooled images."""

    def pooled(batch):
        n, h, w = batch.shape
        windows = batch.reshape(n, h // 2, 2, w // 2, 2)
        kept = windows.max(axis=(2, 4)) if pool == "max" else windows.mean(axis=(2, 4))
        return kept.reshape(n, -1).astype(np.float64)

    x = pooled(images)
    wanted = np.eye(classes)[labels]
    weight, bias = np.zeros((x.shape[1], classes)), np.zeros(classes)
    for _ in range(steps):
        logits = x @ weight + bias
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = shares / shares.sum(axis=1, keepdims=True)
        slope = (shares - wanted) / len(x)
        weight = weight - rate * x.T @ slope
        bias = bias - rate * slope.sum(axis=0)
    return pooled(test_images) @ weight + bias

# %% answer="9.3"
def paired_interval(seeds_a, a, seeds_b, b, quantile):
    """Mean difference of the pairs, and both ends of its interval."""
    second = dict(zip(seeds_b.tolist(), b.tolist(), strict=True))
    pairs = [(one, second[seed]) for seed, one in zip(seeds_a.tolist(), a.tolist(), strict=True) if seed in second]
    differences = np.array([one - other for one, other in pairs])
    half = quantile * differences.std(ddof=1) / np.sqrt(len(differences))
    return differences.mean(), differences.mean() - half, differences.mean() + half

# %% answer="9.4"
def misleading_tables():
    """Return three tables: one rate for both, spread, wins."""
    at_one_rate = np.array([[[80.0] * 4, [90.0] * 4, [70.0] * 4], [[70.0] * 4, [80.0] * 4, [95.0] * 4]])
    average = np.array([50.0, 60.0, 70.0, 80.0, 90.0, 95.0])
    spread = np.stack([average + [1.0, 1.5, 1.0, 1.5, 1.0, 1.5], average])
    wins = np.stack([[91.0, 91.0, 91.0, 91.0, 91.0, 40.0], [90.0] * 6])
    return at_one_rate, spread, wins

# %% answer="9.5"
def conclude(max_, average, quantile):
    """One of the six verdicts, from accuracies (recipes, seeds)."""
    differences = max_ - average
    means = differences.mean(axis=1)
    half = quantile * differences.std(axis=1, ddof=1) / np.sqrt(differences.shape[1])
    above, below = means - half > 0, means + half < 0
    if above.all():
        return "max"
    if below.all():
        return "average"
    if above.any() and below.any():
        return "depends"
    if above.any():
        return "max in part"
    if below.any():
        return "average in part"
    return "open"

# %% answer="9.6"
def tuned_difference(validation, scores, better, centre, ties, summary):
    """The chosen rate of each of two poolings, and the summary of their differences."""
    worst = np.min if better == "more" else np.max
    sum_up = {"mean": np.mean, "median": np.median, "worst": worst}
    chosen = []
    for numbers in validation:
        found = sum_up[centre](numbers, axis=1)
        best = found.max() if better == "more" else found.min()
        places = np.flatnonzero(found == best)
        chosen.append(int(places[0 if ties == "first" else -1]))
    differences = scores[0, chosen[0]] - scores[1, chosen[1]]
    if summary == "wins":
        gains = differences if better == "more" else -differences
        return chosen[0], chosen[1], np.mean(gains > 0) + np.mean(gains == 0) / 2
    return chosen[0], chosen[1], sum_up[summary](differences)
