# ---
# title: Making it fast
# minutes: 80
# ---

# %% [markdown]
# # Exercise 14: Making it fast
#
# A maximum over 63 by 63 cells need not look at 3969 of them. You take a window apart into two passes, double
# its reach step by step, and meet in the middle. Then you count what each method costs, in comparisons and in
# bytes: seconds depend on the machine, these do not.
#
# **After this notebook you can**
#
# - pool planes in two passes, with stride and padding,
# - plan a running maximum and a running sum in few steps, and say why they differ,
# - build running maxima whose cost does not grow with the window,
# - say how many comparisons and how many bytes a method needs,
# - use all of it for an operation that you were not shown.
#
# **Time:** about {minutes} minutes. **Points:** {points}. **Builds on:** chapter 14, *Making it fast*.
#
# {questions}
#
# Each answer has a check below it. Run it as often as you like: it costs nothing, gives partial credit, and
# tells you what it sees. Stuck? `hint("14.2")` gives three hints, one at a time. `solution("14.2")` shows an
# answer once yours is right, or when you give up: `solution("14.2", give_up=True)`. `progress()` adds up
# your points.
#
# Run this cell first.

# %% setup
import time

import numpy as np
import torch

from poolgrader.check import check, hint, progress, solution

# %% [markdown]
# ## {14.1}
#
# Do this one on paper. A maximum is taken over windows of 9 by 9 cells at stride 1. How many comparisons does
# one output cost, far away from the border,
#
# 1. if all cells of its window are compared,
# 2. if each row of the plane is pooled first with windows 9 wide, and then the columns of what came out, with
# windows 9 high,
# 3. if each of these two passes doubles the reach of its windows until it is 9?
#
# Return the three numbers, in this order. What two passes do for the outputs beside this one is not counted
# again: count what each pass does for one cell that it writes. *Worked example:* windows of 2 by 2 cost 3,
# then 1 + 1 = 2, then 1 + 1 = 2 again.


# %% answer="14.1"
def predict():
    """Return three numbers of comparisons: the whole window, two passes, doubling."""
    ### BEGIN SOLUTION
    return 80, 16, 8
    ### END SOLUTION


# %% check="14.1"

# %% [markdown]
# ## {14.2}
#
# Build max pooling of planes in two passes, and hand in what stands between them.
#
# - `x` has the axes n, c, h, w: images, channels, rows, columns; floats of any dtype.
# - `kernel_size`, `stride` and `padding` are pairs: first for the height, then for the width. The border
# never wins.
# - First pass: along each row, with the width's entries. Its output has the axes n, c, h, output width.
# - Second pass: along the columns of that, with the height's entries. Axes n, c, output height, output width.
# - Return both, the first pass's output and the second's, on the device and in the dtype of `x`. Do not call
# torch's own pooling.
#
# The first lines are given, and you need not use them. *Worked example:* the plane `[[1, 5, 2], [4, 3, 9]]`,
# kernel size `(2, 2)`, stride `(1, 1)` and padding `(0, 0)`: first `[[5, 5], [4, 9]]`, then `[[5, 9]]`.


# %% answer="14.2"
def max_pool2d_in_two_passes(x, kernel_size, stride, padding):
    """Max pool planes (n, c, h, w): return the output of the pass along the rows, and of both."""

    def along_rows(x, k, step, before):
        """Pool the last axis with windows of k cells."""
        ### BEGIN SOLUTION
        row = torch.nn.functional.pad(x, (before, before), value=-torch.inf)
        outputs = (row.shape[-1] - k) // step + 1
        return torch.stack([row[..., o * step : o * step + k].amax(dim=-1) for o in range(outputs)], dim=-1)
        ### END SOLUTION

    ### BEGIN SOLUTION
    rows = along_rows(x, kernel_size[1], stride[1], padding[1])
    return rows, along_rows(rows.transpose(2, 3), kernel_size[0], stride[0], padding[0]).transpose(2, 3)
    ### END SOLUTION


# %% check="14.2"

# %% [markdown]
# Does it pay? Time it against torch's own operator on your machine. Seconds are not graded: compare the two
# columns, and how they grow.

