# What somebody could paste together for chapter 6 from the chapters and poolkit. Judged without the ban on calling
# poolkit, since pasted code calls nothing.

# %% answer="6.1"
from poolkit.reference import avg_pool_backward
from poolkit.windows import Window


def avg_pool2d_backward(grad_output, input_size, kernel_size, stride, padding):
    return avg_pool_backward(grad_output, input_size, Window.of(kernel_size, stride, padding))


# %% answer="6.2"
from poolkit.reference import max_pool_backward
from poolkit.windows import Window


def max_pool2d_backward(grad_output, x, kernel_size, stride, padding):
    return max_pool_backward(grad_output, x, Window.of(kernel_size, stride, padding))


# %% answer="6.3"
from poolkit.functional import max_pool2d


def max_pool2d_first(x, kernel_size, stride):
    return max_pool2d(x, kernel_size, stride)


# %% answer="6.4"
from poolkit.reference import avg_pool, lp_pool, max_pool
from poolkit.windows import Window


def gradient_by_differences(x, grad_output, kernel_size, stride, operation, step):
    window = Window.of(kernel_size, stride)
    pool = {"max": max_pool, "mean": avg_pool, "norm": lambda at, over: lp_pool(at, 2, over)}[operation]

    def loss(at):
        return np.sum(grad_output * pool(at, window))

    x = x.astype(float)
    slopes = np.empty(x.shape)
    for cell in np.ndindex(x.shape):
        nudge = np.zeros(x.shape)
        nudge[cell] = step
        slopes[cell] = (loss(x + nudge) - loss(x - nudge)) / (2 * step)
    return slopes


# %% answer="6.5"
def expose_backward():
    # The isolating inputs of the chapter's table, as they stand there: one window each.
    return np.full((2, 2), 3.0), np.ones((1, 1))


# %% answer="6.6"
from poolkit.reference import max_pool_backward
from poolkit.windows import Window


def backward_by_rule(grad_output, x, weights, stride, padding, border, operation, ties):
    return max_pool_backward(grad_output, x, Window.of(weights.shape, stride, padding))
