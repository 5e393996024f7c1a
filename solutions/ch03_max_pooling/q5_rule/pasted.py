from poolkit.reference import max_pool
from poolkit.windows import Window


def pool_by_rule(x, weights, stride, padding, border, operation, identity):
    return max_pool(x, Window.of(weights.shape, stride, padding))
