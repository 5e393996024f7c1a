# GENERATED from solutions/03_max_pooling.py by `make exercises`; do not edit.

# %% answer="3.1"
def predict():
    """Return the three pooled rows: kernel 3 stride 1, kernel 2 stride 2, kernel 3 stride 2."""
    return [3, 0, 0, -2], [3, 0, -4], [3, 0]

# %% answer="3.2"
def max_pool_plane(x, kernel_size):
    """Max pool one plane (h, w) with a window of (kh, kw), stride 1, no padding."""
    kh, kw = kernel_size
    height = x.shape[0] - kh + 1
    width = x.shape[1] - kw + 1
    y = np.empty((height, width), dtype=x.dtype)
    for i in range(height):
        for j in range(width):
            best = x[i, j]
            for u in range(kh):
                for v in range(kw):
                    value = x[i + u, j + v]
                    if value > best or np.isnan(value):
                        best = value
            y[i, j] = best
    return y

# %% answer="3.3"
def pair(value):
    """A number for both axes, or a pair as it is."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value, value)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    """Max pool a batch (n, c, h, w), each channel on its own."""
    kh, kw = pair(kernel_size)
    sh, sw = (kh, kw) if stride is None else pair(stride)
    ph, pw = pair(padding)
    n, c, h, w = x.shape
    padded = np.full((n, c, h + 2 * ph, w + 2 * pw), -np.inf, dtype=x.dtype)
    padded[:, :, ph : ph + h, pw : pw + w] = x
    height = (h + 2 * ph - kh) // sh + 1
    width = (w + 2 * pw - kw) // sw + 1
    y = np.empty((n, c, height, width), dtype=x.dtype)
    for i in range(height):
        for j in range(width):
            window = padded[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y

# %% answer="3.4"
def expose_mixing():
    """Return an input (n, c, h, w) on which a pooling that mixes or reorders planes shows itself."""
    n, c, h, w = 2, 4, 4, 4
    return np.arange(n * c * h * w, dtype=float).reshape(n, c, h, w)

# %% answer="3.5"
def pool_by_rule(x, weights, stride, padding, border, operation, identity):
    """Pool one plane (h, w) by the rule that the arguments give."""
    combine = {"max": max, "min": min, "sum": lambda a, b: a + b, "product": lambda a, b: a * b}[operation]
    h, w = x.shape
    kh, kw = weights.shape
    height = (h + 2 * padding - kh) // stride + 1
    width = (w + 2 * padding - kw) // stride + 1
    y = np.empty((height, width))
    for i in range(height):
        for j in range(width):
            result = identity
            for u in range(kh):
                for v in range(kw):
                    row = i * stride + u - padding
                    column = j * stride + v - padding
                    if border == "edge":
                        row, column = min(max(row, 0), h - 1), min(max(column, 0), w - 1)
                    elif border == "wrap":
                        row, column = row % h, column % w
                    elif not (0 <= row < h and 0 <= column < w):
                        continue
                    result = combine(result, weights[u, v] * x[row, column])
            y[i, j] = result
    return y

# %% answer="3.6"
def max_pool2d_torch(x, kernel_size, stride):
    """Max pool a batch (n, c, h, w) of torch tensors, differentiable."""
    windows = x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)
    return windows.amax(dim=(-2, -1))
