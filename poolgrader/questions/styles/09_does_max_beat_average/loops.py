# Plain Python: one run, one image, one pair at a time.

# %% answer="9.1"
def plan(poolings, rates, budget):
    runs = [["tune", pooling, rate, seed] for seed in (1000, 2000) for rate in rates for pooling in poolings]
    runs += [["report", pooling, "best", seed] for seed in range(1, 11) for pooling in poolings]
    return runs


# %% answer="9.2"
def train_and_test(images, labels, test_images, classes, pool, rate, steps):
    def features(image):
        h, w = image.shape
        row = []
        for i in range(0, h, 2):
            for j in range(0, w, 2):
                window = image[i : i + 2, j : j + 2]
                row.append(window.max() if pool == "max" else window.sum() / 4)
        return np.array(row, dtype=float)

    xs = [features(image) for image in images]
    weight = [np.zeros(len(xs[0])) for _ in range(classes)]
    bias = [0.0] * classes
    for _ in range(steps):
        weight_slopes = [np.zeros(len(xs[0])) for _ in range(classes)]
        bias_slopes = [0.0] * classes
        for x, label in zip(xs, labels):
            logits = [float(weight[k] @ x) + bias[k] for k in range(classes)]
            top = max(logits)
            powers = [np.exp(z - top) for z in logits]
            for k in range(classes):
                slope = powers[k] / sum(powers) - (1 if k == label else 0)
                weight_slopes[k] = weight_slopes[k] + slope * x / len(xs)
                bias_slopes[k] += slope / len(xs)
        for k in range(classes):
            weight[k] = weight[k] - rate * weight_slopes[k]
            bias[k] -= rate * bias_slopes[k]
    return np.array([[weight[k] @ features(image) + bias[k] for k in range(classes)] for image in test_images])


# %% answer="9.3"
def paired_interval(seeds_a, a, seeds_b, b, quantile):
    differences = []
    for seed, one in zip(seeds_a, a):
        for partner, other in zip(seeds_b, b):
            if seed == partner:
                differences.append(one - other)
    n = len(differences)
    mean = sum(differences) / n
    variance = sum((d - mean) ** 2 for d in differences) / (n - 1)
    half = quantile * (variance / n) ** 0.5
    return [mean, mean - half, mean + half]


# %% answer="9.4"
def misleading_tables():
    first = [[[10, 11, 12, 13], [50, 51, 52, 53], [5, 5, 5, 5]], [[60, 61, 62, 63], [20, 21, 22, 23], [0, 0, 0, 0]]]
    second = [[1, 21, 41, 61, 81, 99], [0, 20, 40, 60, 80, 98.5]]
    third = [[2, 2, 2, 2, 0, 0], [1, 1, 1, 1, 50, 50]]
    return first, second, third


# %% answer="9.5"
def conclude(max_, average, quantile):
    import math
    import statistics

    sides = []
    for one, other in zip(max_.tolist(), average.tolist()):
        d = [x - y for x, y in zip(one, other)]
        mean = sum(d) / len(d)
        half = quantile * statistics.stdev(d) / math.sqrt(len(d))
        sides.append(1 if mean > half else -1 if mean < -half else 0)
    if 1 in sides and -1 in sides:
        return "depends"
    for side, name in ((1, "max"), (-1, "average")):
        if side in sides:
            return name if 0 not in sides else name + " in part"
    return "open"


# %% answer="9.6"
def tuned_difference(validation, scores, better, centre, ties, summary):
    def middle(values):
        values, n = sorted(values), len(values)
        return (values[(n - 1) // 2] + values[n // 2]) / 2

    def mean(values):
        return sum(values) / len(values)

    least = better == "less"
    centres = {"mean": mean, "median": middle, "worst": max if least else min}
    rates = []
    for pool in validation.tolist():
        best, value = None, None
        for place, row in enumerate(pool):
            own = centres[centre](row)
            ahead = value is None or (own < value if least else own > value)
            if ahead or (own == value and ties == "last"):
                best, value = place, own
        rates.append(best)
    pairs = list(zip(scores[0][rates[0]].tolist(), scores[1][rates[1]].tolist()))
    if summary == "wins":
        won = sum(a < b if least else a > b for a, b in pairs)
        return rates[0], rates[1], (won + 0.5 * sum(a == b for a, b in pairs)) / len(pairs)
    return rates[0], rates[1], centres[summary]([a - b for a, b in pairs])
