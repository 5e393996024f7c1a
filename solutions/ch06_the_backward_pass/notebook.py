# ---
# title: The backward pass
# minutes: 130
# ---

# %% [markdown]
# # Exercise 6: The backward pass
#
# You send gradients back through average and max pooling, let autograd do it under a rule for ties that you
# choose, and check all of it by differences. Then you turn it around: you write an input that catches a wrong
# backward pass, and you go back through a pooling that nobody has shown you.
#
# **After this notebook you can**
#
# - write the backward pass of average and max pooling, with overlap, stride and padding,
# - say where the gradient of a tie goes, in your own code and in torch's,
# - hold a backward pass against differences, and know what such a check does not see,
# - derive the backward pass of a pooling that you meet for the first time.
#
# **Time:** about {minutes} minutes. **Points:** {points}. **Builds on:** chapter 6, *The backward pass*, and
# on your forward passes from exercises 3, 4 and 5.
#
# {questions}
#
# Each answer has a check below it. Run it as often as you like: it costs nothing, gives partial credit, and
# tells you what it sees. Stuck? `hint("6.2")` gives three hints, one at a time. `solution("6.2")` shows an
# answer once yours is right, or when you give up: `solution("6.2", give_up=True)`. `progress()` adds up
# your points.
#
# Run this cell first.

# %% setup
import numpy as np
import torch

from poolgrader.check import check, hint, progress, solution

# %% [markdown]
# ## A row, worked
#
# The average of a row, backward, as the chapter has it. Each output divides its gradient by `k` and adds a
# share to every cell of its window. Run it, and change `=` and `+=` once to see what `+=` is for.


# %%
def back_through_average(sent, n, k, s):
    """Gradient of a row of n cells, from the gradients `sent` of the outputs."""
    back = np.zeros(n)
    for o in range(len(sent)):
        back[o * s : o * s + k] += sent[o] / k
    return back


back_through_average(np.array([6.0, 9.0]), n=5, k=3, s=2)

# %% [markdown]
# ## {6.1}
#
# The same for a batch of images. The loops over the outputs are given. Write what one output does.
#
# - `grad_output` has the axes n, c, then output rows and columns: the gradient of the loss by each output.
# - `input_size` is a pair `(h, w)`: rows and columns of the input.
# - `kernel_size` is a pair `(kh, kw)`; `stride` and `padding` are numbers, for both axes.
# - The forward pass divided by `kh * kw` always: cells in the padding counted as zeros.
# - Return the gradient by each input, axes n, c, h, w. What went to the padding is lost.
#
# *Worked example:* one plane of 3 by 3 cells, kernel `(2, 2)`, stride 1, no padding. There are 2 by 2
# outputs. If each sends 4, the cells get `[[1, 2, 1], [2, 4, 2], [1, 2, 1]]`: the middle one is in all four
# windows.


# %% answer="6.1"
def avg_pool2d_backward(grad_output, input_size, kernel_size, stride, padding):
    """Gradient of average pooling by its input (n, c, h, w)."""
    n, c, height, width = grad_output.shape
    h, w = input_size
    kh, kw = kernel_size
    grad_input = np.zeros((n, c, h, w))
    for i in range(height):
        for j in range(width):
            ### BEGIN SOLUTION
            share = grad_output[:, :, i, j] / (kh * kw)
            for u in range(kh):
                for v in range(kw):
                    row, column = i * stride + u - padding, j * stride + v - padding
                    if 0 <= row < h and 0 <= column < w:
                        grad_input[:, :, row, column] += share
            ### END SOLUTION
    return grad_input


# %% check="6.1"

# %% [markdown]
# ## {6.2}
#
# A maximum depends on its winner alone. Send each output's gradient there.
#
# - `grad_output` has the axes n, c, then output rows and columns; `x`, floats, has the axes n, c, h, w.
# - `kernel_size` is a pair `(kh, kw)`; `stride` and `padding` are numbers, for both axes. Padded cells never
#   win.
# - Of several equal winners the first gets everything: first row first, then first column.
# - A cell that wins several windows gets the sum.
# - Return an array of floats, shaped like `x`. Leave `x` as it is.
#
# *Worked example:* `x = [[1, 5, 2], [4, 3, 0]]`, kernel `(2, 2)`, stride 1. Both windows are won by the 5. If
# the outputs send 10 and 1, the gradient is `[[0, 11, 0], [0, 0, 0]]`.


