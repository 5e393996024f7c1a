# GENERATED from solutions/00_setup.py by `make exercises`; do not edit.

# %% answer="0.1"
def read_verdict():
    """Return [points, parts that hold, parts that fail], [row, column], [expected, got]."""
    return [0.4, 2, 1], [0, 0], [11.5, 19.5]

# %% answer="0.2"
def cut_window(x, i, j, kernel_size, stride):
    """Cut window (i, j) of (kh, kw) cells out of a plane (h, w)."""
    kh, kw = kernel_size
    return x[i * stride : i * stride + kh, j * stride : j * stride + kw].copy()

# %% answer="0.3"
def expose_bug():
    """Return (x, i, j, kernel_size, stride) on which all three wrong versions show themselves."""
    x = np.arange(64.0).reshape(8, 8)
    i, j = 1, 2
    kernel_size, stride = (2, 3), 2
    return x, i, j, kernel_size, stride

# %% answer="0.4"
def read_memory(memory, offset, shape, strides):
    """Read an array of a shape out of a row of numbers, with a stride for each axis."""
    y = np.empty(shape, dtype=memory.dtype)
    for index in np.ndindex(*shape):
        place = offset
        for i, s in zip(index, strides, strict=True):
            place += i * s
        y[index] = memory[place]
    return y
