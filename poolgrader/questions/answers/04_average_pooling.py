# GENERATED from solutions/04_average_pooling.py by `make exercises`; do not edit.

# %% answer="4.1"
def predict():
    """Return the three averaged rows: kernel 3 stride 1, kernel 2 stride 2, and the latter in int64."""
    return [3, 4, 3, 2], [3, 6, -1.5], [3, 6, -1]

# %% answer="4.2"
def avg_pool_plane(x, kernel_size, stride):
    """Average pool one plane (h, w) with a window of (kh, kw), no padding."""
    kh, kw = kernel_size
    height = (x.shape[0] - kh) // stride + 1
    width = (x.shape[1] - kw) // stride + 1
    dtype = x.dtype if x.dtype.kind == "f" else np.float64
    y = np.empty((height, width), dtype=dtype)
    for i in range(height):
        for j in range(width):
            total = 0.0
            for u in range(kh):
                for v in range(kw):
                    total += x[i * stride + u, j * stride + v]
            y[i, j] = total / (kh * kw)
    return y

# %% answer="4.3"
def about_linearity():
    """Return a, b, factor, d: max pooling breaks on a + b and on factor * a, and not on a + d."""
    a = np.array([[4.0, 0.0], [1.0, 2.0]])
    b = np.array([[0.0, 3.0], [1.0, 2.0]])
    factor = -1.0
    d = np.array([[9.0, 1.0], [2.0, 3.0]])
    return a, b, factor, d

# %% answer="4.4"
def averaging_weights(x, kernel_size, groups):
    """Weights (c, c // groups, kh, kw) with which a convolution of x is average pooling."""
    kh, kw = kernel_size
    channels = x.shape[1]
    inside = channels // groups
    weights = x.new_zeros((channels, inside, kh, kw))
    for channel in range(channels):
        weights[channel, channel % inside] = 1 / (kh * kw)
    return weights

# %% answer="4.5"
def downsample(photo, factor):
    """Make a photograph (h, w, 3) of bytes smaller by a whole factor."""
    h, w, colours = photo.shape
    height, width = h // factor, w // factor
    kept = photo[: height * factor, : width * factor]
    blocks = kept.reshape(height, factor, width, factor, colours)
    means = blocks.mean(axis=(1, 3))
    return np.floor(means + 0.5).astype(np.uint8)

# %% answer="4.6"
def pool_by_mean(x, weights, stride, kind, coefficient, bias):
    """Pool one plane (h, w) by the weighted mean that the arguments give."""
    kh, kw = weights.shape
    height = (x.shape[0] - kh) // stride + 1
    width = (x.shape[1] - kw) // stride + 1
    total = weights.sum()
    y = np.empty((height, width))
    for i in range(height):
        for j in range(width):
            window = x[i * stride : i * stride + kh, j * stride : j * stride + kw]
            if kind == "quadratic":
                mean = np.sqrt((weights * window**2).sum() / total)
            elif kind == "harmonic":
                mean = total / (weights / window).sum()
            elif kind == "geometric":
                mean = np.exp((weights * np.log(window)).sum() / total)
            else:
                mean = (weights * window).sum() / total
            y[i, j] = coefficient * mean + bias
    return y
