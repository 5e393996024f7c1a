# ---
# title: Padding and stride
# minutes: 80
# ---

# %% [markdown]
# # Exercise 5: Padding and stride
#
# What stands beyond the border, and does it count? You build the border of a maximum, then both borders of an
# average. You write a test that catches those who got it wrong. And you pool with a border that nobody has
# shown you.
#
# **After this notebook you can**
#
# - pad a maximum for any dtype, on any side, so that the border never wins,
# - say what an average divides by at the border, and build both rules,
# - read kernel, stride and padding for two axes without mixing them up,
# - write a test case that a wrong border does not survive.
#
# **Time:** about {minutes} minutes. **Points:** {points}. **Builds on:** chapter 5, *Padding and stride*.
#
# {questions}
#
# Each answer has a check below it. Run it as often as you like: it costs nothing, gives partial credit, and
# tells you what it sees. Stuck? `hint("5.2")` gives three hints, one at a time. `solution("5.2")` shows an
# answer once yours is right, or when you give up: `solution("5.2", give_up=True)`. `progress()` adds up
# your points.
#
# Run this cell first.

# %% setup
import numpy as np
import torch

from poolgrader.check import check, hint, progress, solution

# %% [markdown]
# ## {5.1}
#
# Do this one on paper. The row is `[-3, -9, -6]`, the kernel 3, the stride 1, the padding 1. What comes out
# of
#
# 1. max pooling,
# 2. average pooling that counts the padding,
# 3. average pooling that does not count it?
#
# Return the three rows, in this order, as lists. *Worked example:* for the row `[4, 8]` with the same window,
# the maxima are `[8, 8]`, the averages `[4, 4]` where the padding counts, and `[6, 6]` where it does not.


# %% answer="5.1"
def predict():
    """Return the three pooled rows: maximum, average with the padding counted, average without."""
    ### BEGIN SOLUTION
    return [-3, -3, -6], [-4, -6, -5], [-6, -6, -7.5]
    ### END SOLUTION


# %% check="5.1"

# %% [markdown]
# ## {5.2}
#
# Build max pooling of one plane with a border that may differ on each of the four sides.
#
# - `x`: h rows, w columns; floats, or whole numbers of any dtype and size. Leave it as it is.
# - `kernel_size`: a pair, rows first. `stride`: a pair, or `None` for the kernel.
# - `padding`: two pairs, `((top, bottom), (left, right))`.
# - A padded cell never wins, whatever the numbers of `x` are. A window that sees padding alone gives the
# lowest value of the dtype: minus infinity for floats, the smallest whole number for others.
# - Only windows that fit whole into the padded plane count. The output has the dtype of `x`.
#
# *Worked example:* `x = [[-5, -7]]`, kernel `(1, 2)`, stride `(1, 1)`, padding `((0, 0), (1, 0))`. The padded
# row has three cells, and the windows see -5 alone, then -5 and -7: the output is `[[-5, -5]]`.
#
# The first lines are given: they take the arguments apart. Go on with the border.


# %% answer="5.2"
def max_pool_plane(x, kernel_size, stride=None, padding=((0, 0), (0, 0))):
    """Max pool one plane (h, w) with a border of its own on each side."""
    kh, kw = kernel_size
    (top, bottom), (left, right) = padding
    h, w = x.shape
    ### BEGIN SOLUTION
    sh, sw = kernel_size if stride is None else stride
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    padded = np.full((top + h + bottom, left + w + right), lowest, dtype=x.dtype)
    padded[top : top + h, left : left + w] = x
    height = (padded.shape[0] - kh) // sh + 1
    width = (padded.shape[1] - kw) // sw + 1
    y = np.empty((height, width), dtype=x.dtype)
    for i in range(height):
        for j in range(width):
            y[i, j] = padded[i * sh : i * sh + kh, j * sw : j * sw + kw].max()
    return y
    ### END SOLUTION


# %% check="5.2"

# %% [markdown]
# ## {5.3}
#
# Now the average of one plane of floats. Its padding holds zeros. What it divides by depends on
# `count_include_pad`:
#
# - `True`: by the number of cells of the window, padding included.
# - `False`: by the number of cells of the window that lie in the plane.
#
# `kernel_size` and `padding` are pairs, rows first; `padding` lies on both sides of an axis and is at most
# half of the kernel. `stride` is a pair, or `None` for the kernel. Only whole windows count.
#
# *Worked example:* `x = [[4, 8]]`, kernel `(1, 2)`, stride `(1, 1)`, padding `(0, 1)`. The windows hold 4; 4
# and 8; 8. Counted, the output is `[[2, 6, 4]]`; not counted, `[[4, 6, 8]]`.


