# Plain Python: one run, one image, one pair at a time.

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
