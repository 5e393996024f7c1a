# ---
# title: Break the grader
# minutes: 110
# ---

# %% [markdown]
# # Exercise 15: Break the grader
#
# Fourteen times a check told you what is wrong with your code. Now you write the checks. Hidden from you
# stand poolings with mistakes in them, some known to you, some put together afresh. Your tests should catch
# them all, and let every right one pass. In the end you redesign a net.
#
# **After this notebook you can**
#
# - say which test catches which bug, before you run it,
# - write few tests that catch many wrong poolings, and wrong gradients,
# - find an input that catches bugs of a pooling that you were not shown,
# - choose the poolings of a small net for a budget, such that one pixel makes no difference.
#
# **Time:** about {minutes} minutes. **Points:** {points}. **Builds on:** chapter 15, *Break the grader*; what
# you built in exercises 5 and 6 helps.
#
# {questions}
#
# Each answer has a check below it. Run it as often as you like: it costs nothing, gives partial credit, and
# tells you what it sees. Stuck? `hint("15.2")` gives three hints, one at a time. `solution("15.2")` shows an
# answer once yours is right, or when you give up: `solution("15.2", give_up=True)`. `progress()` adds up
# your points.
#
# Run this cell first.

# %% setup
import numpy as np

from poolgrader.check import check, hint, progress, solution

# %% [markdown]
# ## {15.1}
#
# Do this one on paper. Here are four bugs of a max pooling, and three tests.
#
# | Bug | What it does |
# |---|---|
# | A | fills the border with 0 |
# | B | moves windows by one cell if no stride is given |
# | C | swaps the two entries of the kernel size |
# | D | takes the largest number without its sign |
#
# 1. A plane of 4 by 4 cells that all hold -1, kernel `(3, 3)`, stride `(1, 1)`, padding 1.
# 2. The numbers 1 to 24 in 4 rows and 6 columns, kernel `(2, 3)`, no stride given, no padding.
# 3. The plane `[[-5, 1], [2, 0]]`, kernel `(2, 2)`, stride `(2, 2)`, no padding.
#
# A test catches a bug if the buggy output differs from the right one. Return three strings, in this order:
# the letters of the bugs that each test catches, sorted. A test that catches none has the string `""`.
# *Worked example:* a plane of zeros without padding, a square kernel and a stride catches none of the four.


# %% answer="15.1"
def predict():
    """Return three strings of letters: the bugs that each test catches."""
    ### BEGIN SOLUTION
    return "AD", "BC", "D"
    ### END SOLUTION


# %% check="15.1"

# %% [markdown]
# ## {15.2}
#
# Write tests of the max pooling of a plane that you built in question 5.2: `max_pool_plane(x, kernel_size,
# stride, padding)`. To remind you: `kernel_size` is a pair; `stride` is a pair or None, which stands for the
# kernel size; `padding` is `((above, below), (left, right))`; the border never wins; the output keeps the
# dtype of `x`, whole numbers too, and every number exactly.
#
# - A test is five things: `(x, kernel_size, stride, padding, expected)`. `x` and `expected` are numpy arrays.
# - A pooling fails a test if its output differs in shape, in dtype or in any number, or if it raises an
#   error.
# - Return a list of at most four tests. Each x has at most 64 numbers.
# - Right poolings must pass. A test that a right one fails counts for nothing.
# - Wrong ones must fail at least one of your tests. Some have one mistake, others several at once. When your
# mark is made, others are put together than in this notebook.
#
# Most of the answer is a pooling that says what to expect: write it out, or take yours of exercise 5. *Worked
# example:* one test that catches a border of zeros: `x` a plane of -1, kernel `(3, 3)`, stride `(1, 1)`,
# padding `((1, 1), (1, 1))`, expected: a plane of -1, as large.


# %% answer="15.2"
def pooling_tests():
    """Return at most four tests (x, kernel_size, stride, padding, expected) of max pooling."""
    ### BEGIN SOLUTION

    def pooled(x, kernel_size, stride, padding):
        (kh, kw), (sh, sw) = kernel_size, kernel_size if stride is None else stride
        lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
        padded = np.pad(x, padding, constant_values=lowest)
        rows, columns = (padded.shape[0] - kh) // sh + 1, (padded.shape[1] - kw) // sw + 1
        y = np.empty((rows, columns), dtype=x.dtype)
        for i in range(rows):
            for j in range(columns):
                y[i, j] = padded[i * sh : i * sh + kh, j * sw : j * sw + kw].max()
        return y

    mixed = 8 * np.arange(35).reshape(5, 7) % 35  # distinct, and in no order
    low = -1e12 * (1.0 + mixed)
    small = (-1 - mixed).astype(np.int8)
    huge = 2**60 + mixed
    tests = [
        (low, (2, 3), (3, 2), ((1, 0), (0, 2))),
        (low, (2, 3), None, ((0, 0), (1, 0))),
        (small, (3, 2), (1, 2), ((0, 2), (1, 0))),
        (huge, (2, 3), (1, 1), ((1, 1), (1, 1))),
    ]
    return [(*test, pooled(*test)) for test in tests]
    ### END SOLUTION


