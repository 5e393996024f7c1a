# One pass for each tap of the window: the running maximum of shifted slices.

# %% answer="3.1"
def predict():
    return (3, 0, 0, -2), (3, 0, -4), (3, 0)


# %% answer="3.2"
def max_pool_plane(x, kernel_size):
    kh, kw = kernel_size
    h, w = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    y = x[:h, :w].copy()
    for u in range(kh):
        for v in range(kw):
            y = np.maximum(y, x[u : u + h, v : v + w])
    return y


# %% answer="3.3"
def max_pool2d(x, kernel_size, stride=None, padding=0):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    if stride is None:
        stride = kernel_size
    if isinstance(stride, int):
        stride = (stride, stride)
    if isinstance(padding, int):
        padding = (padding, padding)
    ph, pw = padding
    padded = np.pad(x, [(0, 0), (0, 0), (ph, ph), (pw, pw)], mode="constant", constant_values=-np.inf)
    h = 1 + (padded.shape[2] - kernel_size[0]) // stride[0]
    w = 1 + (padded.shape[3] - kernel_size[1]) // stride[1]
    taps = [
        padded[:, :, u : u + (h - 1) * stride[0] + 1 : stride[0], v : v + (w - 1) * stride[1] + 1 : stride[1]]
        for u in range(kernel_size[0])
        for v in range(kernel_size[1])
    ]
    return np.maximum.reduce(taps)


# %% answer="3.4"
def expose_mixing():
    x = np.zeros((2, 3, 2, 2))
    for image in range(2):
        for channel in range(3):
            x[image, channel, 1, 0] = 10 * image + channel + 1
    return x


# %% answer="3.5"
def weighted(x, weights, i, j, stride, padding, border):
    h, w = x.shape
    for (u, v), weight in np.ndenumerate(weights):
        r, c = i * stride + u - padding, j * stride + v - padding
        if border == "edge":
            r, c = np.clip(r, 0, h - 1), np.clip(c, 0, w - 1)
        if border == "wrap":
            r, c = r % h, c % w
        if 0 <= r < h and 0 <= c < w:
            yield weight * x[r, c]


def pool_by_rule(x, weights, stride, padding, border, operation, identity):
    shape = [(n + 2 * padding - k) // stride + 1 for n, k in zip(x.shape, weights.shape)]
    y = np.full(shape, identity, dtype=float)
    for i, j in np.ndindex(*shape):
        for value in weighted(x, weights, i, j, stride, padding, border):
            if operation == "max":
                y[i, j] = max(y[i, j], value)
            elif operation == "min":
                y[i, j] = min(y[i, j], value)
            elif operation == "sum":
                y[i, j] += value
            else:
                y[i, j] *= value
    return y


# %% answer="3.6"
def max_pool2d_torch(x, kernel_size, stride):
    h = (x.shape[2] - kernel_size) // stride + 1
    w = (x.shape[3] - kernel_size) // stride + 1
    y = None
    for u in range(kernel_size):
        for v in range(kernel_size):
            tap = x[:, :, u : u + (h - 1) * stride + 1 : stride, v : v + (w - 1) * stride + 1 : stride]
            y = tap if y is None else torch.maximum(y, tap)
    return y
