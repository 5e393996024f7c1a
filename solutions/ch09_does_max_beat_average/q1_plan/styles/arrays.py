# Whole arrays: all runs, all images, all recipes at once.

import itertools


def plan(poolings, rates, budget):
    tuned = list(itertools.product(["tune"], poolings, rates, [7, 8]))
    reported = list(itertools.product(["report"], poolings, ["best"], range(20, 30)))
    return tuned + reported
