# ---
# title: Global and adaptive pooling
# minutes: 90
# ---

# %% [markdown]
# # Exercise 7: Global and adaptive pooling
#
# So far you chose the window, and the size of the output followed. Now you choose the size of the output,
# and the windows follow. You build the bins, take them to their extreme, a single one, and look at what a
# network sees. Then you pool sentences instead of planes.
#
# **After this notebook you can**
#
# - say where the bins of an adaptive pooling start and end, and which cells they share,
# - build adaptive average pooling, and choose sizes for a wanted set of bins,
# - build the end of a modern network, and the maps whose mean is its answer,
# - pool sequences of different lengths without their padding,
# - pool by bins whose rule you receive as arguments.
#
# **Time:** about {minutes} minutes. **Points:** {points}. **Builds on:** chapter 7, *Global and adaptive
# pooling*.
#
# {questions}
#
# Each answer has a check below it. Run it as often as you like: it costs nothing, gives partial credit, and
# tells you what it sees. Stuck? `hint("7.2")` gives three hints, one at a time. `solution("7.2")` shows an
# answer once yours is right, or when you give up: `solution("7.2", give_up=True)`. `progress()` adds up
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
# ## {7.1}
#
# Do this one on paper. What does adaptive average pooling give for
#
# 1. the row `[3, 0, 6, 9, 0, 3, 6]` and 3 bins,
# 2. the row `[8, 4, 2, 6]` and 3 bins,
# 3. the row `[5, 7]` and 4 bins?
#
# Return the three rows, in this order, as lists. *Worked example:* the row `[0, 1, 2, 3, 4]` and 3 bins. The
# bins hold cells 0 and 1, cells 1 to 3, cells 3 and 4, so the answer is `[0.5, 2, 3.5]`.


# %% answer="7.1"
def predict():
    """Return the three rows of adaptive averages."""
    ### BEGIN SOLUTION
    return [3, 5, 3], [6, 3, 4], [5, 5, 7, 7]
    ### END SOLUTION


# %% check="7.1"

# %% [markdown]
# ## {7.2}
#
# Build adaptive average pooling of one plane.
#
# - `x` is one plane: h rows, w columns, floats.
# - `outputs` is a pair: how many rows and how many columns of bins there are.
# - Along an axis of n cells, bin o of m starts at o * n / m, rounded down, and ends before (o + 1) * n / m,
# rounded up. Bins may overlap, and there may be more bins than cells.
# - Return a plane of that many rows and columns, in float64.
#
# *Worked example:* `x = [[0, 1, 2, 3, 4]]` and outputs `(1, 3)` give `[[0.5, 2, 3.5]]`. Outputs `(1, 1)`
# give the mean of the plane, `[[2]]`.


