# Plain Python: one bin, one position, one token at a time.

def pool_by_bins(x, outputs, first, last, reach, operation, empty):
    import math

    rules = {"floor": math.floor, "ceil": math.ceil, "nearest": lambda t: int(t + 0.5)}
    functions = {
        "mean": lambda v: sum(v) / len(v),
        "max": max,
        "sum": sum,
        "spread": lambda v: max(v) - min(v),
    }
    rows = []
    for channel in x.tolist():
        row = []
        for o in range(outputs):
            start = rules[first](o * len(channel) / outputs) - reach
            end = rules[last]((o + 1) * len(channel) / outputs) + reach
            seen = [value for place, value in enumerate(channel) if start <= place < end]
            row.append(functions[operation](seen) if seen else empty)
        rows.append(row)
    return np.array(rows, dtype=float)
