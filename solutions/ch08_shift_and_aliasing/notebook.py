# ---
# title: Shift and aliasing
# minutes: 85
# ---

# %% [markdown]
# # Exercise 8: Shift and aliasing
#
# Pooling was to make a network forgive small shifts. In chapter 1 you saw that it does so by halves. Here you
# measure it, build the two repairs that are known, find out what each of them cannot do, and choose.
#
# **After this notebook you can**
#
# - measure shift consistency, and say what the number leaves out,
# - blur before you subsample, and choose the phase that you keep,
# - give planes that break each of the three: plain max pooling, the blur, the phases,
# - choose among poolings on a Pareto front.
#
# **Time:** about {minutes} minutes. **Points:** {points}. **Builds on:** chapter 8, *Shift and aliasing*.
#
# {questions}
#
# Each answer has a check below it. Run it as often as you like: it costs nothing, gives partial credit, and
# tells you what it sees. Stuck? `hint("8.2")` gives three hints, one at a time. `solution("8.2")` shows an
# answer once yours is right, or when you give up: `solution("8.2", give_up=True)`. `progress()` adds up
# your points.
#
# In this notebook every plane is a **circle**: what leaves it on one side comes in on the other. Only then is
# a shift a shift, and nothing else. `np.roll` does it: `np.roll(x, 1, axis=1)` moves a plane right by one.
#
# Run this cell first.

# %% setup
import numpy as np
import torch
from skimage import data

from poolgrader.check import check, hint, progress, solution
from poolkit import figures

# %% [markdown]
# ## {8.1}
#
# A network was shown each image at every place of its canvas, and its answers were written down. How often
# does the answer change if the image moves a little?
#
# - `answers` has the axes n, h, w and holds class numbers: `answers[k, r, c]` is the answer for image k,
#   moved down by r rows and right by c columns, on a circle.
# - `distance` is a whole number, 1 or more. A move by that distance goes `distance` cells along one axis at
# least, and at most as far along the other. There are eight such moves for distance 1 (as a king moves) and
# sixteen for distance 2.
# - Return one number from 0 to 1: of all pairs of an answer and a move, the share in which the answer at the
# place that the move leads to is the same.
#
# *Worked example:* one image, `answers = [[[7, 7, 3, 3]] * 4]`, distance 1. Up and down nothing changes: 2 of
# 8 moves give 1. To the right the answer stays at columns 0 and 2 of 4, so each of the other six moves gives
# one half. The consistency is (2 + 6 / 2) / 8 = 0.625.


# %% answer="8.1"
def consistency(answers, distance):
    """Share of pairs of an answer (n, h, w) and a move by the distance that agree."""
    ### BEGIN SOLUTION
    steps = range(-distance, distance + 1)
    same = []
    for i in steps:
        for j in steps:
            if max(abs(i), abs(j)) == distance:
                moved = np.roll(answers, (i, j), axis=(1, 2))
                same.append(np.mean(answers == moved))
    return float(np.mean(same))
    ### END SOLUTION


# %% check="8.1"

# %% [markdown]
# ## {8.2}
#
# Build the first repair for one plane.
#
# - `x` is one plane: h rows, w columns, a circle along both axes.
# - `taps` is a list of weights, of odd length and never longer than an axis. Divide them by their sum first.
# - Blur along the rows' axis and along the columns' axis, each with these weights. The middle one stands on
# the cell itself, the ones before it on the cells above (or to the left), the ones behind it on the cells
# below (or to the right).
# - Then keep every `stride`-th row and column, from the first on. Return a plane in float64.
#
# *Worked example:* `x = [[0, 4, 0, 8]]` with the taps `[1, 2, 1]` has only one row, so nothing happens along
# its columns. Along the row cell 0 becomes (8 + 2 * 0 + 4) / 4 = 3 and cell 2 becomes (4 + 2 * 0 + 8) / 4 =
# 3. With stride 2: `[[3, 3]]`.


