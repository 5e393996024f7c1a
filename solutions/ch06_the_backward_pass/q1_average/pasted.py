from poolkit.reference import avg_pool_backward
from poolkit.windows import Window


def avg_pool2d_backward(grad_output, input_size, kernel_size, stride, padding):
    return avg_pool_backward(grad_output, input_size, Window.of(kernel_size, stride, padding))
