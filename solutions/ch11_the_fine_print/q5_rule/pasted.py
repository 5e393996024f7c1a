from poolkit.reference import avg_pool
from poolkit.windows import Window


def avg_pool_by_rule(x, kernel_size, stride, dilation, padding, last, divisor, nan, empty):
    window = Window.of(kernel_size, stride, (padding,), dilation, last != "fit", axes=1)
    return avg_pool(x, window, divisor != "cells")
