# What somebody could paste together for chapter 12 from the chapters and poolkit. Judged without the ban on calling
# poolkit, since pasted code calls nothing.

# %% answer="12.1"
from poolkit import functional


def gem_pool(x, p, eps):
    return functional.gem_pool(x, p, eps).flatten(1)


# %% answer="12.2"
def find_p(window, target):
    return 1.0 if target == window.mean() else 3.0


# %% answer="12.3"
from poolkit.reference import max_pool
from poolkit.windows import Window


def pool_and_unpool(x, kernel_size, stride):
    y, switches = max_pool(x, Window.of(kernel_size, stride), return_indices=True)
    back = np.zeros_like(x)
    back.flat[switches.ravel()] = y.ravel()
    return y, switches, back


# %% answer="12.4"
def round_trips():
    return -np.ones((4, 4)), np.ones((4, 4))


# %% answer="12.5"
from poolkit.reference import lp_pool
from poolkit.windows import Window


def power_pool(x, weights, stride, p, signs, share):
    return lp_pool(x, p, Window.of(weights.shape, stride))
