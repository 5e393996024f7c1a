from poolkit.reference import avg_pool
from poolkit.windows import Window


def avg_pool_row(x, kernel_size, stride, padding, outputs, count_include_pad, divisor_override):
    window = Window.of(kernel_size, stride, padding, ceil_mode=True, axes=1)
    if window.output_size((len(x),))[0] != outputs:
        window = Window.of(kernel_size, stride, padding, axes=1)
    return avg_pool(x, window, count_include_pad, divisor_override)
