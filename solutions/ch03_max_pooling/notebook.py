# ---
# title: Max pooling
# minutes: 95
# ---

# %% [markdown]
# # Exercise 3: Max pooling
#
# You build max pooling three times: by hand, with loops, and in torch. Then you turn it around: you write
# an input that catches a wrong pooling, and you pool by a rule that nobody has shown you.
#
# **After this notebook you can**
#
# - say what comes out of a max pooling before you run it,
# - build it for one plane, for a batch of images with channels, and in torch with a gradient,
# - say why the border is padded with minus infinity, and what a NaN does,
# - write a test input that exposes a pooling that mixes channels.
#
# **Time:** about {minutes} minutes. **Points:** {points}. **Builds on:** chapter 3, *Max pooling*.
#
# {questions}
#
# Each answer has a check below it. Run it as often as you like: it costs nothing, gives partial credit, and
# tells you what it sees. Stuck? `hint("3.2")` gives three hints, one at a time. `solution("3.2")` shows an
# answer once yours is right, or when you give up: `solution("3.2", give_up=True)`. `progress()` adds up
# your points.
#
# Run this cell first.

# %% setup
import numpy as np
import torch

from poolgrader.check import check, hint, progress, solution

# %% [markdown]
# ## {3.1}
#
# Do this one on paper. The row is `[3, -1, 0, -2, -5, -4]`. There is no padding. What does max pooling give
# with
#
# 1. kernel 3, stride 1,
# 2. kernel 2, stride 2,
# 3. kernel 3, stride 2?
#
# Return the three rows, in this order, as lists. *Worked example:* for the row `[1, 4, 2]`, kernel 2 and
# stride 1, the windows are `[1, 4]` and `[4, 2]`, so the answer is `[4, 4]`.


# %% answer="3.1"
def predict():
    """Return the three pooled rows: kernel 3 stride 1, kernel 2 stride 2, kernel 3 stride 2."""
    ### BEGIN SOLUTION
    return [3, 0, 0, -2], [3, 0, -4], [3, 0]
    ### END SOLUTION


# %% check="3.1"

# %% [markdown]
# ## {3.2}
#
# Build max pooling of one plane, with stride 1 and no padding.
#
# - `x` is one plane: h rows, w columns, floats or integers.
# - `kernel_size` is a pair `(kh, kw)`: rows first, then columns.
# - Return a new plane of h - kh + 1 rows and w - kw + 1 columns, in the dtype of `x`. Leave `x` as it is.
# - A window that holds a NaN gives NaN.
#
# *Worked example:* `x = [[1, 5, 2], [4, 3, 0]]` with kernel `(2, 2)` has two windows, `[[1, 5], [4, 3]]`
# and `[[5, 2], [3, 0]]`, so the output is `[[5, 5]]`.
#
# Start from the row of the chapter: two loops over the outputs, and for each the largest value of its
# window.


# %% answer="3.2"
def max_pool_plane(x, kernel_size):
    """Max pool one plane (h, w) with a window of (kh, kw), stride 1, no padding."""
    ### BEGIN SOLUTION
    kh, kw = kernel_size
    height = x.shape[0] - kh + 1
    width = x.shape[1] - kw + 1
    y = np.empty((height, width), dtype=x.dtype)
    for i in range(height):
        for j in range(width):
            best = x[i, j]
            for u in range(kh):
                for v in range(kw):
                    value = x[i + u, j + v]
                    if value > best or np.isnan(value):
                        best = value
            y[i, j] = best
    return y
    ### END SOLUTION


# %% check="3.2"

# %% [markdown]
# ## {3.3}
#
# Now the whole of it, for images as networks have them.
#
# - `x` has the axes n, c, h, w: images, channels, rows, columns; floats. The output has the dtype of `x`.
# - `kernel_size`, `stride` and `padding` are each a number, for both axes, or a pair: rows first, then
# columns. `pair` below turns the one into the other.
# - `stride=None` means: as large as the kernel.
# - `padding` adds so many cells on either side of an axis. A padded cell never wins.
# - Each channel of each image is pooled on its own. A window that holds a NaN gives NaN.
# - An output exists only where the whole window fits into the padded plane: (h + 2p - k) // s + 1 of them
# along an axis.
#
# *Worked example:* one image, one channel, `[[-1, -2], [-3, -4]]`, kernel 2, stride 2, padding 1. The
# padded plane has 4 rows and 4 columns, each of the four windows sees one cell of the image, and the output
# is `[[-1, -2], [-3, -4]]`.
#
# One helper is given. Write the rest in this order: the padded array, the number of outputs, the windows.


