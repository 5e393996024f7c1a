# ---
# title: The pooling zoo
# minutes: 70
# ---

# %% [markdown]
# # Exercise 12: The pooling zoo
#
# Between the mean and the maximum lies a whole family, and a network can learn which member it wants. You
# build that family, search it, and reach its limits. Then you take a maximum back to where it came from, find
# out when that loses something, and pool by a rule that nobody has shown you.
#
# **After this notebook you can**
#
# - build a generalised mean whose exponent learns, without overflow,
# - find the exponent for a wanted mean, and say what its limits are,
# - pool with switches and unpool, and say when there, back and there again is the same,
# - read a pooling rule from its arguments: weights, power, signs.
#
# **Time:** about {minutes} minutes. **Points:** {points}. **Builds on:** chapter 12, *The pooling zoo*.
#
# {questions}
#
# Each answer has a check below it. Run it as often as you like: it costs nothing, gives partial credit, and
# tells you what it sees. Stuck? `hint("12.2")` gives three hints, one at a time. `solution("12.2")` shows an
# answer once yours is right, or when you give up: `solution("12.2", give_up=True)`. `progress()` adds up
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
# ## {12.1}
#
# Generalised mean pooling turns each channel into one number: raise every cell to the power p, take the mean,
# take the root, `(mean of x**p) ** (1 / p)`.
#
# - `x` has the axes n, c, h, w: images, channels, rows, columns. `p` has the axis c: one exponent for each
# channel, none of them 0. Both are torch tensors of the same dtype.
# - A cell below `eps` counts as `eps`.
# - A p above 0 may be 200 or more, and the cells may be large: no power may overflow. A p below 0 is at least
# -3, and no cell is above 1000 then.
# - Return a tensor with the axes n, c, in the dtype of `x`. The gradient flows to `x` and to `p`.
#
# *Worked example:* one channel with the cells 1, 2 and 2, and p = 2. The mean of 1, 4 and 4 is 3, so the
# output is the root of 3, about 1.732.


# %% answer="12.1"
def gem_pool(x, p, eps):
    """Generalised mean of each channel, (n, c, h, w) to (n, c), differentiable in x and p."""
    ### BEGIN SOLUTION
    powers = p[:, None]
    cells = x.flatten(2).clamp(min=eps)
    largest = cells.amax(dim=2, keepdim=True).detach()
    mean = (cells / largest).pow(powers).mean(dim=2, keepdim=True)
    y = largest * mean.pow(1 / powers)
    return y.squeeze(2)
    ### END SOLUTION


# %% check="12.1"

# %% [markdown]
# Watch one exponent learn. Below, somebody else pools 20 random planes with an exponent that is hidden; yours
# starts at 1, the plain mean, and follows the gradient.

# %%
planes = torch.rand(20, 1, 6, 6, generator=torch.Generator().manual_seed(0)) * 3 + 0.1
wanted = planes.pow(5.0).mean(dim=(2, 3)).pow(1 / 5.0)
p = torch.nn.Parameter(torch.ones(1))
optimizer = torch.optim.Adam([p], lr=0.2)
try:
    for step in range(101):
        loss = (gem_pool(planes, p, 1e-6) - wanted).square().mean()
        if step % 25 == 0:
            print(f"step {step:3}: p = {p.item():.3f}")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
except NotImplementedError:
    print("gem_pool is not written yet.")

# %% [markdown]
# ## {12.2}
#
# The generalised mean of a window grows with p. So every number between its smallest and its greatest cell is
# the mean for some p. Find it.
#
# - `window` is a row of numbers above 0, not all the same. `target` lies between its smallest and its
# greatest number, or is one of these two.
# - Return p, so that the generalised mean for your p is the target to a millionth of it. p may be below 0.
# - No finite p gives the greatest number, nor the smallest. Then return `np.inf` or `-np.inf`.
# - The target is never the geometric mean, which belongs to p = 0.
#
# *Worked example:* the window `[2, 3, 6]` and the target 3. For p = -1 the mean is the harmonic one, 3 / (1/2
# + 1/3 + 1/6) = 3. The answer is -1.


# %% answer="12.2"
def find_p(window, target):
    """The p for which the generalised mean of a window (k) is the target."""
    ### BEGIN SOLUTION
    if target >= window.max():
        return np.inf
    if target <= window.min():
        return -np.inf
    low, high = -190.0, 200.0
    for _ in range(100):
        p = (low + high) / 2
        scale = window.max() if p > 0 else window.min()
        mean = np.mean((window / scale) ** p) ** (1 / p)
        if scale * mean < target:
            low = p
        else:
            high = p
    return (low + high) / 2
    ### END SOLUTION


# %% check="12.2"

# %% [markdown]
# ## {12.3}
#
# Max pooling of one plane that remembers where each maximum came from, and puts it back.
#
# - `x`: h rows, w columns. `kernel_size` and `stride`: pairs, rows first. No padding; only whole windows
#   count.
# - The maxima: one for each window.
# - The switches: for each window, the place of its maximum in the whole plane, counted row by row from 0, as
# whole numbers. Of equal cells the first one wins.
# - The plane brought back: as large as `x`, zero everywhere but at the winners, which hold their own value.
# A cell that wins several windows holds its value once.
# - Return the three, in this order.
#
# *Worked example:* `x = [[1, 4, 2], [3, 0, 5]]`, kernel `(2, 2)`, stride `(1, 1)`. The maxima are `[[4, 5]]`,
# the switches `[[1, 5]]`, and the plane brought back is `[[0, 4, 0], [0, 0, 5]]`.