# %% answer="8.2"
def blur_pool_plane(x, taps, stride):
    """Blur one plane (h, w) along both axes of a circle, then keep every stride-th row and column."""
    ### BEGIN SOLUTION
    weights = np.array(taps, float) / np.sum(taps)
    half = len(weights) // 2
    for axis in (0, 1):
        blurred = np.zeros(x.shape)
        for tap, weight in enumerate(weights):
            blurred += weight * np.roll(x, half - tap, axis)
        x = blurred
    return x[::stride, ::stride]
    ### END SOLUTION


# %% check="8.2"

# %% [markdown]
# ## {8.3}
#
# Build the second repair, adaptive polyphase sampling.
#
# - `x` has the axes n, c, h, w. `stride` divides h and w.
# - A phase is what subsampling keeps if it starts at row i and column j, both from 0 to stride - 1. There are
# stride * stride phases.
# - For each image choose the phase with the greatest sum of squares, over all of its channels together. Of
# equal ones take the first: row starts count before column starts, so (0, 1) comes before (1, 0).
# - Return the chosen phases as a new tensor: axes n, c, h / stride, w / stride, in the dtype of `x`.
#
# *Worked example:* one image of one channel, `[[0, 1, 0, 2], [0, 0, 3, 0]]`, stride 2. The phases are `[0,
# 0]`, `[1, 2]`, `[0, 3]` and `[0, 0]`, with the sums of squares 0, 5, 9 and 0. The third is kept: `[[0, 3]]`.


# %% answer="8.3"
def polyphase_pool(x, stride):
    """For each image (c, h, w) of a batch keep the phase with the greatest sum of squares."""
    ### BEGIN SOLUTION
    n, c, h, w = x.shape
    y = x.new_zeros(n, c, h // stride, w // stride)
    for k in range(n):
        phases = [x[k, :, i::stride, j::stride] for i in range(stride) for j in range(stride)]
        sizes = [float(phase.square().sum()) for phase in phases]
        y[k] = phases[sizes.index(max(sizes))]
    return y
    ### END SOLUTION


# %% check="8.3"

# %% [markdown]
# See it. The photograph moves by one column. Plain subsampling keeps other pixels; the phase that is largest
# moves along.

# %%
camera = torch.tensor(data.camera()[100:228, 170:298].copy()).double()[None, None] / 255
moved = camera.roll(1, dims=3)
try:
    here, there = polyphase_pool(camera, 4), polyphase_pool(moved, 4)
    best = min(
        float((there.roll((i, j), dims=(2, 3)) - here).abs().max()) for i in (-1, 0, 1) for j in (-1, 0, 1)
    )
    plain = float((moved[..., ::4, ::4] - camera[..., ::4, ::4]).abs().max())
    print(f"greatest change of a pixel: subsampled {plain:.2f}, polyphase {best:.2f}")
    shown = {"before": here[0, 0].numpy(), "after": there[0, 0].numpy()}
except NotImplementedError:
    print("polyphase_pool is not written yet.")
    shown = {"photograph": camera[0, 0].numpy()}
figures.photographs(
    shown, alt="A cameraman, and the same again: his outline shows every fourth pixel of the photograph."
)

# %% [markdown]
# ## {8.4}
#
# Neither repair is perfect, and plain pooling is far from it. Prove it with one plane each. All are circles
# of 2 to 16 rows and columns, both numbers even, and hold finite numbers.
#
# 1. A plane whose 2 by 2 max pooling with stride 2 changes in **every** output if the plane is moved right by
# one column.
# 2. A plane that is not constant, and that the blur with the taps 1, 2, 1 along both axes makes constant: the
# blur loses all that it said.
# 3. A plane for which the promise of 8.3 fails with stride 2: keep the largest phase of the plane, and of the
# plane moved right by one column. The second result is not the first one moved, whatever the move.
#
# Return the three planes in this order. *Worked example:* `[[1, 0], [0, 0]]` is right for none of them. Its
# one maximum is 1, wherever it is moved. The blur makes four different numbers of it. And its largest phase
# is `[[1]]` in any position.


# %% answer="8.4"
def three_planes():
    """Return a plane that max pooling aliases, one that the blur loses, one on which polyphase fails."""
    ### BEGIN SOLUTION
    aliased = np.array([[0.0, 1.0, 0.0, 2.0], [0.0, 1.0, 0.0, 2.0]])
    lost = np.array([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0]])
    tied = np.array([[3.0, 5.0, 4.0, 0.0], [0.0, 0.0, 0.0, 0.0]])
    return aliased, lost, tied
    ### END SOLUTION