# %% check="15.2"

# %% [markdown]
# ## {15.3}
#
# The same for the backward pass of question 6.2: `max_pool2d_backward(grad_output, x, kernel_size, stride,
# padding)`. To remind you: `grad_output` and `x` have the axes n, c, rows, columns; `kernel_size` is a pair,
# `stride` and `padding` are numbers for both axes; of several equal winners the first gets everything; what
# arrives in one cell adds up.
#
# - A test is six things: `(grad_output, x, kernel_size, stride, padding, expected)`. The three arrays hold
# floats (float64), finite ones.
# - Return a list of at most three tests. Each x has at most 48 numbers.
# - Right backward passes must pass, wrong ones must fail at least one test, as before.
#
# *Worked example:* one test that catches a wrong sign: `grad_output` `[[[[1.0]]]]`, `x` `[[[[1.0, 5.0]]]]`,
# kernel `(1, 2)`, stride 1, padding 0, expected `[[[[0.0, 1.0]]]]`.


# %% answer="15.3"
def gradient_tests():
    """Return at most three tests (grad_output, x, kernel_size, stride, padding, expected)
    of its backward pass.
    """
    ### BEGIN SOLUTION

    def backward(sent, x, kernel_size, stride, padding):
        kh, kw = kernel_size
        border = ((0, 0), (0, 0), (padding, padding), (padding, padding))
        padded = np.pad(x, border, constant_values=-np.inf)
        gradient = np.zeros(padded.shape)
        for image, channel, i, j in np.ndindex(sent.shape):
            top, left = i * stride, j * stride
            window = padded[image, channel, top : top + kh, left : left + kw]
            u, v = np.unravel_index(window.argmax(), window.shape)
            gradient[image, channel, top + u, left + v] += sent[image, channel, i, j]
        h, w = x.shape[2:]
        return gradient[:, :, padding : padding + h, padding : padding + w]

    # Ties, a winner that four windows share, gradients that differ.
    peak = np.array([[5.0, 5.0, 1.0, 0.0], [2.0, 3.0, 9.0, 4.0], [0.0, -7.0, 2.0, 3.0]])[None, None]
    sent = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, 6.0]])[None, None]
    # Two channels, a border that wins if it holds zeros, a window that is no square.
    layered = -1.0 - (7 * np.arange(48.0) % 48).reshape(1, 2, 4, 6)
    layered_sent = np.arange(1.0, 13.0).reshape(1, 2, 2, 3) - 4.5
    tests = [(sent, peak, (2, 2), 1, 0), (layered_sent, layered, (3, 2), 3, 1)]
    return [(*test, backward(*test)) for test in tests]
    ### END SOLUTION


# %% check="15.3"

# %% [markdown]
# ## {15.4}
#
# Now the pooling itself comes as arguments, and the check makes up new ones. Give one plane on which wrong
# versions of it give something else than the right one.
#
# - `kernel_size` and `stride` are pairs with unequal entries.
# - `operation` is `"max"`, `"min"`, `"mean"` or `"spread"`, the greatest minus the smallest.
# - The plane gets a border of one cell on each side, and each of these cells holds the number `fill`. It
#   counts like any other number: a border of 30 can win a maximum.
# - Wrong versions do something else with the cells of a window, put something else into the border, swap what
# belongs to rows and columns, or leave cells out.
#
# Return a plane of at least 4 rows and 4 columns and at most 200 numbers. *Worked example:* for `"max"` and a
# `fill` of 0, a plane of positive numbers is no good: no cell of the border ever wins.


# %% answer="15.4"
def catching_input(kernel_size, stride, operation, fill):
    """Return a plane on which wrong versions of this pooling differ from the right one."""
    ### BEGIN SOLUTION
    mixed = 1.0 + (37 * np.arange(96) % 97).reshape(8, 12)  # distinct, and in no order
    mixed[:, :6] *= -1  # the border wins a maximum on the left, and a minimum on the right
    return fill + mixed
    ### END SOLUTION


# %% check="15.4"

