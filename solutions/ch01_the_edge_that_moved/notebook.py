# ---
# title: The edge that moved
# minutes: 80
# ---

# %% [markdown]
# # Exercise 1: The edge that moved
#
# You find an edge with a filter, move the image, and look at what max pooling makes of it. First you predict.
# Then you build the two tools, a correlation and a search over all moves. In the end you replace the search
# by a rule that pools nothing at all.
#
# **After this notebook you can**
#
# - correlate an image with any filter, and say what the sign of a response means,
# - build a map that a pooling tolerates under a given move, and one that it does not,
# - test a claim about tolerance by trying every move, with the border's rule stated,
# - say from a window's place alone which moves change nothing.
#
# **Time:** about {minutes} minutes. **Points:** {points}. **Builds on:** chapter 1, *The edge that moved*.
#
# {questions}
#
# Each answer has a check below it. Run it as often as you like: it costs nothing, gives partial credit, and
# tells you what it sees. Stuck? `hint("1.2")` gives three hints, one at a time. `solution("1.2")` shows an
# answer once yours is right, or when you give up: `solution("1.2", give_up=True)`. `progress()` adds up
# your points.
#
# Run this cell first.

# %% setup
import numpy as np

from poolgrader.check import check, hint, progress, solution

# %% [markdown]
# ## {1.1}
#
# Do this one on paper. The row of an image is `[0, 0, 1, 1, 1, 0, 0]`: a bright bar on a dark ground. The
# edge filter gives `x[j] - x[j + 1]` for each pair of neighbours. Max pooling has `k = 2` and `s = 2`,
# without padding.
#
# Return four rows, in this order, as lists:
#
# 1. the response of the filter,
# 2. the response pooled,
# 3. the response pooled, after the image has moved one pixel to the right (a 0 comes in on the left),
# 4. the response pooled, after the image has moved one pixel to the left instead (a 0 comes in on the right).
#
# *Worked example:* the row `[0, 1, 1, 0, 0]` has the response `[-1, 0, 1, 0]`. Its pairs are `-1, 0` and
# `1, 0`, so the pooled row is `[0, 1]`.


# %% answer="1.1"
def predict():
    """Return the response, and the pooled response as it is, moved right, and moved left."""
    ### BEGIN SOLUTION
    return [0, -1, 0, 0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 1, 0]
    ### END SOLUTION


# %% check="1.1"

# %% [markdown]
# ## {1.2}
#
# Build the tool that finds edges, for any filter.
#
# - `x` is one plane: h rows, w columns; floats, integers, or the raw pixels of a photograph (`uint8`).
# - `kernel` is the filter: kh rows, kw columns of weights.
# - Return a plane of floats with h - kh + 1 rows and w - kw + 1 columns: one response for each position at
# which all of the filter lies on the plane.
# - A response is the sum of weight times cell. The filter is not flipped. Leave `x` as it is.
#
# *Worked example:* `x = [[5, 2, 4]]` and `kernel = [[1, -1]]` give two positions: 1 * 5 - 1 * 2 = 3, then
# 1 * 2 - 1 * 4 = -2, so the response is `[[3, -2]]`. Those are the edges: a fall of 3, then a rise of 2.
#
# The size of the output is given. Write the loops. The cells under the filter at position `(i, j)` are the
# window that you cut in 0.2, with stride 1.


# %% answer="1.2"
def correlate(x, kernel):
    """Correlate a plane (h, w) with a filter (kh, kw), without padding."""
    kh, kw = kernel.shape
    height = x.shape[0] - kh + 1
    width = x.shape[1] - kw + 1
    ### BEGIN SOLUTION
    y = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            total = 0.0
            for u in range(kh):
                for v in range(kw):
                    total += kernel[u, v] * x[i + u, j + v]
            y[i, j] = total
    return y
    ### END SOLUTION


# %% check="1.2"

# %% [markdown]
# ### Your filter on a photograph
#
# Run the next cell once 1.2 is right. It shows 16 coins, and your responses to two filters. White means that
# the image falls there, black that it rises. Which of the two filters finds the left and right sides of the
# coins, and which side is white?

# %%
from skimage import data

from poolkit import figures

coins = data.coins()[20:150:2, 20:380:2] / 255.0
try:
    sides = correlate(coins, np.array([[1.0, -1.0]]))
    tops = correlate(coins, np.array([[1.0], [-1.0]]))
except NotImplementedError:  # before you have answered 1.2
    sides = tops = np.zeros_like(coins)
figures.photographs(
    {"input": (coins - 0.5) / 2, "[[1, -1]]": sides, "[[1], [-1]]": tops},
    span=(-0.25, 0.25),
    side=110,
    alt=(
        "Two rows of coins on a dark ground. The first filter draws their left and right sides, the second "
        "their tops and bottoms."
    ),
)

# %% [markdown]
# ## {1.3}
#
# A claim falls with one counter-example, and it takes an example to see what is true of it. Build both.
#
# - `kernel_size` is k: windows of k by k, side by side (stride k), at least 2.
# - `step` is a pair of -1, 0 or 1: by how many rows (down) and columns (right) the map moves. Zeros come in.
# They are never both 0.
# - Return two maps, `tolerated` and `broken`: arrays with rows and columns that are multiples of k, finite
# numbers, at most 4,096 of them.
# - `tolerated`: max pooling gives the same output before and after the move. The output must not be the
# same number everywhere: there must be something to find.
# - `broken`: every single output changes with the move.
#
# *Worked example:* `kernel_size=2` and `step=(0, 1)`. The row `1 0 0 0` pools to `1 0`, and after a move to
# the right, `0 1 0 0`, again to `1 0`. It is tolerated. The row `0 1 0 2` pools to `1 2`; moved, `0 0 1 0`
# pools to `0 1`: both outputs have changed. It is broken.
#
# The frame is given: both maps start as zeros, with two windows along each axis. Say where the pixels go.


