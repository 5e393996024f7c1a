from poolkit.bins import Bins
from poolkit.reference import avg_pool


def pool_by_bins(x, outputs, first, last, reach, operation, empty):
    return avg_pool(x, Bins.adaptive(x.shape[1:], (outputs,)))