# %% answer="12.3"
def pool_and_unpool(x, kernel_size, stride):
    """Maxima of one plane (h, w), their switches, and the maxima back in place (h, w)."""
    ### BEGIN SOLUTION
    kh, kw = kernel_size
    sh, sw = stride
    w = x.shape[1]
    size = (x.shape[0] - kh) // sh + 1, (w - kw) // sw + 1
    y = np.empty(size, dtype=x.dtype)
    switches = np.empty(size, dtype=np.int64)
    back = np.zeros(x.shape, dtype=x.dtype)
    for i in range(size[0]):
        for j in range(size[1]):
            window = x[i * sh : i * sh + kh, j * sw : j * sw + kw]
            best = np.unravel_index(window.argmax(), window.shape)
            row, column = i * sh + best[0], j * sw + best[1]
            y[i, j] = window[best]
            switches[i, j] = row * w + column
            back[row, column] = window[best]
    return y, switches, back
    ### END SOLUTION


# %% check="12.3"

# %% [markdown]
# What survives? A photograph after the way there and back, with windows of 2 by 2 side by side.

# %%
coins = data.coins()[60:220, 20:220] / 255
shown = {"photograph": coins}
try:
    shown["there and back"] = pool_and_unpool(coins, (2, 2), (2, 2))[2]
except NotImplementedError:
    print("pool_and_unpool is not written yet.")
figures.photographs(shown, alt="Coins, and the same coins with three of four pixels black.")

# %% [markdown]
# ## {12.4}
#
# Pool, unpool, pool again: are the second maxima the first ones? Windows are 2 by 2, side by side. Find two
# planes.
#
# 1. A plane for which the second maxima differ from the first in exactly one output.
# 2. A plane from which the way there and back takes nothing: unpooled, it is itself. And each of its windows
# holds a number above 0.
#
# Each plane has an even number of rows and of columns, at least 4 each, and at most 400 cells, all of them
# finite. Return the two planes, in this order. *Worked example:* for a plane of ones the second maxima are
# the first, but three of its four cells are lost. It is right for neither wish.


# %% answer="12.4"
def round_trips():
    """Return two planes: one for which the trip fails once, one that survives."""
    ### BEGIN SOLUTION
    fails = np.ones((4, 4))
    fails[:2, :2] = -1
    survives = np.zeros((4, 4))
    survives[::2, ::2] = 1
    return fails, survives
    ### END SOLUTION


# %% check="12.4"

# %% [markdown]
# ## {12.5}
#
# The last animal of the zoo has no name. Its rule comes as arguments, and the check makes up new ones.
#
# - `x`: one plane of floats. `stride`: a pair, rows first. No padding; only whole windows count.
# - `weights`: a plane as large as the window, none below 0. A cell of weight 0 does not belong to the window.
# - `signs` says what happens to a number below 0: `"magnitude"` drops its sign; `"positive"` makes it 0;
#   `"keep"` keeps the sign through power and root: the signed power of -3 for p = 2 is -9, the signed root of
#   -9 is -3.
# - `p` is above 0. Take the (signed) power p of each cell, multiply it with its weight, add up; if `share` is
# true, divide by the sum of the weights; take the (signed) root.
# - If p is infinite, take the limit: the cell of the greatest magnitude among those of a weight above 0, as
#   it is after its sign was treated. Weights and `share` do not matter otherwise.
#
# Return a plane of floats. *Worked example:* `x = [[3, -4]]`, weights `[[1, 1]]`, p = 2, `share` false.
# `"magnitude"`: the root of 9 + 16, 5. `"positive"`: 3. `"keep"`: 9 - 16 is -7, and its signed root is about
# -2.65. With p infinite: 4, 3 and -4.


# %% answer="12.5"
def power_pool(x, weights, stride, p, signs, share):
    """Pool one plane (h, w) by a weighted power mean whose rule the arguments give."""
    ### BEGIN SOLUTION
    kh, kw = weights.shape
    sh, sw = stride
    height, width = (x.shape[0] - kh) // sh + 1, (x.shape[1] - kw) // sw + 1
    y = np.empty((height, width))
    for i in range(height):
        for j in range(width):
            window = x[i * sh : i * sh + kh, j * sw : j * sw + kw]
            if signs == "magnitude":
                window = np.abs(window)
            elif signs == "positive":
                window = np.maximum(window, 0)
            size = np.abs(window)
            if np.isinf(p):
                counted = np.where(weights > 0, size, -1.0)
                y[i, j] = window.flat[counted.argmax()]
                continue
            powers = np.sign(window) * size**p
            total = (weights * powers).sum()
            if share:
                total /= weights.sum()
            y[i, j] = np.sign(total) * np.abs(total) ** (1 / p)
    return y
    ### END SOLUTION


# %% check="12.5"

# %% [markdown]
# ## Before you go
#
# Your network learned p = 1.1 in one layer and p = 7 in another. What does each of them tell you about what
# that layer looks for?

# %%
progress()
