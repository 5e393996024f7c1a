# ---
# title: Average pooling
# minutes: 75
# ---

# %% [markdown]
# # Exercise 4: Average pooling
#
# You build average pooling with loops, and as the weights of a convolution. You show by example what a
# maximum cannot do and a mean can. Then you make a photograph smaller, and you pool by a mean that comes as
# an argument.
#
# **After this notebook you can**
#
# - say what comes out of an average pooling, in floating point and in whole numbers,
# - build it for one plane, and choose the dtype of its output,
# - say what linear means, and show by a counter-example that max pooling is not,
# - write average pooling as a convolution, with any number of groups,
# - make a photograph smaller without a trap of its bytes.
#
# **Time:** about {minutes} minutes. **Points:** {points}. **Builds on:** chapter 4, *Average pooling*.
#
# {questions}
#
# Each answer has a check below it. Run it as often as you like: it costs nothing, gives partial credit, and
# tells you what it sees. Stuck? `hint("4.2")` gives three hints, one at a time. `solution("4.2")` shows an
# answer once yours is right, or when you give up: `solution("4.2", give_up=True)`. `progress()` adds up
# your points.
#
# Run this cell first.

# %% setup
import numpy as np
import torch
from skimage import data

from poolgrader.check import check, hint, progress, solution
from poolkit import figures

# %% [markdown]
# ## {4.1}
#
# Do this one on paper. The row is `[6, 0, 3, 9, -3, 0]`. There is no padding. What does average pooling give
#
# 1. in floating point, with kernel 3 and stride 1,
# 2. in floating point, with kernel 2 and stride 2,
# 3. with kernel 2 and stride 2 again, but by torch on a tensor of dtype int64?
#
# Return the three rows, in this order, as lists. *Worked example:* for the row `[1, 4, 2]`, kernel 2 and
# stride 1, the windows are `[1, 4]` and `[4, 2]`, so the answer is `[2.5, 3]`.


# %% answer="4.1"
def predict():
    """Return the three averaged rows: kernel 3 stride 1, kernel 2 stride 2, and the latter in int64."""
    ### BEGIN SOLUTION
    return [3, 4, 3, 2], [3, 6, -1.5], [3, 6, -1]
    ### END SOLUTION


# %% check="4.1"

# %% [markdown]
# ## {4.2}
#
# Build average pooling of one plane, without padding.
#
# - `x` is one plane: h rows, w columns; floats or whole numbers.
# - `kernel_size` is a pair `(kh, kw)`: rows first, then columns.
# - `stride` is one number, for both axes.
# - Return a new plane of (h - kh) // stride + 1 rows and (w - kw) // stride + 1 columns.
# - Floats keep their dtype. Whole numbers, of any dtype, give means in float64: no sum wraps, and nothing is
#   cut off.
#
# *Worked example:* `x = [[1, 5, 2], [4, 2, 0]]` with kernel `(2, 2)` and stride 1 has two windows,
# `[[1, 5], [4, 2]]` and `[[5, 2], [2, 0]]`. Their sums are 12 and 9, so the output is `[[3.0, 2.25]]`.


# %% answer="4.2"
def avg_pool_plane(x, kernel_size, stride):
    """Average pool one plane (h, w) with a window of (kh, kw), no padding."""
    ### BEGIN SOLUTION
    kh, kw = kernel_size
    height = (x.shape[0] - kh) // stride + 1
    width = (x.shape[1] - kw) // stride + 1
    dtype = x.dtype if x.dtype.kind == "f" else np.float64
    y = np.empty((height, width), dtype=dtype)
    for i in range(height):
        for j in range(width):
            total = 0.0
            for u in range(kh):
                for v in range(kw):
                    total += x[i * stride + u, j * stride + v]
            y[i, j] = total / (kh * kw)
    return y
    ### END SOLUTION


# %% check="4.2"

# %% [markdown]
# ## {4.3}
#
# Average pooling is linear: pooling a sum gives the sum of the poolings, and pooling `factor * a` gives
# `factor` times the pooling of `a`. Max pooling is not. Show it, and show how a test can miss it. All pooling
# here is max pooling, 2 by 2 with stride 2.
#
# Return four things: `a, b, factor, d`.
#
# - `a`, `b` and `d` are planes of one size: at least 2 rows and 2 columns, at most 4,096 cells, finite
# numbers up to a million. `factor` is a number.
# - In every window, pooling `a + b` differs from the two poolings added.
# - In every window, pooling `factor * a` differs from `factor` times the pooling of `a`.
# - In no window does pooling `a + d` differ from the two poolings added, although the four numbers that `d`
# has in a window are all different.
#
# The last pair is the lesson: a test of linearity that tries `a` and `d` alone would pass.
#
# *Worked example:* with a = b = `[[1, 0], [0, 0]]` the sum pools to 2, and 1 + 1 is 2 as well: this pair
# shows nothing.


# %% answer="4.3"
def about_linearity():
    """Return a, b, factor, d: max pooling breaks on a + b and on factor * a, and not on a + d."""
    ### BEGIN SOLUTION
    a = np.array([[4.0, 0.0], [1.0, 2.0]])
    b = np.array([[0.0, 3.0], [1.0, 2.0]])
    factor = -1.0
    d = np.array([[9.0, 1.0], [2.0, 3.0]])
    return a, b, factor, d
    ### END SOLUTION


# %% check="4.3"

