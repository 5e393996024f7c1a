# What somebody could paste together for chapter 5 from the chapters and poolkit. Judged without the ban on calling
# poolkit, since pasted code calls nothing.

# %% answer="5.1"
from poolkit import reference
from poolkit.windows import Window


def predict():
    row, window = np.array([-3.0, -9.0, -6.0]), Window.of(3, 1, 1, axes=1)
    return [
        reference.max_pool(row, window),
        reference.avg_pool(row, window),
        reference.avg_pool(row, window, count_include_pad=False),
    ]


# %% answer="5.2"
from poolkit.reference import max_pool
from poolkit.windows import Window


def max_pool_plane(x, kernel_size, stride=None, padding=((0, 0), (0, 0))):
    return max_pool(x, Window.of(kernel_size, stride, padding))


# %% answer="5.3"
from poolkit.reference import avg_pool
from poolkit.windows import Window


def avg_pool_plane(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    return avg_pool(x, Window.of(kernel_size, stride, padding), count_include_pad)


# %% answer="5.4"
def border_case():
    x = np.array([[2, 7, 1, 0, 4, 3], [5, 1, 0, 6, 2, 2], [0, 3, 8, 1, 1, 9], [4, 4, 2, 5, 0, 1]])
    return -1 - x, (2, 3), (2, 2), (0, 1)


# %% answer="5.5"
from poolkit.reference import avg_pool
from poolkit.windows import Window


def border_average(x, kernel_size, stride, padding, fill, share, empty):
    top, bottom, left, right = padding
    window = Window.of(kernel_size, stride, ((top, bottom), (left, right)))
    return avg_pool(x, window, count_include_pad=share > 0)


# %% answer="5.6"
from poolkit.functional import avg_pool2d


def avg_pool2d_torch(x, kernel_size, stride, padding, count_include_pad):
    return avg_pool2d(x, kernel_size, stride, padding, count_include_pad=count_include_pad)