# %% answer="1.3"
def two_maps(kernel_size, step):
    """Return a map that this move leaves alone under max pooling, and one that it changes everywhere."""
    k = kernel_size
    tolerated = np.zeros((2 * k, 2 * k))
    broken = np.zeros((2 * k, 2 * k))
    ### BEGIN SOLUTION
    stays = [0 if d >= 0 else k - 1 for d in step]
    leaves = [k - 1 if d >= 0 else 0 for d in step]
    tolerated[stays[0], stays[1]] = 1
    broken[leaves[0] :: k, leaves[1] :: k] = [[1, 2], [3, 4]]
    return tolerated, broken
    ### END SOLUTION


# %% check="1.3"

# %% [markdown]
# ## {1.4}
#
# Two examples are not a measurement. Now try every move. The rule comes as arguments, and the check makes up
# new maps.
#
# - `x` is a map: h rows, w columns, floats; h and w are multiples of k.
# - `kernel_size` is k: windows of k by k, side by side.
# - `operation` says what becomes of a window: its `"max"`, its `"min"` or its `"sum"`.
# - `border` says what comes in from outside when the map moves: `"zero"` zeros; `"edge"` the nearest cell of
# the map; `"wrap"` the map again from its other side.
# - Return a table of 3 by 3 whole numbers. Entry `[dr + 1, dc + 1]` belongs to the move by `dr` rows (down)
# and `dc` columns (right), each -1, 0 or 1. It says how many outputs are exactly as before.
#
# *Worked example:* `x = [[3, 0, 0, 0], [0, 0, 0, 5]]`, `k = 2`, max, zeros come in. The output is `[3, 5]`.
# Moved right, `x` is `[[0, 3, 0, 0], [0, 0, 0, 0]]` and its output `[3, 0]`: one of two is as before, so
# entry `[1, 2]` is 1. In the middle, `[1, 1]`, stands 2: nothing has moved.
#
# This one is all yours. Three small functions make it easy: move, pool, compare.


# %% answer="1.4"
def shift_search(x, kernel_size, operation, border):
    """Count the pooled outputs that stay the same, for each of the nine moves by at most one pixel."""
    ### BEGIN SOLUTION
    k = kernel_size
    combine = {"max": np.max, "min": np.min, "sum": np.sum}[operation]
    h, w = x.shape

    def pool(plane):
        rows, columns = plane.shape[0] // k, plane.shape[1] // k
        return combine(plane.reshape(rows, k, columns, k), axis=(1, 3))

    def moved(dr, dc):
        y = np.zeros((h, w))
        for i in range(h):
            for j in range(w):
                row, column = i - dr, j - dc
                if border == "edge":
                    row, column = min(max(row, 0), h - 1), min(max(column, 0), w - 1)
                elif border == "wrap":
                    row, column = row % h, column % w
                if 0 <= row < h and 0 <= column < w:
                    y[i, j] = x[row, column]
        return y

    counts = np.zeros((3, 3), dtype=int)
    for dr in (-1, 0, 1):
        for dc in (-1, 0, 1):
            counts[dr + 1, dc + 1] = np.sum(pool(moved(dr, dc)) == pool(x))
    return counts
    ### END SOLUTION


# %% check="1.4"

# %% [markdown]
# ### Your search on random maps
#
# Run the next cell once 1.4 is right. It puts one bright pixel at random into maps of 12 by 12 and searches,
# for windows of 2 and of 3. The numbers are shares of moves that change nothing at all. What does the larger
# window gain, and what does it cost?

# %%
rng = np.random.default_rng(1)
try:
    for k in (2, 3):
        table = np.zeros((3, 3))
        for _ in range(100):
            x = np.zeros((12, 12))
            x[tuple(rng.integers(3, 9, 2))] = 1.0
            table += shift_search(x, k, "max", "zero") == (12 // k) ** 2
        print(f"k = {k}\n{table / 100}")
except NotImplementedError:
    print("answer 1.4 first")

# %% [markdown]
# ## {1.5}
#
# In 1.1 you predicted, in 1.4 you measured. Here you reconcile the two: a rule that says beforehand what the
# search would find, and pools nothing.
#
# - A row of `length` cells holds one 1, at `position` (counted from 0), and zeros elsewhere.
# - It is max-pooled with `kernel_size` and `stride`, without padding. A window that does not fit whole does
#   not count. The stride may be smaller than the kernel, equal, or larger.
# - Return the list of all other places, in rising order, where the 1 could stand and the output would be
# exactly the same. The 1 may go as far as it likes.
#
# *Worked example:* position 2, kernel 2, stride 2, length 6. The windows start at 0, 2 and 4. The 1 stands in
# the second one, which also sees place 3, and no other window sees 2 or 3: the answer is `[3]`.
#
# The check holds your rule against pooling. If they disagree, one of your pictures is wrong: draw the
# windows.


# %% answer="1.5"
def harmless(position, kernel_size, stride, length):
    """Return the other places of one active pixel that give the same max-pooled row."""

    ### BEGIN SOLUTION
    def windows(place):
        starts = range(0, length - kernel_size + 1, stride)
        return [start for start in starts if start <= place < start + kernel_size]

    return [q for q in range(length) if q != position and windows(q) == windows(position)]
    ### END SOLUTION


# %% check="1.5"

# %% [markdown]
# ## Before you go
#
# Look at your prediction in 1.1 again, and at the rule in 1.5. Say in one sentence, for somebody who has not
# read the chapter, what max pooling of 2 tolerates. Does your sentence contain the word "half"?

# %%
progress()