# %% answer="6.2"
def max_pool2d_backward(grad_output, x, kernel_size, stride, padding):
    """Gradient of max pooling by its input (n, c, h, w); of equal winners the first gets it."""
    ### BEGIN SOLUTION
    n, c, h, w = x.shape
    kh, kw = kernel_size
    padded = np.full((n, c, h + 2 * padding, w + 2 * padding), -np.inf)
    padded[:, :, padding : padding + h, padding : padding + w] = x
    grad_padded = np.zeros(padded.shape)
    for image, channel, i, j in np.ndindex(grad_output.shape):
        window = padded[image, channel, i * stride : i * stride + kh, j * stride : j * stride + kw]
        u, v = np.unravel_index(window.argmax(), window.shape)
        grad_padded[image, channel, i * stride + u, j * stride + v] += grad_output[image, channel, i, j]
    return grad_padded[:, :, padding : padding + h, padding : padding + w]
    ### END SOLUTION


# %% check="6.2"

# %% [markdown]
# ## {6.3}
#
# In torch you write the forward pass, and autograd derives the backward pass from the operations you used. So
# the choice of operations is a choice of the rule for ties.
#
# Pool `x` (n, c, h, w) by its maximum, `kernel_size` and `stride` numbers, no padding, so that the gradient
# of equal winners goes to the first alone. Do not call torch's own pooling. Keep dtype and device.
#
# *Worked example:* a plane of four zeros, kernel 2, stride 2, gives `[[0]]`. A gradient of 1 at the output
# arrives as `[[1, 0], [0, 0]]`. If your answer to 3.6 ended in `amax`, it sends a quarter to each cell.


# %% answer="6.3"
def max_pool2d_first(x, kernel_size, stride):
    """Max pool a batch (n, c, h, w) of torch tensors; of equal winners the first gets the gradient."""
    ### BEGIN SOLUTION
    windows = x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride).flatten(-2)
    winners = windows.argmax(dim=-1, keepdim=True)
    return windows.gather(-1, winners).squeeze(-1)
    ### END SOLUTION


# %% check="6.3"

# %% [markdown]
# ## {6.4}
#
# How do you know that a backward pass is right? Move one input up a little and down a little, and see what
# the loss does. The loss is `L(x) = sum(grad_output * pooled(x))`: its gradient by the outputs is
# `grad_output`.
#
# `pooled` is given. Return a plane shaped like `x`, in float64, whose cell holds the central difference
#
# $$\frac{L(x + \text{step in that cell}) - L(x - \text{step in that cell})}{2\,\text{step}}$$
#
# - `x` is one plane, h rows and w columns; floats of any precision, or whole numbers. Leave it as it is.
# - `grad_output` has a number for each output.
# - `operation` is `"max"`, `"mean"` or `"norm"`: the root of the sum of squares.
# - `step` may be large. Use it as it comes.
#
# *Worked example:* `x = [[1, 4]]`, kernel `(1, 2)`, mean, `grad_output = [[6]]`, any step: `[[3, 3]]`. With
# max: `[[0, 6]]`.


# %% answer="6.4"
def pooled(x, kernel_size, stride, operation):
    """Pool a plane: "max", "mean" or "norm"."""
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel_size)[::stride, ::stride]
    if operation == "norm":
        return np.sqrt(np.sum(windows**2, axis=(2, 3)))
    return windows.max(axis=(2, 3)) if operation == "max" else windows.mean(axis=(2, 3))


def gradient_by_differences(x, grad_output, kernel_size, stride, operation, step):
    """Central differences of sum(grad_output * pooled(x)), one for each cell of x (h, w)."""
    ### BEGIN SOLUTION
    x = x.astype(np.float64)
    slopes = np.zeros(x.shape)
    for cell in np.ndindex(x.shape):
        sides = []
        for sign in (1, -1):
            moved = x.copy()
            moved[cell] += sign * step
            sides.append(np.sum(grad_output * pooled(moved, kernel_size, stride, operation)))
        slopes[cell] = (sides[0] - sides[1]) / (2 * step)
    return slopes
    ### END SOLUTION


# %% check="6.4"

# %% [markdown]
# Before you go on: compare your own 6.2 with your own 6.4, once on a plane of distinct values and once on a
# plane whose values are all equal. On which plane do they disagree, and which function is wrong there?

