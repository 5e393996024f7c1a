# Gathered columns: an array of indices picks every tap of every window, then one reduction over the taps.

def windows_along(length, kernel, stride, padding):
    first = np.arange(0, length + 2 * padding - kernel + 1, stride) - padding
    return first[:, None] + np.arange(kernel)


def max_pool2d(x, kernel_size, stride=None, padding=0):
    def pair_of(value):
        return value if isinstance(value, tuple) else (value, value)

    kernel, pad = pair_of(kernel_size), pair_of(padding)
    step = kernel if stride is None else pair_of(stride)
    n, c, h, w = x.shape
    rows, columns = windows_along(h, kernel[0], step[0], pad[0]), windows_along(w, kernel[1], step[1], pad[1])
    y = np.empty((n, c, len(rows), len(columns)), x.dtype)
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            inside = np.ix_(row[(row >= 0) & (row < h)], column[(column >= 0) & (column < w)])
            y[:, :, i, j] = x[:, :, inside[0], inside[1]].reshape(n, c, -1).max(-1)
    return y
