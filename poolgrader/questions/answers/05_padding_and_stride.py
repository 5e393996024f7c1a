# GENERATED from solutions/05_padding_and_stride.py by `make exercises`; do not edit.

# %% answer="5.1"
def predict():
    """Return the three pooled rows: maximum, average with the padding counted, average without."""
    return [-3, -3, -6], [-4, -6, -5], [-6, -6, -7.5]

# %% answer="5.2"
def max_pool_plane(x, kernel_size, stride=None, padding=((0, 0), (0, 0))):
    """Max pool one plane (h, w) with a border of its own on each side."""
    kh, kw = kernel_size
    (top, bottom), (left, right) = padding
    h, w = x.shape
    sh, sw = kernel_size if stride is None else stride
    lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
    padded = np.full((top + h + bottom, left + w + right), lowest, dtype=x.dtype)
    padded[top : top + h, left : left + w] = x
    height = (padded.shape[0] - kh) // sh + 1
    width = (padded.shape[1] - kw) // sw + 1
    y = np.empty((height, width), dtype=x.dtype)
    for i in range(height):
        for j in range(width):
            y[i, j] = padded[i * sh : i * sh + kh, j * sw : j * sw + kw].max()
    return y

# %% answer="5.3"
def avg_pool_plane(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    """Average pool one plane (h, w), with the padding counted or not."""
    kh, kw = kernel_size
    sh, sw = kernel_size if stride is None else stride
    ph, pw = padding
    h, w = x.shape
    height = (h + 2 * ph - kh) // sh + 1
    width = (w + 2 * pw - kw) // sw + 1
    y = np.empty((height, width), dtype=x.dtype)
    for i in range(height):
        for j in range(width):
            top, left = i * sh - ph, j * sw - pw
            window = x[max(top, 0) : top + kh, max(left, 0) : left + kw]
            total = window.sum()
            cells = kh * kw if count_include_pad else window.size
            y[i, j] = total / cells
    return y

# %% answer="5.4"
def border_case():
    """Return (x, kernel_size, stride, padding): one test case that no wrong border survives."""
    x = -1e300 * np.arange(1, 64).reshape(7, 9)
    return x, (3, 5), (2, 3), (1, 2)

# %% answer="5.5"
def border_average(x, kernel_size, stride, padding, fill, share, empty):
    """Average pool one plane (h, w) whose border holds `fill` and weighs `share`."""
    h, w = x.shape
    kh, kw = kernel_size
    sh, sw = stride
    top, bottom, left, right = padding
    height = (top + h + bottom - kh) // sh + 1
    width = (left + w + right - kw) // sw + 1
    y = np.empty((height, width))
    for i in range(height):
        for j in range(width):
            total = weight = 0.0
            for row in range(i * sh - top, i * sh - top + kh):
                for column in range(j * sw - left, j * sw - left + kw):
                    if 0 <= row < h and 0 <= column < w:
                        total += x[row, column]
                        weight += 1
                    else:
                        total += share * fill
                        weight += share
            y[i, j] = total / weight if weight else empty
    return y

# %% answer="5.6"
def avg_pool2d_torch(x, kernel_size, stride, padding, count_include_pad):
    """Average pool a batch (n, c, h, w) of torch tensors, differentiable."""

    def window_sums(z):
        padded = torch.nn.functional.pad(z, (padding, padding, padding, padding))
        windows = padded.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride)
        return windows.sum(dim=(-2, -1))

    sums = window_sums(x)
    if count_include_pad:
        return sums / kernel_size**2
    ones = torch.ones_like(x)
    return sums / window_sums(ones)
