# ---
# title: Regions and sets
# minutes: 90
# ---

# %% [markdown]
# # Exercise 13: Regions and sets
#
# So far a window slid over a grid. Now the grid goes: you pool boxes whose corners lie between the cells,
# then items that have no order, and the neighbours in a graph. You build each, and you write the tests that
# tell a right one from a wrong one.
#
# **After this notebook you can**
#
# - pool a box without rounding any of its corners,
# - pool a set with learned weights, and leave its padding out of everything,
# - show what a sum, a mean and a maximum cannot tell apart,
# - write a test that catches whatever depends on the order of a set,
# - pool over the neighbours in a graph, by a rule that you were not shown.
#
# **Time:** about {minutes} minutes. **Points:** {points}. **Builds on:** chapter 13, *Regions and sets*.
#
# {questions}
#
# Each answer has a check below it. Run it as often as you like: it costs nothing, gives partial credit, and
# tells you what it sees. Stuck? `hint("13.2")` gives three hints, one at a time. `solution("13.2")` shows an
# answer once yours is right, or when you give up: `solution("13.2", give_up=True)`. `progress()` adds up
# your points.
#
# Run this cell first.

# %% setup
import numpy as np
import torch

from poolgrader.check import check, hint, progress, solution

# %% [markdown]
# ## {13.1}
#
# Do this one on paper.
#
# 1. A spatial pyramid has the levels 1, 2 and 4. How many numbers does it give for an image of 4 channels, 9
# rows and 13 columns?
# 2. ROI pooling takes the greatest of each bin. The row `[9, 8, 7, 6, 5, 4, 3, 2, 1, 0]` has its cells at 0
#   to
# 9. A box reaches from 1.6 to 5.4 along it, and is pooled into 2 bins. Which two numbers come out?
# 3. Three items `[3, 7, 26]` have the scores 0, log 3 and 0. The mask says that the third one is not there.
# What does attention pooling give?
#
# Return the number, the list of two numbers, and the number, in this order. *Worked example:* levels 1 and 2
# on one channel give 5. A box from 6.7 to 8.2 in one bin gives 2. Items `[2, 8]` with the scores 0 and 0 give
# 5.


# %% answer="13.1"
def predict():
    """Return the pyramid's length, the list of two pooled numbers, the pooled item."""
    ### BEGIN SOLUTION
    return 84, [7, 5], 6
    ### END SOLUTION


# %% check="13.1"

# %% [markdown]
# ## {13.2}
#
# Build ROIAlign for one plane.
#
# - `x` is one plane: h rows, w columns, floats. The cell in row i and column j covers the square from i to i
#   + 1 and from j to j + 1, so its centre is at (i + 0.5, j + 0.5).
# - `box` holds four floats: left, top, right, bottom. Left and right count columns, top and bottom count
#   rows.
# - `outputs` is a pair: rows and columns of bins. All bins of the box are alike.
# - `samples` is a whole number s: each bin is cut into s by s equal parts, with a sample in the middle of
#   each.
# - A sample mixes the four cells whose centres are around it: first along the row, then down the column, each
# with the fraction of the way as its weight. A sample beyond the outermost centres reads the nearest point
# among them: above the first row of centres, it reads the first row.
# - `operation` is `"mean"` or `"max"`: what becomes of the samples of a bin.
# - Return a plane of `outputs` rows and columns, in float64.
#
# The frame is given, and you need not use it. *Worked example:* `x = [[0, 10, 20, 30]]`, box `(1, 0, 2.5,
# 1)`, outputs `(1, 1)`. One sample stands at column 1.75, which is a quarter of the way from the centre of
# cell 1 to that of cell 2: 12.5. On such a ramp any number of samples has this mean. With 2 by 2 samples and
# `"max"` it is 16.25.