# %% check="8.4"

# %% [markdown]
# ## {8.5}
#
# One pooling is more accurate, another more consistent, a third cheaper. Which of them need you not look at?
#
# - `points` has the axes m, d: m candidates, each with d numbers.
# - `wants` is a list of d words, `"more"` or `"less"`: which way is better in each column.
# - One candidate **dominates** another if it is at least as good in every column and better in at least one.
# - Return an array of m truth values: True for the candidates that no other one dominates.
#
# *Worked example:* accuracy (more) and cost (less) of three candidates, `[[90, 5], [80, 3], [80, 4]]`. The
# third is dominated by the second, which is as accurate and costs less. The answer is `[True, True, False]`.


# %% answer="8.5"
def pareto(points, wants):
    """Which of the candidates (m, d) no other one dominates."""
    ### BEGIN SOLUTION
    signs = np.array([1 if want == "more" else -1 for want in wants])
    good = points * signs
    front = np.ones(len(good), dtype=bool)
    for m, own in enumerate(good):
        as_good = np.all(good >= own, axis=1)
        better = np.any(good > own, axis=1)
        front[m] = not np.any(as_good & better)
    return front
    ### END SOLUTION


# %% check="8.5"

# %% [markdown]
# ## {8.6}
#
# The sum of squares is one way to choose a phase. Any rule will do that sees the same numbers after a shift.
# Here the rule comes as arguments, and the check makes up new ones.
#
# - `x` has the axes c, h, w. `stride` is a pair (rows, columns); they divide h and w.
# - Phase (i, j) keeps every `rows`-th row from row i on and every `columns`-th column from column j on, with
# i < rows and j < columns. The phases are numbered (0, 0), (0, 1), ...: all j for i = 0, then all j for i = 1.
# - `score` says what is compared: `"sum"`, `"energy"` (the sum of squares) or `"peak"` (the greatest absolute
# value).
# - `choose` is `"greatest"` or `"smallest"`. `ties` is `"first"` or `"last"`: which of equally good phases is
#   kept.
# - `together` is True if all channels keep the same phase, chosen by the score over all of them; False if
# each channel chooses its own.
# - Return a new array with the axes c, h / rows, w / columns.
#
# *Worked example:* one channel `[[1, -4, 2, 1]]`, stride `(1, 2)`. The phases are `[1, 2]` and `[-4, 1]`. By
# `"sum"` the greatest is `[1, 2]`, by `"energy"` and by `"peak"` it is `[-4, 1]`.


# %% answer="8.6"
def pool_by_phase(x, stride, score, choose, ties, together):
    """Keep one phase of planes (c, h, w), chosen by the rule that the arguments give."""
    ### BEGIN SOLUTION
    rows, columns = stride
    scores = {
        "sum": np.sum,
        "energy": lambda phase: np.sum(phase**2),
        "peak": lambda phase: np.max(np.abs(phase)),
    }

    def keep(planes):
        phases = [planes[:, i::rows, j::columns] for i in range(rows) for j in range(columns)]
        found = np.array([scores[score](phase) for phase in phases])
        wanted = found.max() if choose == "greatest" else found.min()
        places = np.flatnonzero(found == wanted)
        return phases[places[0 if ties == "first" else -1]]

    if together:
        return keep(x).copy()
    return np.concatenate([keep(plane[None]) for plane in x])
    ### END SOLUTION


# %% check="8.6"

# %% [markdown]
# ## Before you go
#
# A network is 100% consistent under circular shifts, and you show it photographs from a camera that pans.
# Name one reason why its answers may still change.

# %%
progress()
