# ---
# title: Windows and sizes
# minutes: 90
# ---

# %% [markdown]
# # Exercise 2: Windows and sizes
#
# Where does a window stand, and what does it see? You answer it forward, for one output; backward, through a
# whole stack; and the other way round: you choose the window for the size that you want.
#
# **After this notebook you can**
#
# - say how many outputs a window gives along each axis, and when it gives none,
# - list the input cells that any output sees,
# - choose a kernel and a padding for a size that somebody asks for,
# - find the input cells behind one output of a stack of layers.
#
# **Time:** about {minutes} minutes. **Points:** {points}. **Builds on:** chapter 2, *Windows and sizes*.
#
# {questions}
#
# Each answer has a check below it. Run it as often as you like: it costs nothing, gives partial credit, and
# tells you what it sees. Stuck? `hint("2.2")` gives three hints, one at a time. `solution("2.2")` shows an
# answer once yours is right, or when you give up: `solution("2.2", give_up=True)`. `progress()` adds up
# your points.
#
# Run this cell first.

# %% setup
import numpy as np

from poolgrader.check import check, hint, progress, solution

# %% [markdown]
# ## {2.1}
#
# Do this one on paper. How many outputs does each of these rows have?
#
# 1. 6 cells, kernel 3, stride 1, no padding,
# 2. 9 cells, kernel 3, stride 1, padding 1,
# 3. 9 cells, kernel 3, stride 2, padding 1,
# 4. 8 cells, kernel 3, stride 3, no padding.
#
# Padding 1 means one cell more at either end. A window counts only if all of it fits. Return the four
# numbers in a list, in this order. *Worked example:* 5 cells, kernel 2, stride 2: windows start at cells 0
# and 2; one that starts at 4 would need a cell 5. So there are 2.


# %% answer="2.1"
def predict():
    """Return the four numbers of outputs, in the order of the question."""
    ### BEGIN SOLUTION
    return [4, 9, 5, 2]
    ### END SOLUTION


# %% check="2.1"

# %% [markdown]
# ## {2.2}
#
# Now for planes. Every argument is a pair: rows first, then columns.
#
# - `input_size`: rows and columns of the input.
# - `kernel_size`: cells that the window covers along each axis.
# - `stride`: cells from the start of one window to the start of the next; `None` means as far as the kernel
# is long.
# - `padding`: cells that are added on *either* side of each axis.
# - Only windows that fit whole into the padded input count.
# - Return the rows and columns of the output as a pair. Raise `ValueError` if no window fits along one of
# the axes.
#
# *Worked example:* input `(4, 6)`, kernel `(2, 3)`, stride `None`, padding `(0, 0)`: two windows below one
# another, two side by side, so `(2, 2)`.
#
# The loop over the axes is given. Fill its body.


