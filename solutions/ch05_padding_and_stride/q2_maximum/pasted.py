from poolkit.reference import max_pool
from poolkit.windows import Window


def max_pool_plane(x, kernel_size, stride=None, padding=((0, 0), (0, 0))):
    return max_pool(x, Window.of(kernel_size, stride, padding))