# %% [markdown]
# ## {15.5}
#
# A net is a list of layers. These are the layers that there are:
#
# | Layer | What it does |
# |---|---|
# | `("conv", channels)` | convolution of 3 by 3, then the positive part |
# | `("max", k, s)`, `("average", k, s)` | windows of k by k, stride s |
# | `("blur", s)` | blur with (1, 2, 1) / 4 along both axes, stride s |
# | `("polyphase", s)` | of the s by s phases, the one with the greatest sum of squares |
# | `("global",)` | the mean of each channel; no planes are left |
# | `("linear", outputs)` | a linear layer over everything that is left; the last layer, and only that |
#
# The planes are closed to rings: what leaves on one side comes in on the other, and sizes follow from the
# strides alone. The cell below measures a net: try some.


# %%
def measure(layers, image, seed=0):
    """Return parameters, multiplications, the largest change by a shift of one pixel,
    and cells seen by each conv.
    """
    rng = np.random.default_rng(seed)
    weights = []
    counts, seen = [0, 0], []

    def run(x):
        first = not weights
        for place, (kind, *sizes) in enumerate(layers):
            if first:
                weights.append(None)
            if kind == "conv":  # 3 by 3, the border is a ring, then the positive part
                cells = np.stack([np.roll(x, (1 - i, 1 - j), (1, 2)) for i in range(3) for j in range(3)])
                if first:
                    weights[place] = rng.normal(size=(sizes[0], 9, x.shape[0])) / 3
                    counts[0] += weights[place].size + sizes[0]
                    counts[1] += weights[place].size * x.shape[1] * x.shape[2]
                    seen.append(min(x.shape[1:]))
                x = np.maximum(np.tensordot(weights[place], cells, ((1, 2), (0, 1))), 0)
            elif kind in ("max", "average"):  # windows of k by k, stride s, the border is a ring
                k, s = sizes
                windows = np.stack([np.roll(x, (-i, -j), (1, 2)) for i in range(k) for j in range(k)])
                x = (windows.max(axis=0) if kind == "max" else windows.mean(axis=0))[:, ::s, ::s]
            elif kind == "blur":  # (1, 2, 1) / 4 along both axes, stride s
                for axis in (1, 2):
                    x = (np.roll(x, 1, axis) + 2 * x + np.roll(x, -1, axis)) / 4
                x = x[:, :: sizes[0], :: sizes[0]]
            elif kind == "polyphase":  # of the s * s phases the one with the greatest sum of squares
                phases = [
                    x[:, i :: sizes[0], j :: sizes[0]] for i in range(sizes[0]) for j in range(sizes[0])
                ]
                x = max(phases, key=lambda phase: float(np.sum(phase**2)))
            elif kind == "global":  # the mean of each channel
                x = x.mean(axis=(1, 2))
            else:  # linear: everything that is left, strung together
                if first:
                    weights[place] = rng.normal(size=(sizes[0], x.size)) / np.sqrt(x.size)
                    counts[0] += weights[place].size + sizes[0]
                    counts[1] += weights[place].size
                x = weights[place] @ x.ravel()
        return x

    answer = run(image)
    moved = [run(np.roll(image, shift, (1, 2))) for shift in ((0, 1), (1, 0), (1, 1), (0, -1))]
    change = max(float(np.abs(one - answer).max()) for one in moved) / max(float(np.abs(answer).max()), 1e-12)
    return counts[0], counts[1], change, seen


start = [("conv", 8), ("max", 2, 2), ("conv", 16), ("max", 2, 2), ("linear", 10)]
image = np.random.default_rng(1).normal(size=(1, 32, 32))
parameters, multiplications, change, cells = measure(start, image)
print(f"{parameters:,} parameters, {multiplications:,} multiplications")
print(
    f"a shift by one pixel changes the answer by {100 * change:.0f} percent; the convolutions see {cells} "
    "cells a side"
)

# %% [markdown]
# Redesign it. The arguments tell you what is wanted, and the check makes up three of them:
#
# - images of `side` by `side` pixels, one channel; ten answers;
# - two convolutions, the first with at least `first` channels and the second with at least `second`;
# - the second convolution sees planes of at least `cells` by `cells`;
# - at most `parameters` parameters and `multiplications` multiplications, as `measure` counts them;
# - a shift of the image by one pixel changes nothing, up to rounding.
#
# Return the list of layers. *Worked example:* `start` from the cell above has 32 by 32 pixels, 8 and 16
# channels, and 16 cells a side at its second convolution. It fails the shift, and most of its parameters are
# in the last layer.


# %% answer="15.5"
def redesign(side, first, second, cells, parameters, multiplications):
    """Return the layers of a net that keeps to the budget and does not care about one pixel."""
    ### BEGIN SOLUTION
    step = side // cells
    pooling = [("max", 2, 1), ("polyphase", step)]
    return [("conv", first), *pooling, ("conv", second), ("global",), ("linear", 10)]
    ### END SOLUTION


# %% check="15.5"

# %% [markdown]
# ## Before you go
#
# You know the mistakes by name now. Which of them did you make yourself, and which test would have told you?

# %%
progress()