# %% answer="2.2"
def output_size(input_size, kernel_size, stride=None, padding=(0, 0)):
    """Count the windows along each axis: (rows, columns) of the output."""
    size = []
    for axis in (0, 1):
        ### BEGIN SOLUTION
        n, k, p = input_size[axis], kernel_size[axis], padding[axis]
        s = k if stride is None else stride[axis]
        room = n + 2 * p - k
        if room < 0:
            raise ValueError(f"no window of {k} cells fits into {n} cells with {p} on either side")
        size.append(room // s + 1)
        ### END SOLUTION
    return tuple(size)


# %% check="2.2"

# %% [markdown]
# ## {2.3}
#
# The chapter lists the places of a window along one axis. Here are two axes. List the input cells that one
# output sees.
#
# - `output_index` is the output's place `(i, j)`: row, then column, counted from 0. The other arguments are
# pairs as in 2.2; `stride` is always given.
# - Return a list of `(row, column)`, row by row, from left to right. Cells of the padding see nothing:
# leave them out.
#
# *Worked example:* output `(0, 1)`, input `(4, 4)`, kernel `(2, 2)`, stride `(2, 2)`, padding `(1, 1)`. The
# window covers rows -1 and 0, columns 1 and 2. Row -1 is padding, so the answer is `[(0, 1), (0, 2)]`.


# %% answer="2.3"
def taps(output_index, input_size, kernel_size, stride, padding):
    """List the input cells (row, column) that output (i, j) sees, row by row."""
    ### BEGIN SOLUTION
    i, j = output_index
    h, w = input_size
    kh, kw = kernel_size
    sh, sw = stride
    ph, pw = padding
    cells = []
    for u in range(kh):
        for v in range(kw):
            row = i * sh + u - ph
            column = j * sw + v - pw
            if 0 <= row < h and 0 <= column < w:
                cells.append((row, column))
    return cells
    ### END SOLUTION


# %% check="2.3"

# %% [markdown]
# ## {2.4}
#
# A colleague has rows of `n` cells, wants exactly `o` outputs, and has already settled on the stride `s`.
# Choose the kernel and the padding. Return `(k, p)` so that
#
# - there are exactly `o` windows, each of them whole (in the padded row),
# - every cell of the row is seen by at least one window,
# - the padding is at most half of the kernel, `2 * p <= k`. torch refuses more.
#
# More than one answer is right, and the check takes any. *Worked example:* 7 cells, 3 outputs, stride 2.
# Kernel 3 without padding does it: the windows start at 0, 2 and 4, and the last one ends at cell 6. Kernel
# 5 with padding 1 does it too. Kernel 2 without padding gives 3 windows as well, but none of them sees cell
# 6.


# %% answer="2.4"
def design(n, o, s):
    """Choose (k, p) so that n cells give exactly o outputs with stride s, and every cell is seen."""
    ### BEGIN SOLUTION
    p = max(0, -(-(o * s - n) // 2))
    k = n + 2 * p - (o - 1) * s
    return k, p
    ### END SOLUTION


# %% check="2.4"

# %% [markdown]
# ## {2.5}
#
# A window need not be a run of neighbours, the two borders need not be equal, and somebody may want to keep
# windows that hang over the end. Here all of that comes as arguments, and the check makes up new ones.
#
# - `n`: cells of the row.
# - `offsets`: where the taps stand, counted from the window's start. `(0, 1, 3)` looks at the start, the
# cell after it, and the third cell after it. The first offset is 0, the last one is the largest.
# - The first window starts at `-before`, the others `stride` further each time. `before` and `after` are the
# cells of border at the two ends.
# - `keep` says which windows count: `"whole"` those whose last tap still lies in the row or in the border
# after it; `"begun"` those that start before the end of the row itself, whatever their taps do.
# - Return a table of 0 and 1: a row for each window, a column for each of the `n` cells; 1 where the window
# sees the cell. Cells of the border have no column.
#
# *Worked example:* `n = 4`, `offsets = (0, 2)`, stride 2, `before = 1`, `after = 0`, `"whole"`. The windows
# start at -1 and 1 (one that starts at 3 would need a cell 5). They see cell 1, and cells 1 and 3: the
# table is `[[0, 1, 0, 0], [0, 1, 0, 1]]`. With `"begun"` there is a third row, `[0, 0, 0, 1]`.


# %% answer="2.5"
def who_sees(n, offsets, stride, before, after, keep):
    """Tabulate which window (row) sees which cell (column), by the rule that the arguments give."""
    ### BEGIN SOLUTION
    rows = []
    start = -before
    while start < n if keep == "begun" else start + max(offsets) < n + after:
        row = [0] * n
        for offset in offsets:
            if 0 <= start + offset < n:
                row[start + offset] = 1
        rows.append(row)
        start += stride
    return np.array(rows)
    ### END SOLUTION


# %% check="2.5"

# %% [markdown]
# ## {2.6}
#
# The chapter says how *large* the receptive field of a stack is. Now say where it *lies*, border and all,
# for a row of `n` cells.
#
# - `layers` is a list of `(kernel, stride, padding)`, one for each layer, from the input to the output.
# - `output` is the place of one output of the last layer, counted from 0.
# - Return `(first, last)`: the first and the last of the `n` input cells that this output depends on.
# - Only cells that exist count. A layer's padding holds no cells, neither at the input nor between two
# layers.
#
# *Worked example:* 6 cells, layers `[(2, 2, 0), (2, 1, 0)]`, output 1. The last layer's output 1 sees cells
# 1 and 2 of the layer before. Those two see cells 2, 3 and 4, 5 of the input: the answer is `(2, 5)`.


# %% answer="2.6"
def cells_behind(output, n, layers):
    """Find the first and the last of n input cells that one output of a stack depends on."""
    ### BEGIN SOLUTION
    sizes = [n]
    for k, s, p in layers:
        sizes.append((sizes[-1] + 2 * p - k) // s + 1)
    first = last = output
    for (k, s, p), size in zip(reversed(layers), reversed(sizes[:-1]), strict=True):
        first = max(first * s - p, 0)
        last = min(last * s - p + k - 1, size - 1)
    return first, last
    ### END SOLUTION


# %% check="2.6"

# %% [markdown]
# ## Before you go
#
# In 2.4, how did you find your first right answer: by trying, or by turning the formula around? In 2.6,
# which of your mistakes would no test far from the border have found?

# %%
progress()