# %% answer="13.2"
def roi_align_plane(x, box, outputs, samples, operation):
    """Pool a box of a plane (h, w) into outputs (rows, columns), from s by s samples in each bin."""
    left, top, right, bottom = box
    rows, columns = outputs
    h, w = x.shape
    y = np.empty(outputs)

    def read(row, column):
        """Mix the four cells around a point."""
        ### BEGIN SOLUTION
        i, j = min(max(row - 0.5, 0.0), h - 1.0), min(max(column - 0.5, 0.0), w - 1.0)
        i0, j0 = int(i), int(j)
        i1, j1 = min(i0 + 1, h - 1), min(j0 + 1, w - 1)
        b, a = i - i0, j - j0
        upper = (1 - a) * x[i0, j0] + a * x[i0, j1]
        lower = (1 - a) * x[i1, j0] + a * x[i1, j1]
        return (1 - b) * upper + b * lower
        ### END SOLUTION

    ### BEGIN SOLUTION
    height, width = (bottom - top) / rows, (right - left) / columns
    for o in range(rows):
        for e in range(columns):
            seen = []
            for p in range(samples):
                for q in range(samples):
                    row = top + (o + (p + 0.5) / samples) * height
                    seen.append(read(row, left + (e + (q + 0.5) / samples) * width))
            y[o, e] = np.mean(seen) if operation == "mean" else np.max(seen)
    return y
    ### END SOLUTION


# %% check="13.2"

# %% [markdown]
# Does it move as the box moves? On a ramp that rises by 1 from column to column, the answer should grow by
# exactly as much as the box moves.

# %%
ramp = np.broadcast_to(np.arange(12.0), (6, 12))
try:
    for move in (0, 0.1, 0.25, 0.5, 0.9):
        y = roi_align_plane(ramp, (2 + move, 1, 6 + move, 4), (1, 1), 2, "mean")
        print(f"box moved by {move:4}: {y.item():.2f}")
except NotImplementedError:
    print("roi_align_plane is not written yet.")

# %% [markdown]
# ## {13.3}
#
# Pool each set of a batch to one item, by weights that are computed from the items themselves.
#
# - `x` has the axes n, length, f: sets, places, features; float32.
# - `mask` has the axes n, length and the dtype bool. True: an item. False: padding, anywhere in the row.
# - `v` has the axes hidden, f, and `w` has hidden numbers. The score of an item is `w · tanh(v item)`: one
# product with `v`, a tanh, one product with `w`.
# - The weights of a set are the softmax of its items' scores: exponentials, divided by their sum. Padding has
# weight 0. Scores may be some hundred.
# - What stands in the padding may be anything, NaN included, and must not matter.
# - A set without a single item gives zeros, for its weights too.
# - Return the pair `(pooled, weights)`: axes n, f, and axes n, length.
#
# *Worked example:* one feature, hidden 1, items `[[0], [1], [5]]` with the mask `[True, True, False]`, `v =
# [[1]]`, `w = [2]`. The scores are 0 and 2 tanh(1), about 1.523. The weights are about 0.179, 0.821 and 0;
# pooled 0.821.


# %% answer="13.3"
def attention(x, mask, v, w):
    """Pool sets (n, length, f) by the softmax of learned scores: return (n, f) and the weights (n,
    length).
    """
    ### BEGIN SOLUTION
    items = torch.where(mask[:, :, None], x, 0.0)
    scores = torch.tanh(items @ v.T) @ w
    scores = torch.where(mask, scores, torch.finfo(x.dtype).min)
    weights = torch.softmax(scores, dim=1) * mask
    return (weights[:, :, None] * items).sum(dim=1), weights
    ### END SOLUTION


# %% check="13.3"

# %% [markdown]
# Does the order matter? Shuffle the items and look: the pooled item must stay, and each weight must go with
# its item.

# %%
seed = torch.Generator().manual_seed(13)
x, v = torch.rand(1, 5, 2, generator=seed), torch.rand(3, 2, generator=seed)
w, there, order = (
    torch.tensor([4.0, -2, 1]),
    torch.ones(1, 5, dtype=torch.bool),
    torch.tensor([3, 0, 4, 1, 2]),
)
try:
    pooled, weights = attention(x, there, v, w)
    moved, moved_weights = attention(x[:, order], there, v, w)
    print("pooled stays:", torch.allclose(pooled, moved, atol=1e-6))
    print("weights go along:", torch.allclose(weights[:, order], moved_weights, atol=1e-6))
except NotImplementedError:
    print("attention is not written yet.")

# %% [markdown]
# ## {13.4}
#
# Whoever pools a set forgets something. Find out what: write four pairs of sets. The two sets of a pair hold
# different numbers. A set may hold a number several times, and its order means nothing.
#
# 1. The sum cannot tell them apart; the mean and the maximum can.
# 2. The mean cannot; the sum and the maximum can.
# 3. The maximum cannot; the sum and the mean can.
# 4. None of the three can.
#
# A set is a list of 1 to 8 whole numbers from -99 to 99. Return the four pairs in this order. Many are right.
# *Worked example:* `([1, 3], [2, 2])` is right for none of them: both the sum and the mean agree, the maximum
# differs.


