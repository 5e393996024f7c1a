# ---
# title: The fine print
# minutes: 85
# ---

# %% [markdown]
# # Exercise 11: The fine print
#
# Two programs pool the same numbers with the same kernel and give different answers, and neither has a bug.
# They read the fine print differently: which last window counts, what an average divides by, how far apart
# the taps stand. You build each of these rules as torch has it. You write a test that catches whoever got a
# corner wrong. And you build a framework that nobody has written yet.
#
# **After this notebook you can**
#
# - count windows with `ceil_mode`, and say which last window is dropped,
# - say what an average divides by inside, in the padding, and beyond it,
# - pool with dilation, for two axes and with a gradient,
# - write a test that tells such rules apart, and read a rule that you have never seen.
#
# **Time:** about {minutes} minutes. **Points:** {points}. **Builds on:** chapter 11, *The fine print*.
#
# {questions}
#
# Each answer has a check below it. Run it as often as you like: it costs nothing, gives partial credit, and
# tells you what it sees. Stuck? `hint("11.2")` gives three hints, one at a time. `solution("11.2")` shows an
# answer once yours is right, or when you give up: `solution("11.2", give_up=True)`. `progress()` adds up
# your points.
#
# Run this cell first.

# %% setup
import numpy as np
import torch

from poolgrader.check import check, hint, progress, solution

# %% [markdown]
# ## {11.1}
#
# Count the windows along one axis, as torch does.
#
# - `n` cells, and `padding` more on both sides. `kernel_size` taps, `dilation` cells from one tap to the
#   next.
# - Windows start at the first cell of the padding and move by `stride`.
# - `ceil_mode` is `False`: only windows that fit whole, padding included, count.
# - `ceil_mode` is `True`: if cells are left behind the last window that fits, there is one window more. But a
# last window that starts behind the last cell of the row, in the padding or further on, is dropped.
# - There is always room for at least one window. Return a whole number.
#
# *Worked example:* 5 cells, kernel 2, stride 2, padding 1, dilation 1. Counted from the start of the padding,
# windows start at 0, 2 and 4, and one cell is left over. A window more would start at 6. The row ends there:
# its cells stand at 1 to 5. So the answer is 3, with `ceil_mode` and without.


# %% answer="11.1"
def count_windows(n, kernel_size, stride, padding, dilation, ceil_mode):
    """Number of windows along one axis of n cells."""
    ### BEGIN SOLUTION
    extent = dilation * (kernel_size - 1) + 1
    room = n + 2 * padding - extent
    if not ceil_mode:
        return room // stride + 1
    windows = -(-room // stride) + 1
    last = (windows - 1) * stride
    if last >= n + padding:
        windows -= 1
    return windows
    ### END SOLUTION


# %% check="11.1"

# %% [markdown]
# ## {11.2}
#
# Average pooling of a row, whose last window may hang over the padding.
#
# - `x` is a row of floats. `padding` cells that hold 0 stand on both sides; beyond them there is nothing.
# - `outputs` says how many windows there are. The last one may reach beyond the padding.
# - `count_include_pad` is `True`: divide by the number of cells of the row and of the padding that the window
# covers. What hangs over the padding never counts.
# - `count_include_pad` is `False`: divide by the number of cells of the row.
# - `divisor_override` is a number, not 0, or `None`. A number takes the place of any count.
# - Every window sees at least one cell of the row. Return a row of floats.
#
# *Worked example:* `x = [6, 6, 6, 6]`, kernel 3, stride 2, padding 1, 3 outputs. The last window covers the
# last cell, one cell of padding, and a place beyond it. Counted, it divides by 2: the output is `[4, 6, 3]`.
# Not counted, it is `[6, 6, 6]`.
#
# The first lines are given.


# %% answer="11.2"
def avg_pool_row(x, kernel_size, stride, padding, outputs, count_include_pad, divisor_override):
    """Average pool a row (w), with torch's divisor."""
    n = len(x)
    y = np.empty(outputs)
    ### BEGIN SOLUTION
    for o in range(outputs):
        start = o * stride - padding
        end = min(start + kernel_size, n + padding)
        seen = x[max(start, 0) : min(end, n)]
        if divisor_override is not None:
            divisor = divisor_override
        elif count_include_pad:
            divisor = end - start
        else:
            divisor = seen.size
        y[o] = seen.sum() / divisor
    return y
    ### END SOLUTION


# %% check="11.2"

# %% [markdown]
# ## {11.3}
#
# Max pooling of a batch with gaps in its windows, in torch.
#
# - `x` has the axes n, c, h, w. `kernel_size`, `padding` and `dilation` are pairs, rows first. `stride` is a
# pair, or `None` for the kernel.
# - Neighbouring taps stand `dilation` cells apart. A window covers `dilation * (kernel_size - 1) + 1` cells
# and looks at its taps alone. Only windows that fit whole into the padded planes count.
# - The border never wins. Every window sees at least one cell.
# - Keep dtype and device, and let the gradient flow. Do not call torch's own pooling: `pad`, `unfold` and
# reductions are fine.
#
# *Worked example:* one row `[9, 1, 2, 3, 4]`, kernel `(1, 2)`, stride `(1, 1)`, dilation `(1, 2)`. The
# windows see 9 and 2, 1 and 3, 2 and 4: the output is `[9, 3, 4]`.


# %% answer="11.3"
def dilated_max_pool2d(x, kernel_size, stride, padding, dilation):
    """Max pool a batch (n, c, h, w) with taps that stand apart, differentiable."""
    ### BEGIN SOLUTION
    if stride is None:
        stride = kernel_size
    kh, kw = kernel_size
    (sh, sw), (ph, pw), (dh, dw) = stride, padding, dilation
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph), value=-torch.inf)
    tall, wide = dh * (kh - 1) + 1, dw * (kw - 1) + 1
    windows = padded.unfold(2, tall, sh).unfold(3, wide, sw)
    taps = windows[..., ::dh, ::dw]
    return taps.amax(dim=(-2, -1))
    ### END SOLUTION


