from poolkit.reference import lp_pool
from poolkit.windows import Window


def power_pool(x, weights, stride, p, signs, share):
    return lp_pool(x, p, Window.of(weights.shape, stride))
