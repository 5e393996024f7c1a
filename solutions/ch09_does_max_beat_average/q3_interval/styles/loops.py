# Plain Python: one run, one image, one pair at a time.

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