# %% answer="13.4"
def twins():
    """Return four pairs of sets that the sum, the mean, the maximum, and all of them cannot tell apart."""
    ### BEGIN SOLUTION
    return ([1, 5], [6]), ([2], [1, 3]), ([4, 1], [4]), ([1, 2, 3], [0, 3, 3])
    ### END SOLUTION


# %% check="13.4"

# %% [markdown]
# ## {13.5}
#
# Eight aggregations claim that they do not depend on the order of a set. All of them do. Write one test that
# catches them: a list of items, and a new order. An aggregation is caught if it gives something else for
# `[items[place] for place in order]` than for `items`.
#
# - Two of them look at one place only, the first or the last.
# - Two weight the items by their places.
# - Two add up products of neighbours, one of them on a ring, where the last item is beside the first.
# - Two look at the first half and the second half, and only at what each holds.
#
# Return the pair `(items, order)`: 4 to 12 whole numbers from -999 to 999, and the places 0, 1, 2, ... in
# another order, each once. *Worked example:* `([1, 2, 3, 4], [1, 0, 2, 3])` catches whoever looks at the
# first item, and not whoever looks at the last.


# %% answer="13.5"
def order_test():
    """Return items and an order of their places that catch aggregations which depend on the order."""
    ### BEGIN SOLUTION
    items = [3, 8, 1, 5, 9, 2]
    order = [4, 0, 5, 2, 1, 3]
    return items, order
    ### END SOLUTION


# %% check="13.5"

# %% [markdown]
# ## {13.6}
#
# In a graph each node pools over its neighbours. Here the rule comes as arguments, and the check makes up new
# ones.
#
# - `x` has the axes nodes, features; floats. `edges` has the axes edges, 2; whole numbers: each row is an
#   edge from its first node to its second. No edge leads from a node to itself.
# - `direction` says at whom node t looks: `"in"`, at the nodes from which an edge leads to t; `"out"`, at the
# nodes to which an edge leads from t; `"both"`, at both.
# - An edge that stands twice counts twice.
# - With `itself` True, node t looks at itself as well, once.
# - `operation` is `"sum"`, `"mean"`, `"max"` or `"min"`, for each feature on its own.
# - A node that looks at nobody gets the number `empty` for each feature.
#
# Return an array like `x`. *Worked example:* `x = [[1], [2], [4]]`, edges `[[0, 1], [2, 1]]`, `"sum"`, not
# itself, `"in"`, empty -1: `[[-1], [5], [-1]]`. With `"out"` it is `[[2], [-1], [2]]`, with itself `[[3],
# [2], [6]]`.


# %% answer="13.6"
def pool_neighbours(x, edges, operation, itself, direction, empty):
    """Combine the rows of each node's neighbours, by a rule that the arguments give."""
    ### BEGIN SOLUTION
    reduce = {"sum": np.sum, "mean": np.mean, "max": np.max, "min": np.min}
    y = np.full(x.shape, float(empty))
    for t in range(len(x)):
        seen = []
        if direction in ("in", "both"):
            seen += [source for source, target in edges if target == t]
        if direction in ("out", "both"):
            seen += [target for source, target in edges if source == t]
        if itself:
            seen.append(t)
        if seen:
            y[t] = reduce[operation](x[seen], axis=0)
    return y
    ### END SOLUTION


# %% check="13.6"

# %% [markdown]
# ## Before you go
#
# A graph has no first node. Give its nodes other numbers, and its edges with them: the output must be the
# same rows in the new order. Does yours pass?

# %%
rng = np.random.default_rng(13)
x, edges = rng.integers(0, 9, (4, 1)) * 1.0, np.array([[0, 1], [1, 2], [3, 1], [2, 0]])
named = rng.permutation(4)  # node t is called named[t] now
moved = np.empty_like(x)
moved[named] = x
try:
    before = pool_neighbours(x, edges, "mean", True, "in", 0)
    after = pool_neighbours(moved, named[edges], "mean", True, "in", 0)
    print("The same rows in the new order:", np.allclose(after[named], before))
except NotImplementedError:
    print("pool_neighbours is not written yet.")

# %%
progress()
