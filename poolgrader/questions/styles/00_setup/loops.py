# Loops over cells, and lists on the way.

# %% answer="0.1"
def read_verdict():
    points, holding, failing = 0.2 + 0.2, 2, 1
    return [[points, holding, failing], np.array([0, 0]), [11.5, 19.5]]


# %% answer="0.2"
def cut_window(x, i, j, kernel_size, stride):
    kh, kw = kernel_size
    window = np.zeros((kh, kw), dtype=x.dtype)
    for u in range(kh):
        for v in range(kw):
            window[u, v] = x[i * stride + u, j * stride + v]
    return window


# %% answer="0.3"
def expose_bug():
    x = np.zeros((6, 7), dtype=int)
    for i in range(6):
        for j in range(7):
            x[i, j] = 10 * i + j
    return x, 1, 1, (3, 1), 3


# %% answer="0.4"
def read_memory(memory, offset, shape, strides):
    places = np.array(offset)
    for length, stride in zip(shape, strides):
        places = places[..., None] + stride * np.arange(length)
    return memory[places]
