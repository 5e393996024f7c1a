# What somebody could paste together for chapter 3 from the chapters and poolkit. Judged without the ban on calling
# poolkit, since pasted code calls nothing.

# %% answer="3.2"
from poolkit.reference import max_pool
from poolkit.windows import Window


def max_pool_plane(x, kernel_size):
    return max_pool(x, Window.of(kernel_size, stride=1))


# %% answer="3.3"
from poolkit.reference import max_pool
from poolkit.windows import Window


def max_pool2d(x, kernel_size, stride=None, padding=0):
    return max_pool(x, Window.of(kernel_size, stride, padding))


# %% answer="3.5"
from poolkit.reference import max_pool
from poolkit.windows import Window


def pool_by_rule(x, weights, stride, padding, border, operation, identity):
    return max_pool(x, Window.of(weights.shape, stride, padding))


# %% answer="3.6"
from poolkit.functional import max_pool2d


def max_pool2d_torch(x, kernel_size, stride):
    return max_pool2d(x, kernel_size, stride)