# %%
# max_pool2d_backward(np.ones((1, 1, 1, 1)), np.full((1, 1, 2, 2), 3.0), (2, 2), 2, 0)
# gradient_by_differences(np.full((2, 2), 3.0), np.ones((1, 1)), (2, 2), 2, "max", 0.25)

# %% [markdown]
# ## {6.5}
#
# Somebody hands you a backward pass for max pooling, with windows of 2 by 2 and stride 1. It may be wrong:
# where gradients meet, at ties, in the cell it picks, in how much it sends. You cannot read it. You can only
# call it.
#
# Write one test on which every such mistake shows. Return a pair:
#
# - `x`, one plane: at least 2 by 2, at most 16 numbers in all, finite;
# - `grad_output`, a number for each of its windows, finite: one row and one column less than `x`.
#
# *Worked example:* four distinct numbers and `[[1]]` expose a pass that sends to every cell, and little else:
# there is one window only, no tie, and the gradient is 1. The check tries your input on hidden wrong passes
# and names a kind that slipped through.


# %% answer="6.5"
def expose_backward():
    """Return (x, grad_output) on which a wrong backward pass shows itself."""
    ### BEGIN SOLUTION
    x = np.array([[5.0, 5.0, 1.0, 0.0], [2.0, 3.0, 9.0, 4.0], [0.0, -7.0, 2.0, 3.0]])
    grad_output = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, 6.0]])
    return x, grad_output
    ### END SOLUTION


# %% check="6.5"

# %% [markdown]
# ## {6.6}
#
# The rule of question 3.5 comes back, and now you go the other way. Nobody prints this one. Derive it: which
# cells does an output depend on, and how strongly?
#
# Forward, for one plane `x` of h rows and w columns:
#
# - `weights` is a window, kh by kw. A tap at (u, v) sees a cell and multiplies it by `weights[u, v]`. All
#   weights are above zero.
# - `stride` and `padding` are numbers. `border` says what a tap outside of the plane sees: `"skip"` nothing,
#   it takes no part; `"edge"` the nearest cell; `"wrap"` the plane again from its other side.
# - `operation` joins the weighted values of a window: `"sum"`, `"max"` or `"min"`.
#
# Backward, from `grad_output`, a number for each output:
#
# - A sum sends to every tap that took part. A maximum or minimum sends to the taps whose weighted value is
#   the greatest or smallest.
# - `ties` says what several equal winners get: `"first"` and `"last"` name the one that gets everything, in
#   row-major order; with `"all"` each of them gets everything; with `"split"` they share it evenly. Sums have
#   no ties.
# - What a tap gets, times its weight, arrives at the cell that it saw. A cell adds up what arrives.
#
# Return a plane of floats, shaped like `x`.
#
# *Worked example:* `x = [[1, 2]]`, `weights = [[2, 1]]`, stride 1, padding 0, `grad_output = [[8]]`. The
# weighted values are 2 and 2. Sum: `[[16, 8]]`. Max with ties `"first"`: `[[16, 0]]`; `"last"`: `[[0, 8]]`;
# `"split"`: `[[8, 4]]`.


# %% answer="6.6"
def backward_by_rule(grad_output, x, weights, stride, padding, border, operation, ties):
    """Gradient of a pooling by its input (h, w), by the rule that the arguments give."""
    ### BEGIN SOLUTION
    h, w = x.shape
    grad_input = np.zeros((h, w))
    for (i, j), sent in np.ndenumerate(grad_output):
        taps = []
        for (u, v), weight in np.ndenumerate(weights):
            row, column = i * stride + u - padding, j * stride + v - padding
            if border == "edge":
                row, column = min(max(row, 0), h - 1), min(max(column, 0), w - 1)
            elif border == "wrap":
                row, column = row % h, column % w
            elif not (0 <= row < h and 0 <= column < w):
                continue
            taps.append((weight * x[row, column], weight, row, column))
        if operation != "sum":
            best = max(taps)[0] if operation == "max" else min(taps)[0]
            taps = [tap for tap in taps if tap[0] == best]
            if ties == "first":
                taps = taps[:1]
            elif ties == "last":
                taps = taps[-1:]
        share = sent / len(taps) if operation != "sum" and ties == "split" else sent
        for _, weight, row, column in taps:
            grad_input[row, column] += share * weight
    return grad_input
    ### END SOLUTION


# %% check="6.6"

# %% [markdown]
# ## Before you go
#
# Which of your bugs would a check on windows side by side never have found? Which one would a check by
# differences on random numbers never have found?

# %%
progress()