# %% answer="7.2"
def adaptive_avg_pool_plane(x, outputs):
    """Average pool one plane (h, w) to the given number of rows and columns."""
    ### BEGIN SOLUTION
    h, w = x.shape
    rows, columns = outputs
    y = np.empty((rows, columns))
    for i in range(rows):
        top = i * h // rows
        bottom = -(-(i + 1) * h // rows)
        for j in range(columns):
            left = j * w // columns
            right = -(-(j + 1) * w // columns)
            y[i, j] = x[top:bottom, left:right].mean()
    return y
    ### END SOLUTION


# %% check="7.2"

# %% [markdown]
# ## {7.3}
#
# For a row, two numbers decide everything: how many cells it has, and how many bins. Find one pair (cells,
# bins) for each wish. Both numbers are from 2 to 64. Many pairs are right.
#
# 1. Fewer bins than cells; neighbouring bins share a cell; and yet all bins have one length and one step. It
# is a sliding window in disguise.
# 2. More cells than bins, at least four bins, and not all bins have the same length.
# 3. More bins than cells, and every bin holds one cell only, so that the row is stretched and nothing is
# mixed.
#
# Return the three pairs in this order. *Worked example:* 6 cells in 3 bins is right for none of them: there
# are fewer bins than cells, but they share nothing and are all alike.


# %% answer="7.3"
def choose_sizes():
    """Return three pairs (cells, bins): a disguised sliding window, unequal bins, a stretched row."""
    ### BEGIN SOLUTION
    return (4, 3), (7, 4), (2, 6)
    ### END SOLUTION


# %% check="7.3"

# %% [markdown]
# ## {7.4}
#
# A modern network ends with global average pooling and one linear layer. Build that end, and with it the
# class activation maps: for each class, what every position of the image says about it.
#
# - `features` has the axes n, c, h, w: images, channels, rows, columns.
# - `weight` has the axes k, c: one row for each class. `bias` has one number for each class.
# - Logits: the mean of each channel over all of its positions, then the linear layer. Axes n, k.
# - Maps: the same linear layer, bias included, at each position. Axes n, k, h, w. The mean of each map over
# its positions is the logit of that class and image.
# - Return the pair `(logits, maps)`, in the dtype and on the device of `features`. Do not call torch's own
# pooling.
#
# *Worked example:* one channel `[[1, 3]]`, weight `[[2]]`, bias `[1]`. The mean is 2, so the logit is 5. The
# map is `[[3, 7]]`, and its mean is 5 as well.


# %% answer="7.4"
def logits_and_maps(features, weight, bias):
    """Logits (n, k) by global average pooling, and class activation maps (n, k, h, w)."""
    ### BEGIN SOLUTION
    pooled = features.mean(dim=(2, 3))
    logits = pooled @ weight.T + bias
    maps = torch.einsum("kc,nchw->nkhw", weight, features) + bias[:, None, None]
    return logits, maps
    ### END SOLUTION


# %% check="7.4"

# %% [markdown]
# Look at such a map. Here are a photograph and three plain features of it: how red it is, how blue it is,
# and how much each pixel differs from the one above. A "class" that likes red and dislikes blue gets a map;
# the brightest places are what speaks for it.

# %%
photo = torch.tensor(data.astronaut()[:, 40:440].copy()).permute(2, 0, 1)[None] / 255
red, green, blue = photo[0]
features = torch.stack([red, blue, (red - red.roll(1, 0)).abs()])[None]
weight, bias = torch.tensor([[3.0, -3.0, 0.0]]), torch.tensor([0.0])
shown = {"photograph": photo.mean(dim=1)[0].numpy()}
try:
    logits, maps = logits_and_maps(features, weight, bias)
    print(f"logit {logits.item():.3f}, mean of the map {maps.mean().item():.3f}")
    shown["map"] = maps[0, 0].numpy() / 4.4 + 0.5
except NotImplementedError:
    print("logits_and_maps is not written yet.")
figures.photographs(shown, alt="An astronaut in an orange suit, and where the picture is red and not blue.")

# %% [markdown]
# ## {7.5}
#
# Sentences have different lengths. In a batch the shorter ones are filled up with padding, and a mask says
# which places hold a token. Pool each sequence to one vector.
#
# - `x` has the axes n, length, f: sequences, places, features; float32.
# - `mask` has the axes n, length and the dtype bool. True: a token. False: padding. The padding may stand
# after the tokens or before them; the tokens stand together.
# - `how` is `"mean"`, the mean of the tokens; `"first"`, the first token, as networks with a special first
# token do it; or `"last"`, the last token, as networks that read from left to right do it.
# - What stands in the padding may be anything, NaN included, and must not matter.
# - A sequence without a single token gives zeros.
# - Return a new tensor with the axes n, f: a copy of the tokens, no view of `x`.
#
# The first line of the answer is given. *Worked example:* one sequence of places `[[1], [3], [9]]` with the
# mask `[True, True, False]`: mean `[2]`, first `[1]`, last `[3]`.


# %% answer="7.5"
def pool_sequence(x, mask, how):
    """Pool each sequence (length, f) of a batch to one vector (f), its padding left out."""
    n, length, _ = x.shape
    ### BEGIN SOLUTION
    real = torch.where(mask[:, :, None], x, 0.0)
    count = mask.sum(dim=1)
    if how == "mean":
        return real.sum(dim=1) / count.clamp(min=1)[:, None]
    places = torch.arange(length, device=x.device)
    if how == "first":
        place = torch.where(mask, places, length - 1).amin(dim=1)
    else:
        place = torch.where(mask, places, 0).amax(dim=1)
    return real[torch.arange(n, device=x.device), place]
    ### END SOLUTION


# %% check="7.5"

# %% [markdown]
# ## {7.6}
#
# Frameworks agree on adaptive bins. They need not have. Here the rule comes as arguments, and the check makes
# up new ones.
#
# - `x` has the axes c, n: channels, cells. Each channel is pooled on its own.
# - `outputs` is the number m of bins.
# - Bin o goes from o * n / m to (o + 1) * n / m. `first` says how the start is made whole, `last` how the end
# is: `"floor"` down, `"ceil"` up, `"nearest"` to the nearest whole number, where one half goes up. The cell
# at the end is not included.
# - Then each bin reaches `reach` cells further on both sides, as far as the row goes.
# - `operation` is `"mean"`, `"max"`, `"sum"` or `"spread"`, the greatest minus the smallest.
# - A bin that holds no cell gives the number `empty`.
#
# Return an array with the axes c, m, in float64. *Worked example:* `x = [[1, 2, 6]]`, two bins. The second
# goes from 1.5 to 3. With `first="floor"`, `last="ceil"`, reach 0 it holds 2 and 6: mean 4, spread 4. With
# `first="nearest"` it holds the 6 alone.


# %% answer="7.6"
def pool_by_bins(x, outputs, first, last, reach, operation, empty):
    """Pool rows (c, n) by bins whose rule the arguments give."""
    ### BEGIN SOLUTION
    rounded = {"floor": np.floor, "ceil": np.ceil, "nearest": lambda value: np.floor(value + 0.5)}
    combine = {"mean": np.mean, "max": np.max, "sum": np.sum, "spread": np.ptp}
    n = x.shape[1]
    y = np.empty((len(x), outputs))
    for o in range(outputs):
        start = int(rounded[first](o * n / outputs) - reach)
        end = int(rounded[last]((o + 1) * n / outputs) + reach)
        seen = x[:, max(start, 0) : min(end, n)]
        y[:, o] = combine[operation](seen, axis=1) if seen.size else empty
    return y
    ### END SOLUTION


# %% check="7.6"

# %% [markdown]
# ## Before you go
#
# A network ends with global average pooling. Which of its sizes may change from image to image, and which
# may not?

# %%
progress()