# %% answer="3.3"
def pair(value):
    """A number for both axes, or a pair as it is."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    """Max pool a batch (n, c, h, w), each channel on its own."""
    ### BEGIN SOLUTION
    kh, kw = pair(kernel_size)
    sh, sw = (kh, kw) if stride is None else pair(stride)
    ph, pw = pair(padding)
    n, c, h, w = x.shape
    padded = np.full((n, c, h + 2 * ph, w + 2 * pw), -np.inf, dtype=x.dtype)
    padded[:, :, ph : ph + h, pw : pw + w] = x
    height = (h + 2 * ph - kh) // sh + 1
    width = (w + 2 * pw - kw) // sw + 1
    y = np.empty((n, c, height, width), dtype=x.dtype)
    for i in range(height):
        for j in range(width):
            window = padded[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y
    ### END SOLUTION


# %% check="3.3"

# %% [markdown]
# ## {3.4}
#
# Pooling keeps channels apart, and images too. Somebody hands you a pooling that may not: it may take its
# maximum across channels, put channels in another order, or mix the images of a batch. You cannot read its
# code. You can only call it.
#
# Write one input on which every such pooling gives another output than the right pooling does. Windows are 2
# by 2, with stride 2. Return an array with the axes n, c, h, w; finite numbers, at most 4,096 of them.
#
# *Worked example:* an array of zeros exposes nothing, since every pooling of it gives zeros. The check
# tries your input on a right pooling and on hidden wrong ones, and names a kind that slipped through.


# %% answer="3.4"
def expose_mixing():
    """Return an input (n, c, h, w) on which a pooling that mixes or reorders planes shows itself."""
    ### BEGIN SOLUTION
    n, c, h, w = 2, 4, 4, 4
    return np.arange(n * c * h * w, dtype=float).reshape(n, c, h, w)
    ### END SOLUTION


# %% check="3.4"

# %% [markdown]
# ## {3.5}
#
# Max pooling is one member of a family. Here the rule comes as arguments, and the check makes up new ones.
#
# - `x` is one plane: h rows, w columns.
# - `weights` is a window, kh by kw: each value that a window sees is multiplied by its weight first.
# - `stride` and `padding` are numbers, for both axes and, for the padding, both sides. Windows are counted as
#   in 3.3.
# - `border` says what a tap outside of the plane sees: `"skip"` nothing, it takes no part; `"edge"` the
# nearest cell of the plane; `"wrap"` the plane again from its other side, so the cell left of column 0 is
# the last column.
# - `operation` says how the weighted values come together: `"max"`, `"min"`, `"sum"` or `"product"`.
# - `identity` is what each output starts from, before the first value. Use it as it comes, even if it is
# not the one you expect.
#
# Return a plane of floats. *Worked example:* `x = [[1, 2]]`, `weights = [[1, 10]]`, stride 1, padding 0,
# sum from 0: the one window gives 1 * 1 + 10 * 2 = 21. With padding 1 the plane gets a row above and below
# and a column on either side; with `"skip"`, the window whose right tap is on the 1 gives 10.


# %% answer="3.5"
def pool_by_rule(x, weights, stride, padding, border, operation, identity):
    """Pool one plane (h, w) by the rule that the arguments give."""
    ### BEGIN SOLUTION
    combine = {"max": max, "min": min, "sum": lambda a, b: a + b, "product": lambda a, b: a * b}[operation]
    h, w = x.shape
    kh, kw = weights.shape
    height = (h + 2 * padding - kh) // stride + 1
    width = (w + 2 * padding - kw) // stride + 1
    y = np.empty((height, width))
    for i in range(height):
        for j in range(width):
            result = identity
            for u in range(kh):
                for v in range(kw):
                    row = i * stride + u - padding
                    column = j * stride + v - padding
                    if border == "edge":
                        row, column = min(max(row, 0), h - 1), min(max(column, 0), w - 1)
                    elif border == "wrap":
                        row, column = row % h, column % w
                    elif not (0 <= row < h and 0 <= column < w):
                        continue
                    result = combine(result, weights[u, v] * x[row, column])
            y[i, j] = result
    return y
    ### END SOLUTION


# %% check="3.5"

# %% [markdown]
# ## {3.6}
#
# The same without a loop, in torch, so that the gradient flows. `x` has the axes n, c, h, w; `kernel_size`
# and `stride` are numbers; no padding. A window that holds a NaN gives NaN. Keep the dtype, and the device:
# the processor, or the graphics card, on which the numbers lie. Operations on `x` keep both by themselves. Do
# not call torch's own pooling: `unfold`, reductions and indexing are fine. The chapter does it for a row.
#
# *Worked example:* for the plane `[[1, 5], [4, 3]]`, kernel 2, stride 2, the output is `[[5]]`, and a
# gradient of 1 at the output arrives at the 5 alone: `[[0, 1], [0, 0]]`.


# %% answer="3.6"
def max_pool2d_torch(x, kernel_size, stride):
    """Max pool a batch (n, c, h, w) of torch tensors, differentiable."""
    ### BEGIN SOLUTION
    windows = x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)
    return windows.amax(dim=(-2, -1))
    ### END SOLUTION


# %% check="3.6"

# %% [markdown]
# ## Before you go
#
# How often did your prediction in 3.1 and the check agree at the first try? Which of your bugs would a test
# with only positive numbers never have found?

# %%
progress()
