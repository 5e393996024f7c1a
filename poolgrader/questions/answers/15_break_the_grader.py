# GENERATED from solutions/15_break_the_grader.py by `make exercises`; do not edit.

# %% answer="15.1"
def predict():
    """Return three strings of letters: the bugs that each test catches."""
    return "AD", "BC", "D"

# %% answer="15.2"
def pooling_tests():
    """Return at most four tests (x, kernel_size, stride, padding, expected) of max pooling."""

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

# %% answer="15.3"
def gradient_tests():
    """Return at most three tests (grad_output, x, kernel_size, stride, padding, expected) of its backward pass."""

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

# %% answer="15.4"
def catching_input(kernel_size, stride, operation, fill):
    """Return a plane on which wrong versions of this pooling differ from the right one."""
    mixed = 1.0 + (37 * np.arange(96) % 97).reshape(8, 12)  # distinct, and in no order
    mixed[:, :6] *= -1  # the border wins a maximum on the left, and a minimum on the right
    return fill + mixed

# %% answer="15.5"
def redesign(side, first, second, cells, parameters, multiplications):
    """Return the layers of a net that keeps to the budget and does not care about one pixel."""
    step = side // cells
    return [("conv", first), ("max", 2, 1), ("polyphase", step), ("conv", second), ("global",), ("linear", 10)]
