# What somebody could paste together for chapter 4 from the chapters and poolkit. Judged without the ban on calling
# poolkit, since pasted code calls nothing.

# %% answer="4.2"
from poolkit.reference import avg_pool
from poolkit.windows import Window


def avg_pool_plane(x, kernel_size, stride):
    return avg_pool(x, Window.of(kernel_size, stride))


# %% answer="4.4"
def averaging_weights(x, kernel_size, groups):
    kh, kw = kernel_size
    return x.new_full((x.shape[1], 1, kh, kw), 1 / (kh * kw))


# %% answer="4.5"
from poolkit.reference import avg_pool
from poolkit.windows import Window


def downsample(photo, factor):
    return np.moveaxis(avg_pool(np.moveaxis(photo, 2, 0), Window.of(factor)), 0, 2)


# %% answer="4.6"
from poolkit.reference import avg_pool
from poolkit.windows import Window


def pool_by_mean(x, weights, stride, kind, coefficient, bias):
    return coefficient * avg_pool(x, Window.of(weights.shape, stride)) + bias
