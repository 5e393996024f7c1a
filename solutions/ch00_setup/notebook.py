# ---
# title: Setup
# minutes: 45
# ---

# %% [markdown]
# # Exercise 0: Setup
#
# Your first notebook of the course. Nothing here is about pooling yet. You learn how the notebooks talk to
# you: you read a verdict, repair a function that somebody broke on purpose, write the test that would have
# caught it, and read an array out of a row of numbers.
#
# **After this notebook you can**
#
# - run a notebook from top to bottom, and start it afresh,
# - read a verdict: what was earned, what failed, where, and why,
# - cut a window out of a plane with slices,
# - write an input on which a bug shows,
# - say where in memory a cell of an array stands.
#
# **Time:** about {minutes} minutes. **Points:** {points}. **Builds on:** chapter 0, *Set up, and read what
# comes back*.
#
# {questions}
#
# Each answer has a check below it. Run it as often as you like: it costs nothing, gives partial credit, and
# tells you what it sees. Stuck? `hint("0.2")` gives three hints, one at a time. `solution("0.2")` shows an
# answer once yours is right, or when you give up: `solution("0.2", give_up=True)`. `progress()` adds up
# your points.
#
# Run this cell first: click into it and press Shift and Enter.

# %% setup
import numpy as np

from poolgrader.check import check, hint, progress, solution

# %% [markdown]
# ## {0.1}
#
# Somebody answered question 0.2 and ran the check. This came back:
#
# ```text
# 0.2 Fix a planted bug: 0.4 of 1 points.
#   ✓ stride 1 (0.2)
#   ✓ the first column (0.2)
#   ✗ larger strides (0.6)
#
# Input: stride 2, the last window of the first row.
# Arguments: x of shape (4, 6) (float64), i=0, j=2, kernel_size=(2, 2), stride=2.
# Expected 11.5; got 19.5 at [0, 0].
#   x 4 × 6:
#     15.5  5.5 19.5 14.5 11.5 20.5
#      3.5 16.5 13.5  9.5  4.5 21.5
#      7.5  2.5  6.5 22.5 17.5 18.5
#      1.5 10.5 24.5 12.5 23.5  8.5
#   yours 2 × 2:
#     !19.5 !14.5
#     !13.5  !9.5
#   expected 2 × 2:
#     11.5 20.5
#      4.5 21.5
#
# Likely cause: Neighbouring windows start one column apart, whatever the stride. This is the planted bug.
# At which column does the window of j = 2 start, with stride 2?
# ```
#
# A ! marks a wrong cell; in a notebook it is a ≠. Return three lists with what you read there:
#
# 1. the points that were earned, how many parts hold, how many do not,
# 2. the place of the first wrong number, `[row, column]`, counted from 0,
# 3. the number that was expected there, and the one that came.
#
# *Worked example:* for "0 of 1 points", three parts that fail, and "Expected 7; got 3 at [2, 0]", the answer
# is `[0, 0, 3], [2, 0], [7, 3]`.
#
# Replace the line that raises NotImplementedError by your answer, run the cell, then run the check below it.


# %% answer="0.1"
def read_verdict():
    """Return [points, parts that hold, parts that fail], [row, column], [expected, got]."""
    ### BEGIN SOLUTION
    return [0.4, 2, 1], [0, 0], [11.5, 19.5]
    ### END SOLUTION


# %% check="0.1"

# %% [markdown]
# ## {0.2}
#
# A window is a rectangle of cells. Window number `(i, j)` of a plane starts `i` times the stride from the top
# and `j` times the stride from the left. This function should cut it out. One mistake has been planted in it:
#
# ```python
# def cut_window(x, i, j, kernel_size, stride):
#     kh, kw = kernel_size
#     return x[i * stride : i * stride + kh, j : j + kw].copy()
# ```
#
# - `x` is one plane: h rows, w columns.
# - `i` and `j` say which window, counted from 0: i down, j to the right.
# - `kernel_size` is a pair `(kh, kw)`: rows first, then columns. `stride` is a number, for both axes.
# - Return the window, kh rows and kw columns, in the dtype of `x` and as an array of its own: who writes into
#   it leaves `x` as it is.
#
# *Worked example:* for the row `[[10, 11, 12, 13, 14, 15]]`, window `(0, 2)` of size `(1, 2)` with stride 2
# starts at column 4: it is `[[14, 15]]`. The planted version gives `[[12, 13]]`.
#
# First copy the planted version into the cell and run the check: it earns something, and the verdict says
# where it fails. Then repair it.


