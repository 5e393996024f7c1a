# What somebody could paste together for chapter 11 from the chapters and poolkit. Judged without the ban on calling
# poolkit, since pasted code calls nothing.

# %% answer="11.1"
from poolkit.windows import Window


def count_windows(n, kernel_size, stride, padding, dilation, ceil_mode):
    return Window.of(kernel_size, stride, ((padding, padding),), dilation, ceil_mode, axes=1).output_size((n,))[0]


# %% answer="11.2"
from poolkit.reference import avg_pool
from poolkit.windows import Window


def avg_pool_row(x, kernel_size, stride, padding, outputs, count_include_pad, divisor_override):
    window = Window.of(kernel_size, stride, padding, ceil_mode=True, axes=1)
    if window.output_size((len(x),))[0] != outputs:
        window = Window.of(kernel_size, stride, padding, axes=1)
    return avg_pool(x, window, count_include_pad, divisor_override)


# %% answer="11.3"
from poolkit.functional import max_pool2d


def dilated_max_pool2d(x, kernel_size, stride, padding, dilation):
    return max_pool2d(x, kernel_size, stride, padding, dilation)


# %% answer="11.4"
def corner_case():
    return np.ones((4, 4)), (3, 3), (2, 2), (1, 1)


# %% answer="11.5"
from poolkit.reference import avg_pool
from poolkit.windows import Window


def avg_pool_by_rule(x, kernel_size, stride, dilation, padding, last, divisor, nan, empty):
    window = Window.of(kernel_size, stride, (padding,), dilation, last != "fit", axes=1)
    return avg_pool(x, window, divisor != "cells")
