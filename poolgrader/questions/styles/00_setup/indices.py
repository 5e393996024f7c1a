# Arrays of indices, and numpy's own strides.

# %% answer="0.1"
def read_verdict():
    return (0.4, 2, 1), (0, 0), (11.5, 19.5)


# %% answer="0.2"
def cut_window(x, i, j, kernel_size, stride):
    rows = i * stride + np.arange(kernel_size[0])
    columns = j * stride + np.arange(kernel_size[1])
    return x[np.ix_(rows, columns)]


# %% answer="0.3"
def expose_bug():
    return np.random.default_rng(0).normal(size=(12, 10)), 2, 1, [3, 4], 3


# %% answer="0.4"
def read_memory(memory, offset, shape, strides):
    from numpy.lib.stride_tricks import as_strided

    steps = tuple(stride * memory.itemsize for stride in strides)
    return as_strided(memory[offset:], shape, steps).copy()