# %%
x = torch.rand(4, 16, 56, 56, generator=torch.Generator().manual_seed(14))
try:
    for k in (3, 7, 15, 31):
        start = time.perf_counter()
        theirs = torch.nn.functional.max_pool2d(x, k, 1, k // 2)
        between = time.perf_counter()
        ours = max_pool2d_in_two_passes(x, (k, k), (1, 1), (k // 2, k // 2))[1]
        end = time.perf_counter()
        assert torch.equal(theirs, ours)
        print(
            f"k = {k:2}: torch {1000 * (between - start):7.1f} ms, two passes "
            f"{1000 * (end - between):7.1f} ms"
        )
except NotImplementedError:
    print("max_pool2d_in_two_passes is not written yet.")

# %% [markdown]
# ## {14.3}
#
# Write the plan of a running maximum or sum, not the thing itself. Row 0 is the input. A step is three whole
# numbers `(a, b, shift)`: it makes the next row, whose cell t comes from cell t of row a and cell t + shift
# of row b. The first step makes row 1, the second row 2, and so on. In the end, cell t of the last row must
# hold the result over the k cells t, t + 1, ..., t + k - 1 of the input.
#
# - With `overlap=True` the operation is the maximum: a cell may take part twice.
# - With `overlap=False` it is the sum: each of the k cells takes part exactly once.
# - Few steps: for the maximum as few as can be. For the sum, at most the number of doublings plus one step
# for each further 1 among the binary digits of k. Seven is 111: two doublings and two more.
# - A window of one cell needs no step at all.
#
# Return the list of steps. Many plans are right. *Worked example:* k = 4: `[(0, 0, 1), (1, 1, 2)]`. Row 1
# covers 2 cells, and row 2 covers two windows of row 1 side by side. k = 3, sum: `[(0, 0, 1), (1, 0, 2)]`.


# %% answer="14.3"
def doubling_plan(k, overlap):
    """Return steps (row, row, shift) after which the last row's windows reach over k cells."""
    ### BEGIN SOLUTION
    steps, rows = [], [1]  # how many cells the windows of each row reach over
    while 2 * rows[-1] <= k:
        last = len(rows) - 1
        steps.append((last, last, rows[-1]))
        rows.append(2 * rows[-1])
    while rows[-1] < k:
        last = len(rows) - 1
        missing = k - rows[-1]
        if overlap:
            steps.append((last, last, missing))
            rows.append(k)
        else:
            other = max(row for row, reach in enumerate(rows) if reach <= missing)
            steps.append((last, other, rows[-1]))
            rows.append(rows[-1] + rows[other])
    return steps
    ### END SOLUTION


# %% check="14.3"

# %% [markdown]
# ## {14.4}
#
# Build the running maximum whose cost does not grow with the window.
#
# - `x` is one row of n floats, of any sign. `k` is from 1 to n.
# - Cut the row into blocks of k cells, from its start. The last block may be shorter.
# - `from_start`, n numbers: for each cell the largest from the start of its block up to it.
# - `to_end`, n numbers: for each cell the largest from it up to the end of its block.
# - `y`, n - k + 1 numbers: the largest of the k cells from t on, made of one number of each.
# - Return `from_start, to_end, y`. Each of them is judged.
#
# The first lines are given. *Worked example:* `x = [3, 1, 4, 1, 5]` and k = 2. The blocks are 3 1, 4 1 and 5.
# `from_start` is `[3, 3, 4, 4, 5]`, `to_end` is `[3, 1, 4, 1, 5]`, and `y` is `[3, 4, 4, 5]`.


# %% answer="14.4"
def meet_in_the_middle(x, k):
    """Running maxima of a row: from the start of each block, to its end, and over windows of k."""
    n = len(x)
    from_start, to_end = np.empty(n), np.empty(n)
    ### BEGIN SOLUTION
    for t in range(n):
        from_start[t] = x[t] if t % k == 0 else max(from_start[t - 1], x[t])
    for t in reversed(range(n)):
        to_end[t] = x[t] if t % k == k - 1 or t == n - 1 else max(to_end[t + 1], x[t])
    y = np.maximum(to_end[: n - k + 1], from_start[k - 1 :])
    return from_start, to_end, y
    ### END SOLUTION


# %% check="14.4"

# %% [markdown]
# ## {14.5}
#
# Count. `planes` planes of h rows and w columns are pooled with windows of k by k at stride 1, without
# padding. One number takes `itemsize` bytes. What does a method need?
#
# - `"window"`: each output compares all cells of its window. Nothing is kept: each output reads k * k numbers
# and writes one.
# - `"passes"`: the rows first, then the columns, each output of a pass from k numbers. Each pass reads every
# number of its input once and writes every number of its output once.
# - `"indices"`: compares like `"window"`, but reads every number of the input once, and writes for each
# output its value and an index of 8 bytes. So do torch's operators.
# - `"floor"`: reads every number of the input once, writes every output once, and compares nothing. No
# method can move less.
#
# Return the pair (comparisons, bytes), both for all planes together. *Worked example:* one plane of 3 rows
# and 4 columns, k = 2, 4 bytes each. There are 2 * 3 = 6 outputs, and 3 * 3 = 9 numbers between the passes.
# `"passes"`: 9 + 6 = 15 comparisons, and 12 + 9 + 9 + 6 = 36 numbers, 144 bytes.


# %% answer="14.5"
def cost(method, planes, h, w, k, itemsize):
    """Return the pair (comparisons, bytes moved) of a method on planes of h by w, windows of k by k."""
    ### BEGIN SOLUTION
    outputs = (h - k + 1) * (w - k + 1)
    rows = h * (w - k + 1)
    if method == "window":
        compared, moved = outputs * (k * k - 1), (outputs * k * k + outputs) * itemsize
    elif method == "passes":
        compared, moved = (rows + outputs) * (k - 1), (h * w + 2 * rows + outputs) * itemsize
    elif method == "indices":
        compared, moved = outputs * (k * k - 1), (h * w + outputs) * itemsize + 8 * outputs
    else:
        compared, moved = 0, (h * w + outputs) * itemsize
    return planes * compared, planes * moved
    ### END SOLUTION


# %% check="14.5"

# %% [markdown]
# ## {14.6}
#
# Now the rule comes as arguments, and the check makes up new ones. Being right counts here, not the number of
# steps.
#
# - `x` is one row of n floats. They are whole numbers, for `"gcd"` above 0.
# - Output t, one for each of the n cells, looks at the k taps t, t + dilation, t + 2 * dilation, and so on.
# - `operation` is `"max"`, `"min"`, `"sum"` or `"gcd"`, the greatest common divisor.
# - `border` says what happens to taps behind the last cell: `"skip"` leaves them out, `"wrap"` goes on at the
# start of the row, as on a ring, `"edge"` takes the last cell for each of them.
#
# Return a row of n floats. *Worked example:* `x = [6, 4, 9]`, k = 2, dilation 1, `"sum"`: `"skip"` gives
# `[10, 13, 9]`, `"wrap"` gives `[10, 13, 15]`, `"edge"` gives `[10, 13, 18]`.


# %% answer="14.6"
def running(x, k, dilation, operation, border):
    """Combine k taps from each cell of a row on, by a rule that the arguments give."""
    ### BEGIN SOLUTION
    reduce = {
        "max": np.max,
        "min": np.min,
        "sum": np.sum,
        "gcd": lambda seen: np.gcd.reduce(seen.astype(int)),
    }
    n = len(x)
    y = np.empty(n)
    for t in range(n):
        taps = t + dilation * np.arange(k)
        if border == "wrap":
            seen = x[taps % n]
        elif border == "edge":
            seen = x[np.minimum(taps, n - 1)]
        else:
            seen = x[taps[taps < n]]
        y[t] = reduce[operation](seen)
    return y
    ### END SOLUTION


# %% check="14.6"

# %% [markdown]
# ## Before you go
#
# Have you a GPU? The next cell runs your two passes there and compares. Without one it says so.

# %%
if not torch.cuda.is_available():
    print("No GPU here.")
else:
    try:
        here, there = (
            max_pool2d_in_two_passes(x.to(place), (7, 7), (1, 1), (3, 3))[1] for place in ("cpu", "cuda")
        )
        print("The same on both:", torch.equal(here, there.cpu()))
    except NotImplementedError:
        print("max_pool2d_in_two_passes is not written yet.")

# %%
progress()
