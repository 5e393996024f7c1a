# One pass for each tap of the window: whole shifted slices are added at once.

# %% answer="6.1"
def avg_pool2d_backward(grad_output, input_size, kernel_size, stride, padding):
    n, c, height, width = grad_output.shape
    (h, w), (kh, kw) = input_size, kernel_size
    room = np.zeros((n, c, h + 2 * padding + kh, w + 2 * padding + kw))
    for u in range(kh):
        for v in range(kw):
            room[:, :, u : u + height * stride : stride, v : v + width * stride : stride][:, :, :height, :width] += (
                grad_output / kh / kw
            )
    return room[:, :, padding : padding + h, padding : padding + w].copy()


# %% answer="6.2"
def max_pool2d_backward(grad_output, x, kernel_size, stride, padding):
    kh, kw = kernel_size
    height, width = grad_output.shape[2:]
    room = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), constant_values=-np.inf)

    def tap(array, u, v):
        return array[:, :, u : u + (height - 1) * stride + 1 : stride, v : v + (width - 1) * stride + 1 : stride]

    taps = [(u, v) for u in range(kh) for v in range(kw)]
    best = np.maximum.reduce([tap(room, u, v) for u, v in taps])
    back, open_ = np.zeros(room.shape), np.ones(grad_output.shape, bool)
    for u, v in taps:
        wins = open_ & (tap(room, u, v) == best)
        tap(back, u, v)[...] += wins * grad_output
        open_ &= ~wins
    return back[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]


# %% answer="6.3"
def max_pool2d_first(x, kernel_size, stride):
    h = (x.shape[2] - kernel_size) // stride + 1
    w = (x.shape[3] - kernel_size) // stride + 1
    y = None
    for u in range(kernel_size):
        for v in range(kernel_size):
            tap = x[:, :, u : u + (h - 1) * stride + 1 : stride, v : v + (w - 1) * stride + 1 : stride]
            y = tap if y is None else torch.where(tap > y, tap, y)
    return y


# %% answer="6.4"
def pooled(x, kernel_size, stride, operation):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel_size)[::stride, ::stride]
    if operation == "norm":
        return np.sqrt(np.sum(windows**2, axis=(2, 3)))
    return windows.max(axis=(2, 3)) if operation == "max" else windows.mean(axis=(2, 3))


def gradient_by_differences(x, grad_output, kernel_size, stride, operation, step):
    def loss(at):
        return (grad_output * pooled(at, kernel_size, stride, operation)).sum()

    here = np.array(x, dtype=float)
    slopes = np.empty_like(here)
    for i in range(here.shape[0]):
        for j in range(here.shape[1]):
            was = here[i, j]
            here[i, j] = was + step
            above = loss(here)
            here[i, j] = was - step
            slopes[i, j] = (above - loss(here)) / 2 / step
            here[i, j] = was
    return slopes


# %% answer="6.5"
def expose_backward():
    x = np.array([[6, 6, 1, -9], [1, 5, 8, 1], [3, 2, 1, -6], [1, 1, 3, 2]])
    return x, np.array([[3, -1, 4], [1, -5, 9], [2, 6, -7]])


# %% answer="6.6"
def backward_by_rule(grad_output, x, weights, stride, padding, border, operation, ties):
    # Pad an array of cell numbers instead of the values: each tap then knows the cell that it sees.
    mode = {"skip": "constant", "edge": "edge", "wrap": "wrap"}[border]
    cells = np.arange(x.size).reshape(x.shape)
    fill = {"constant_values": -1} if border == "skip" else {}
    cells = np.pad(cells, padding, mode=mode, **fill)
    back = np.zeros(x.size)
    kh, kw = weights.shape
    for i, row in enumerate(grad_output):
        for j, sent in enumerate(row):
            seen = cells[i * stride : i * stride + kh, j * stride : j * stride + kw].ravel()
            weight = weights.ravel()[seen >= 0]
            seen = seen[seen >= 0]
            values = x.ravel()[seen] * weight
            if operation == "sum":
                share = np.ones(len(seen))
            else:
                share = (values == (np.max if operation == "max" else np.min)(values)).astype(float)
                if ties == "first":
                    share[np.flatnonzero(share)[1:]] = 0
                if ties == "last":
                    share[np.flatnonzero(share)[:-1]] = 0
                if ties == "split":
                    share /= share.sum()
            np.add.at(back, seen, sent * share * weight)
    return back.reshape(x.shape)
