# What somebody could paste together for chapter 15 from the chapters and poolkit. Judged without the ban on calling
# poolkit, since pasted code calls nothing.

# %% answer="15.2"
from poolkit.reference import max_pool
from poolkit.windows import Window


def pooling_tests():
    tests = [
        (np.full((4, 4), -1.0), (3, 3), (1, 1), ((1, 1), (1, 1))),
        (np.arange(24.0).reshape(4, 6), (2, 3), None, ((0, 0), (0, 0))),
        (np.array([[-5.0, 1.0], [2.0, 0.0]]), (2, 2), (2, 2), ((0, 0), (0, 0))),
    ]
    return [(*test, max_pool(test[0], Window.of(*test[1:]))) for test in tests]


# %% answer="15.3"
from poolkit.reference import max_pool_backward
from poolkit.windows import Window


def gradient_tests():
    x = np.array([[[[5.0, 5.0, 1.0, 0.0], [2.0, 3.0, 9.0, 4.0], [0.0, -7.0, 2.0, 3.0]]]])
    sent = np.array([[[[1.0, -2.0, 3.0], [4.0, 5.0, 6.0]]]])
    return [(sent, x, (2, 2), 1, 0, max_pool_backward(sent, x, Window.of((2, 2), 1, 0)))]


# %% answer="15.4"
def catching_input(kernel_size, stride, operation, fill):
    return -1e300 * np.arange(1, 64).reshape(7, 9)


# %% answer="15.5"
def redesign(side, first, second, cells, parameters, multiplications):
    return [("conv", first), ("max", 2, 1), ("blur", side // cells), ("conv", second), ("global",), ("linear", 10)]
