# ---
# title: Sums
# minutes: 20
# ---

# %% [markdown]
# # Exercise 1: Sums
#
# **Time:** about {minutes} minutes. **Points:** {points}.
#
# {questions}
#
# Run this cell first.

# %% setup
import numpy as np

from poolgrader.check import check, hint, progress, solution

# %% [markdown]
# ## {1.1}
#
# Write down the running sums of 3, -1, 4, as a list. *Worked example:* those of 1, 2 are `[1, 3]`.

# %% answer="1.1"
running = None
### BEGIN SOLUTION
running = [3, 2, 6]
### END SOLUTION

# %% check="1.1"

# %% [markdown]
# ## {1.2}
#
# `running_sum(x)` returns the running sums of a row of floats `(n,)`, a new array. Use a loop.


# %% answer="1.2"
def running_sum(x):
    """The sum of each number and all before it."""
    ### BEGIN SOLUTION
    y = np.empty_like(x)
    total = 0.0
    for i in range(len(x)):
        total = total + x[i]
        y[i] = total
    return y
    ### END SOLUTION


# %% check="1.2"

# %% [markdown]
# ## {1.3}
#
# `three_numbers()` returns floats `a, b, c` for which `(a + b) + c` is not `a + (b + c)`.


# %% answer="1.3"
def three_numbers():
    """Three floats whose sum depends on the order."""
    ### BEGIN SOLUTION
    return 1e16, -1e16, 1.0
    ### END SOLUTION


# %% check="1.3"