# %% [markdown]
# ## {4.4}
#
# Average pooling is a convolution whose weights nobody trains. Write these weights down, so that
#
# `torch.nn.functional.conv2d(x, averaging_weights(x, k, g), stride=k, groups=g)`
#
# is average pooling with kernel `k`.
#
# - `x` is a batch of images with the axes n, c, h, w. You need its number of channels, dtype and device only.
# - `kernel_size` is a pair `(kh, kw)`.
# - `groups` divides the channels into so many groups of neighbours, as in `conv2d`: each filter sees the
# channels of its own group alone. With as many groups as channels a filter sees its own channel; with one
# group it sees all.
# - Return a tensor with the axes c, c // groups, kh, kw, in the dtype and on the device of `x`: for each
# output channel, the weights on each channel that it sees.
#
# The first line of the answer is given. *Worked example:* for one channel, kernel `(1, 2)` and one group the
# weights are `[[[[0.5, 0.5]]]]`. For two channels and one group there are two filters that see two channels
# each, and half of the weights are 0.


# %% answer="4.4"
def averaging_weights(x, kernel_size, groups):
    """Weights (c, c // groups, kh, kw) with which a convolution of x is average pooling."""
    kh, kw = kernel_size
    ### BEGIN SOLUTION
    channels = x.shape[1]
    inside = channels // groups
    weights = x.new_zeros((channels, inside, kh, kw))
    for channel in range(channels):
        weights[channel, channel % inside] = 1 / (kh * kw)
    return weights
    ### END SOLUTION


# %% check="4.4"

# %% [markdown]
# ## {4.5}
#
# A photograph is an array of bytes, and its colours come last: h rows, w columns, 3 colours, dtype uint8.
# Make it smaller by a whole factor. Each pixel of the result is the mean of a block of `factor` by `factor`
# pixels, for each colour alone.
#
# - `photo` has the axes h, w, 3 and the dtype uint8. `factor` is a whole number, at least 1, and at most h
#   and w.
# - Return a new array with the axes h // factor, w // factor, 3 and the dtype uint8. Rows and columns at the
# end that fill no block are left out.
# - Each mean is rounded to the nearest whole number; one half goes up.
#
# No loop is needed. Fill in this order: the part of the photograph that fills whole blocks; the blocks, with
# axes of their own; their means; the bytes.
#
# *Worked example:* one block of 2 by 2 pixels whose red values are 200, 201, 203 and 202 has the mean 201.5.
# Its red is 202.


# %% answer="4.5"
def downsample(photo, factor):
    """Make a photograph (h, w, 3) of bytes smaller by a whole factor."""
    ### BEGIN SOLUTION
    h, w, colours = photo.shape
    height, width = h // factor, w // factor
    kept = photo[: height * factor, : width * factor]
    blocks = kept.reshape(height, factor, width, factor, colours)
    means = blocks.mean(axis=(1, 3))
    return np.floor(means + 0.5).astype(np.uint8)
    ### END SOLUTION


# %% check="4.5"

# %% [markdown]
# Now look at it: a photograph, your version, and every eighth pixel of it. Where do the last two differ? Run
# the cell again when your answer is right.

# %%
photo = data.chelsea()[:296, :448]
shown = {"photograph": photo, "every eighth pixel": photo[::8, ::8]}
try:
    shown["yours"] = downsample(photo, 8)
except NotImplementedError:
    print("downsample is not written yet.")
figures.photographs(
    {name: picture.mean(axis=2) / 255 for name, picture in shown.items()},
    alt="A cat's face, and smaller versions of it.",
)

# %% [markdown]
# ## {4.6}
#
# LeNet-5 did not stop at the mean: it multiplied by a coefficient and added a bias. And the arithmetic mean
# is one of many. Here everything comes as arguments, and the check makes up new ones.
#
# - `x` is one plane of numbers above 0: h rows, w columns.
# - `weights` is a window, kh by kw, of numbers that are 0 or more, at least one of them above 0. How much a
# cell counts is its weight, in relation to the sum of all weights.
# - `stride` is a number, for both axes. There is no padding.
# - `kind` is the mean: `"arithmetic"`; `"quadratic"`, the root of the mean of the squares; `"harmonic"`, one
# divided by the mean of the values 1 / x; `"geometric"`, the exponential of the mean of the logarithms. Each
# "mean" in this list counts the cells by their weights.
# - Each output is `coefficient` times that mean, plus `bias`.
#
# Return a plane of floats. *Worked example:* `x = [[2, 8]]`, `weights = [[3, 1]]`, coefficient 1, bias 0. The
# arithmetic mean is (3 * 2 + 1 * 8) / 4 = 3.5. The harmonic one is 1 / ((3 / 2 + 1 / 8) / 4), about 2.46.
# With coefficient 2 and bias -1 the first becomes 6.


# %% answer="4.6"
def pool_by_mean(x, weights, stride, kind, coefficient, bias):
    """Pool one plane (h, w) by the weighted mean that the arguments give."""
    ### BEGIN SOLUTION
    kh, kw = weights.shape
    height = (x.shape[0] - kh) // stride + 1
    width = (x.shape[1] - kw) // stride + 1
    total = weights.sum()
    y = np.empty((height, width))
    for i in range(height):
        for j in range(width):
            window = x[i * stride : i * stride + kh, j * stride : j * stride + kw]
            if kind == "quadratic":
                mean = np.sqrt((weights * window**2).sum() / total)
            elif kind == "harmonic":
                mean = total / (weights / window).sum()
            elif kind == "geometric":
                mean = np.exp((weights * np.log(window)).sum() / total)
            else:
                mean = (weights * window).sum() / total
            y[i, j] = coefficient * mean + bias
    return y
    ### END SOLUTION


# %% check="4.6"

# %% [markdown]
# ## Before you go
#
# Which of your answers would still be right if every input were 1? A test with ones catches a sum. Which of
# the mistakes you met does it miss?

# %%
progress()
