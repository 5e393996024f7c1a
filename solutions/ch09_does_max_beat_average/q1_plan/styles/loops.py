# Plain Python: one run, one image, one pair at a time.

def plan(poolings, rates, budget):
    runs = [["tune", pooling, rate, seed] for seed in (1000, 2000) for rate in rates for pooling in poolings]
    runs += [["report", pooling, "best", seed] for seed in range(1, 11) for pooling in poolings]
    return runs
