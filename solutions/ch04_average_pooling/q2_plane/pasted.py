from poolkit.reference import avg_pool
from poolkit.windows import Window


def avg_pool_plane(x, kernel_size, stride):
    return avg_pool(x, Window.of(kernel_size, stride))