# %% check="11.3"

# %% [markdown]
# ## {11.4}
#
# Somebody hands you an average pooling of planes that is said to be torch's, with `ceil_mode` and with the
# padding counted. It may be wrong in a corner: it may round sizes down, drop too many last windows or too
# few, or divide by the wrong number somewhere.
#
# Write one test case that catches every such pooling: return `x, kernel_size, stride, padding`, so that each
# gives another output than torch does. The plane `x` holds at most 400 finite numbers; kernel, stride and
# padding are pairs, rows first, of numbers up to 12; the padding is at most half of the kernel.
#
# *Worked example:* a plane of 6 by 6 with kernel `(2, 2)`, stride `(2, 2)` and no padding catches nothing:
# every window is whole. The check names a pooling that passes your test.


# %% answer="11.4"
def corner_case():
    """Return (x, kernel_size, stride, padding): one test case that no wrong corner survives."""
    ### BEGIN SOLUTION
    x = np.arange(1.0, 21.0).reshape(5, 4)
    return x, (2, 3), (2, 2), (1, 1)
    ### END SOLUTION


# %% check="11.4"

# %% [markdown]
# ## {11.5}
#
# Here is a framework whose fine print comes as arguments. The check makes up new combinations.
#
# - `x` is a row of floats; some may be NaN. `padding` is a pair: cells before the row, cells behind it.
# - Windows start at the first cell of the padding and move by `stride`. Each has `kernel_size` taps,
# `dilation` cells apart.
# - `last`: with `"fit"` only windows that fit whole into row and padding count. With `"hang"`, if cells are
# left behind the last window that fits, there is one window more, which hangs over. With `"real"` that
# window more is there only if one of its taps is a cell of the row.
# - Each output is the sum of the cells of the row that the window sees, divided by a count of taps.
# `divisor`: `"taps"` counts all taps; `"padded"` those in the row or its padding; `"cells"` those in the row.
# - `nan`: with `"spread"` a NaN makes the output NaN. With `"skip"` it is not added and not counted, whatever
# the divisor.
# - A window without a number to add gives `empty`.
#
# Return a row of floats. *Worked example:* `x = [3, NaN, 6]`, kernel 2, stride 2, padding `(0, 0)`, dilation
# 1, `last="hang"`, `nan="skip"`. The windows see 3 and NaN; 6 and a place beyond. With `divisor="taps"` the
# output is `[3, 3]`, with `"padded"` it is `[3, 6]`.


# %% answer="11.5"
def avg_pool_by_rule(x, kernel_size, stride, dilation, padding, last, divisor, nan, empty):
    """Average pool a row (w) by a fine print that the arguments give."""
    ### BEGIN SOLUTION
    n = len(x)
    before, after = padding
    extent = dilation * (kernel_size - 1) + 1
    room = before + n + after - extent
    fitting = windows = room // stride + 1
    if last != "fit" and room % stride:
        windows += 1
    y = []
    for o in range(windows):
        start = o * stride - before
        taps = range(start, start + extent, dilation)
        cells = [x[tap] for tap in taps if 0 <= tap < n]
        if o == fitting and last == "real" and not cells:
            break
        kept = cells
        if nan == "skip":
            kept = [cell for cell in cells if not np.isnan(cell)]
        padded = sum(-before <= tap < n + after for tap in taps)
        counted = {"taps": kernel_size, "padded": padded, "cells": len(cells)}[divisor]
        counted -= len(cells) - len(kept)
        y.append(sum(kept) / counted if kept else empty)
    return np.array(y)
    ### END SOLUTION


# %% check="11.5"

# %% [markdown]
# ## Before you go
#
# You move a trained network from one framework to another. Which three settings of its pooling layers do you
# look at first, and which of your own tests would tell you that one of them is wrong?

# %%
progress()