# %% answer="5.3"
def avg_pool_plane(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """Average pool one plane (h, w), with the padding counted or not."""
    ### BEGIN SOLUTION
    kh, kw = kernel_size
    sh, sw = kernel_size if stride is None else stride
    ph, pw = padding
    h, w = x.shape
    height = (h + 2 * ph - kh) // sh + 1
    width = (w + 2 * pw - kw) // sw + 1
    y = np.empty((height, width), dtype=x.dtype)
    for i in range(height):
        for j in range(width):
            top, left = i * sh - ph, j * sw - pw
            window = x[max(top, 0) : top + kh, max(left, 0) : left + kw]
            total = window.sum()
            cells = kh * kw if count_include_pad else window.size
            y[i, j] = total / cells
    return y
    ### END SOLUTION


# %% check="5.3"

# %% [markdown]
# ## {5.4}
#
# Somebody hands you a max pooling of planes, and you may call it once. It takes a plane, a kernel, a stride
# and a padding (pairs, rows first; the padding on both sides). It may put the wrong number into its border,
# pad on one side only, mix up rows and columns, or move by the wrong stride.
#
# Write one test case that catches every such pooling: return `x, kernel_size, stride, padding`, so that each
# of them gives another output than the right one. The plane holds at most 400 finite numbers, of any size;
# kernels, strides and paddings are at most 12; the padding is at most half of the kernel.
#
# *Worked example:* a plane of positive numbers cannot catch a border of zeros, since 0 never wins there. The
# check names a pooling that passes your test.


# %% answer="5.4"
def border_case():
    """Return (x, kernel_size, stride, padding): one test case that no wrong border survives."""
    ### BEGIN SOLUTION
    x = -1e300 * np.arange(1, 64).reshape(7, 9)
    return x, (3, 5), (2, 3), (1, 2)
    ### END SOLUTION


# %% check="5.4"

# %% [markdown]
# ## {5.5}
#
# Counting the padding and not counting it are two ends of a scale. Here the border's weight is an argument,
# and so is what it holds. The check makes up new ones.
#
# - `x`: one plane of floats. `kernel_size`, `stride`: pairs, rows first.
# - `padding`: the four sides `(top, bottom, left, right)`.
# - Every border cell holds the number `fill` and weighs `share`; every cell of the plane weighs 1.
# - The output is the weighted average of each window: the sum of weight times number, divided by the sum of
# the weights. Where the weights add up to 0, the output is `empty`.
# - Only whole windows count. Return a plane of floats.
#
# *Worked example:* `x = [[6, 3]]`, kernel `(1, 2)`, stride `(1, 1)`, padding `(0, 0, 1, 0)`, `fill` 12,
# `share` 0.5. The first window holds a border cell and the 6: (0.5 * 12 + 6) / (0.5 + 1) = 8. The second
# holds 6 and 3. The output is `[[8, 4.5]]`.


# %% answer="5.5"
def border_average(x, kernel_size, stride, padding, fill, share, empty):
    """Average pool one plane (h, w) whose border holds `fill` and weighs `share`."""
    ### BEGIN SOLUTION
    h, w = x.shape
    kh, kw = kernel_size
    sh, sw = stride
    top, bottom, left, right = padding
    height = (top + h + bottom - kh) // sh + 1
    width = (left + w + right - kw) // sw + 1
    y = np.empty((height, width))
    for i in range(height):
        for j in range(width):
            total = weight = 0.0
            for row in range(i * sh - top, i * sh - top + kh):
                for column in range(j * sw - left, j * sw - left + kw):
                    if 0 <= row < h and 0 <= column < w:
                        total += x[row, column]
                        weight += 1
                    else:
                        total += share * fill
                        weight += share
            y[i, j] = total / weight if weight else empty
    return y
    ### END SOLUTION


# %% check="5.5"

# %% [markdown]
# ## {5.6}
#
# The average of a batch, without a loop, in torch, so that the gradient flows. `x` has the axes n, c, h, w;
# `kernel_size`, `stride` and `padding` are numbers, the same for both axes; `count_include_pad` is as in 5.3.
# Keep dtype and device. Do not call torch's own pooling: `pad`, `unfold` and reductions are fine.
#
# *Worked example:* for a plane of ones, kernel 3, stride 1 and padding 1, the corner of the output is 4/9
# where the padding counts, and 1 where it does not.


# %% answer="5.6"
def avg_pool2d_torch(x, kernel_size, stride, padding, count_include_pad):
    """Average pool a batch (n, c, h, w) of torch tensors, differentiable."""

    ### BEGIN SOLUTION
    def window_sums(z):
        padded = torch.nn.functional.pad(z, (padding, padding, padding, padding))
        windows = padded.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)
        return windows.sum(dim=(-2, -1))

    sums = window_sums(x)
    if count_include_pad:
        return sums / kernel_size**2
    ones = torch.ones_like(x)
    return sums / window_sums(ones)
    ### END SOLUTION


# %% check="5.6"

# %% [markdown]
# ## Before you go
#
# Which of your own poolings, from chapter 3 or 4, would have survived the first test case that you wrote in
# 5.4? What did the checker's answer make you change?

# %%
progress()
