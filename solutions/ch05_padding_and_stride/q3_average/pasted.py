from poolkit.reference import avg_pool
from poolkit.windows import Window


def avg_pool_plane(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    return avg_pool(x, Window.of(kernel_size, stride, padding), count_include_pad)
