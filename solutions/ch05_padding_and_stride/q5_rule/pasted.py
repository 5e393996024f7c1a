from poolkit.reference import avg_pool
from poolkit.windows import Window


def border_average(x, kernel_size, stride, padding, fill, share, empty):
    top, bottom, left, right = padding
    window = Window.of(kernel_size, stride, ((top, bottom), (left, right)))
    return avg_pool(x, window, count_include_pad=share > 0)
