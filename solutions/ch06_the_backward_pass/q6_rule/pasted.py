from poolkit.reference import max_pool_backward
from poolkit.windows import Window


def backward_by_rule(grad_output, x, weights, stride, padding, border, operation, ties):
    return max_pool_backward(grad_output, x, Window.of(weights.shape, stride, padding))
