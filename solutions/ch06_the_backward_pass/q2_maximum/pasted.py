from poolkit.reference import max_pool_backward
from poolkit.windows import Window


def max_pool2d_backward(grad_output, x, kernel_size, stride, padding):
    return max_pool_backward(grad_output, x, Window.of(kernel_size, stride, padding))
