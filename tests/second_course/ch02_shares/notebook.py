# ---
# title: Shares
# minutes: 25
# ---

# %% [markdown]
# # Exercise 2: Shares
#
# **Time:** about {minutes} minutes. **Points:** {points}.
#
# {questions}
#
# Run this cell first.

# %% setup
import numpy as np
import torch

from poolgrader.check import check, hint, progress, solution

# %% [markdown]
# ## {2.1}
#
# `shares(x)` returns each row of `x` `(n, m)`, divided by the row's sum.


# %% answer="2.1"
def shares(x):
    """Rows whose numbers add up to 1."""
    ### BEGIN SOLUTION
    return x / x.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% check="2.1"

# %% [markdown]
# ## {2.2}
#
# `distance(x, y)` returns the sum of squared differences of two tensors, and gradients flow into both.


# %% answer="2.2"
def distance(x, y):
    """The squared distance of two tensors."""
    ### BEGIN SOLUTION
    difference = x - y
    return (difference * difference).sum()
    ### END SOLUTION


# %% check="2.2"

# %% [markdown]
# ## {2.3}
#
# `Scale(factor, offset)` is a module: its output is the input times `factor`, plus `offset`.


# %% answer="2.3"
class Scale(torch.nn.Module):
    """Multiplies and adds."""

    ### BEGIN SOLUTION
    def __init__(self, factor, offset):
        super().__init__()
        self.factor, self.offset = factor, offset

    def forward(self, x):
        return x * self.factor + self.offset

    ### END SOLUTION


# %% check="2.3"