# %% answer="0.2"
def cut_window(x, i, j, kernel_size, stride):
    """Cut window (i, j) of (kh, kw) cells out of a plane (h, w)."""
    ### BEGIN SOLUTION
    kh, kw = kernel_size
    return x[i * stride : i * stride + kh, j * stride : j * stride + kw].copy()
    ### END SOLUTION


# %% check="0.2"

# %% [markdown]
# ## {0.3}
#
# The planted bug had survived a test: somebody had tried window `(0, 0)` of a plane full of ones. Write a
# better test: one input on which each of three wrong versions gives another window than the right one.
#
# 1. The planted version: its columns start at `j`, not at `j` times the stride.
# 2. Its twin: its rows start at `i`, not at `i` times the stride.
# 3. A version that takes `kernel_size` as (columns, rows).
#
# Return a tuple of five: an array `x` of at most 400 finite numbers with rows and columns, then `i`, `j`,
# `kernel_size` (a pair) and `stride`, as `cut_window` takes them. The window must lie in `x`.
#
# *Worked example:* `np.ones((8, 8)), 0, 0, (2, 2), 2` exposes nothing. The check says which version slipped
# through.


# %% answer="0.3"
def expose_bug():
    """Return (x, i, j, kernel_size, stride) on which all three wrong versions show themselves."""
    ### BEGIN SOLUTION
    x = np.arange(64.0).reshape(8, 8)
    i, j = 1, 2
    kernel_size, stride = (2, 3), 2
    return x, i, j, kernel_size, stride
    ### END SOLUTION


# %% check="0.3"

# %% [markdown]
# ## {0.4}
#
# In memory every array is one long row of numbers. What makes it a plane is a rule: where to begin, how many
# steps along each axis, and how far each step goes. Here the rule comes as arguments, and the check makes up
# new ones.
#
# - `memory` is the long row: one axis.
# - `offset` is the place of the first number.
# - `shape` is a tuple: the length of each axis of the result. There may be one axis, two, or more.
# - `strides` is a tuple of the same length: how many places one step along each axis goes. It counts numbers,
#   not bytes. It may be negative, which reads backwards, or 0, which stays on the spot.
# - Return a new array of that shape, in the dtype of `memory` (`memory.dtype`). No place lies outside.
#
# *Worked example:* `memory = [0, 1, 2, 3, 4, 5, 6, 7]`, offset 1, shape `(2, 3)`, strides `(4, 1)`. Index
# `(0, 0)` is at place 1, and each step to the right goes one place, each step down four: `[[1, 2, 3], [5, 6,
# 7]]`. With strides `(1, 2)` it is `[[1, 3, 5], [2, 4, 6]]`.
#
# `np.ndindex(*shape)` gives all indices of the result, one after the other. Each is a tuple with a number for
# every axis, and `y[index]` is the cell of `y` there. The rest is yours.


# %% answer="0.4"
def read_memory(memory, offset, shape, strides):
    """Read an array of a shape out of a row of numbers, with a stride for each axis."""
    ### BEGIN SOLUTION
    y = np.empty(shape, dtype=memory.dtype)
    for index in np.ndindex(*shape):
        place = offset
        for i, s in zip(index, strides, strict=True):
            place += i * s
        y[index] = memory[place]
    return y
    ### END SOLUTION


# %% check="0.4"

# %% [markdown]
# ## Before you go
#
# Start the notebook afresh and run all of it: menu *Kernel*, then *Restart Kernel and Run All Cells*. A
# notebook counts only if it works in this order, from an empty memory. Which of your checks told you
# something that you had not seen yourself?

# %%
progress()
