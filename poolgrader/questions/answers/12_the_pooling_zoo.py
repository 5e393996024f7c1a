# GENERATED from solutions/12_the_pooling_zoo.py by `make exercises`; do not edit.

# %% answer="12.1"
def gem_pool(x, p, eps):
    """Generalised mean of each channel, (n, c, h, w) to (n, c), differentiable in x and p."""
    powers = p[:, None]
    cells = x.flatten(2).clamp(min=eps)
    largest = cells.amax(dim=2, keepdim=True).detach()
    mean = (cells / largest).pow(powers).mean(dim=2, keepdim=True)
    y = largest * mean.pow(1 / powers)
    return y.squeeze(2)

# %% answer="12.2"
def find_p(window, target):
    """The p for which the generalised mean of a window (k) is the target."""
    if target >= window.max():
        return np.inf
    if target <= window.min():
        return -np.inf
    low, high = -190.0, 200.0
    for _ in range(100):
        p = (low + high) / 2
        scale = window.max() if p > 0 else window.min()
        mean = np.mean((window / scale) ** p) ** (1 / p)
        if scale * mean < target:
            low = p
        else:
            high = p
    return (low + high) / 2

# %% answer="12.3"
def pool_and_unpool(x, kernel_size, stride):
    """Maxima of one plane (h, w), their switches, and the maxima back in place (h, w)."""
    kh, kw = kernel_size
    sh, sw = stride
    w = x.shape[1]
    size = (x.shape[0] - kh) // sh + 1, (w - kw) // sw + 1
    y = np.empty(size, dtype=x.dtype)
    switches = np.empty(size, dtype=np.int64)
    back = np.zeros(x.shape, dtype=x.dtype)
    for i in range(size[0]):
        for j in range(size[1]):
            window = x[i * sh : i * sh + kh, j * sw : j * sw + kw]
            best = np.unravel_index(window.argmax(), window.shape)
            row, column = i * sh + best[0], j * sw + best[1]
            y[i, j] = window[best]
            switches[i, j] = row * w + column
            back[row, column] = window[best]
    return y, switches, back

# %% answer="12.4"
def round_trips():
    """Return two planes: one for which the trip fails once, one that survives."""
    fails = np.ones((4, 4))
    fails[:2, :2] = -1
    survives = np.zeros((4, 4))
    survives[::2, ::2] = 1
    return fails, survives

# %% answer="12.5"
def power_pool(x, weights, stride, p, signs, share):
    """Pool one plane (h, w) by a weighted power mean whose rule the arguments give."""
    kh, kw = weights.shape
    sh, sw = stride
    height, width = (x.shape[0] - kh) // sh + 1, (x.shape[1] - kw) // sw + 1
    y = np.empty((height, width))
    for i in range(height):
        for j in range(width):
            window = x[i * sh : i * sh + kh, j * sw : j * sw + kw]
            if signs == "magnitude":
                window = np.abs(window)
            elif signs == "positive":
                window = np.maximum(window, 0)
            size = np.abs(window)
            if np.isinf(p):
                counted = np.where(weights > 0, size, -1.0)
                y[i, j] = window.flat[counted.argmax()]
                continue
            powers = np.sign(window) * size**p
            total = (weights * powers).sum()
            if share:
                total /= weights.sum()
            y[i, j] = np.sign(total) * np.abs(total) ** (1 / p)
    return y
