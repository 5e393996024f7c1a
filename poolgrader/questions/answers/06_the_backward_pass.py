# GENERATED from solutions/06_the_backward_pass.py by `make exercises`; do not edit.

# %% answer="6.1"
def avg_pool2d_backward(grad_output, input_size, kernel_size, stride, padding):
    """Gradient of average pooling by its input (n, c, h, w)."""
    n, c, height, width = grad_output.shape
    h, w = input_size
    kh, kw = kernel_size
    grad_input = np.zeros((n, c, h, w))
    for i in range(height):
        for j in range(width):
            share = grad_output[:, :, i, j] / (kh * kw)
            for u in range(kh):
                for v in range(kw):
                    row, column = i * stride + u - padding, j * stride + v - padding
                    if 0 <= row < h and 0 <= column < w:
                        grad_input[:, :, row, column] += share
    return grad_input

# %% answer="6.2"
def max_pool2d_backward(grad_output, x, kernel_size, stride, padding):
    """Gradient of max pooling by its input (n, c, h, w); of equal winners the first gets it."""
    n, c, h, w = x.shape
    kh, kw = kernel_size
    padded = np.full((n, c, h + 2 * padding, w + 2 * padding), -np.inf)
    padded[:, :, padding : padding + h, padding : padding + w] = x
    grad_padded = np.zeros(padded.shape)
    for image, channel, i, j in np.ndindex(grad_output.shape):
        window = padded[image, channel, i * stride : i * stride + kh, j * stride : j * stride + kw]
        u, v = np.unravel_index(window.argmax(), window.shape)
        grad_padded[image, channel, i * stride + u, j * stride + v] += grad_output[image, channel, i, j]
    return grad_padded[:, :, padding : padding + h, padding : padding + w]

# %% answer="6.3"
def max_pool2d_first(x, kernel_size, stride):
    """Max pool a batch (n, c, h, w) of torch tensors; of equal winners the first gets the gradient."""
    windows = x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride).flatten(-2)
    winners = windows.argmax(dim=-1, keepdim=True)
    return windows.gather(-1, winners).squeeze(-1)

# %% answer="6.4"
def pooled(x, kernel_size, stride, operation):
    """Pool a plane: "max", "mean" or "norm"."""
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel_size)[::stride, ::stride]
    if operation == "norm":
        return np.sqrt(np.sum(windows**2, axis=(2, 3)))
    return windows.max(axis=(2, 3)) if operation == "max" else windows.mean(axis=(2, 3))


def gradient_by_differences(x, grad_output, kernel_size, stride, operation, step):
    """Central differences of sum(grad_output * pooled(x)), one for each cell of x (h, w)."""
    x = x.astype(np.float64)
    slopes = np.zeros(x.shape)
    for cell in np.ndindex(x.shape):
        sides = []
        for sign in (1, -1):
            moved = x.copy()
            moved[cell] += sign * step
            sides.append(np.sum(grad_output * pooled(moved, kernel_size, stride, operation)))
        slopes[cell] = (sides[0] - sides[1]) / (2 * step)
    return slopes

# %% answer="6.5"
def expose_backward():
    """Return (x, grad_output) on which a wrong backward pass shows itself."""
    x = np.array([[5.0, 5.0, 1.0, 0.0], [2.0, 3.0, 9.0, 4.0], [0.0, -7.0, 2.0, 3.0]])
    grad_output = np.array([[1.0, -2.0, 3.0], [4.0, 5.0, 6.0]])
    return x, grad_output

# %% answer="6.6"
def backward_by_rule(grad_output, x, weights, stride, padding, border, operation, ties):
    """Gradient of a pooling by its input (h, w), by the rule that the arguments give."""
    h, w = x.shape
    grad_input = np.zeros((h, w))
    for (i, j), sent in np.ndenumerate(grad_output):
        taps = []
        for (u, v), weight in np.ndenumerate(weights):
            row, column = i * stride + u - padding, j * stride + v - padding
            if border == "edge":
                row, column = min(max(row, 0), h - 1), min(max(column, 0), w - 1)
            elif border == "wrap":
                row, column = row % h, column % w
            elif not (0 <= row < h and 0 <= column < w):
                continue
            taps.append((weight * x[row, column], weight, row, column))
        if operation != "sum":
            best = max(taps)[0] if operation == "max" else min(taps)[0]
            taps = [tap for tap in taps if tap[0] == best]
            if ties == "first":
                taps = taps[:1]
            elif ties == "last":
                taps = taps[-1:]
        share = sent / len(taps) if operation != "sum" and ties == "split" else sent
        for _, weight, row, column in taps:
            grad_input[row, column] += share * weight
    return grad_input
