# Every pooling as numbers of cells: index arrays, bincount, add.at, and the transposed matrix of an average.

# %% answer="6.1"
def along(outputs, cells, k, stride, padding):
    """The matrix of a one-dimensional average: a row for each output."""
    start = np.arange(outputs)[:, None] * stride - padding
    at = np.arange(cells)[None, :]
    return ((at >= start) & (at < start + k)) / k


def avg_pool2d_backward(grad_output, input_size, kernel_size, stride, padding):
    rows = along(grad_output.shape[2], input_size[0], kernel_size[0], stride, padding)
    columns = along(grad_output.shape[3], input_size[1], kernel_size[1], stride, padding)
    return np.einsum("ncij,ih,jw->nchw", grad_output, rows, columns)


# %% answer="6.2"
def max_pool2d_backward(grad_output, x, kernel_size, stride, padding):
    n, c, h, w = x.shape
    back = np.zeros((n * c, h * w))
    planes = x.reshape(n * c, h, w)
    for plane, sent in enumerate(grad_output.reshape(n * c, *grad_output.shape[2:])):
        for i in range(sent.shape[0]):
            for j in range(sent.shape[1]):
                winner, greatest = None, None
                for row in range(i * stride - padding, i * stride - padding + kernel_size[0]):
                    for column in range(j * stride - padding, j * stride - padding + kernel_size[1]):
                        if row < 0 or column < 0 or row >= h or column >= w:
                            continue
                        if winner is None or planes[plane, row, column] > greatest:
                            winner, greatest = row * w + column, planes[plane, row, column]
                back[plane, winner] += sent[i, j]
    return back.reshape(x.shape)


# %% answer="6.3"
class First(torch.autograd.Function):
    @staticmethod
    def forward(ctx, windows):
        values, winners = windows.max(dim=-1)
        ctx.save_for_backward(winners)
        ctx.taps = windows.shape[-1]
        return values

    @staticmethod
    def backward(ctx, sent):
        (winners,) = ctx.saved_tensors
        back = sent.new_zeros(*sent.shape, ctx.taps)
        return back.scatter_(-1, winners.unsqueeze(-1), sent.unsqueeze(-1))


def max_pool2d_first(x, kernel_size, stride):
    return First.apply(x.unfold(2, kernel_size, stride).unfold(3, kernel_size, stride).flatten(-2))


# %% answer="6.4"
def one_pool(windows, operation):
    functions = {"max": np.max, "mean": np.mean, "norm": np.linalg.norm}
    return np.array([functions[operation](window) for window in windows])


def gradient_by_differences(x, grad_output, kernel_size, stride, operation, step):
    kh, kw = kernel_size
    x = np.asarray(x, np.float64)
    nudges = np.eye(x.size).reshape(-1, *x.shape) * step
    starts = [(i * stride, j * stride) for i in range(grad_output.shape[0]) for j in range(grad_output.shape[1])]

    def loss(plane):
        return grad_output.ravel() @ one_pool([plane[r : r + kh, c : c + kw] for r, c in starts], operation)

    return np.array([(loss(x + nudge) - loss(x - nudge)) / (2 * step) for nudge in nudges]).reshape(x.shape)


# %% answer="6.5"
def expose_backward():
    x = np.zeros((4, 4))
    x[1, 1] = 9
    x[2, 2:] = 8
    x[3, 0] = -20
    return x, np.arange(9.0).reshape(3, 3) ** 2 - 10.5


# %% answer="6.6"
def backward_by_rule(grad_output, x, weights, stride, padding, border, operation, ties):
    h, w = x.shape

    def cell(at, n):
        if 0 <= at < n:
            return at
        return {"skip": None, "edge": 0 if at < 0 else n - 1, "wrap": at % n}[border]

    def taps(i, j):
        for u in range(weights.shape[0]):
            for v in range(weights.shape[1]):
                row, column = cell(i * stride - padding + u, h), cell(j * stride - padding + v, w)
                if row is not None and column is not None:
                    yield float(weights[u, v]), row, column

    def chosen(seen):
        if operation == "sum":
            return [1.0] * len(seen)
        values = [weight * x[row, column] for weight, row, column in seen]
        best = max(values) if operation == "max" else min(values)
        won = [index for index, value in enumerate(values) if value == best]
        won = {"first": won[:1], "last": won[-1:]}.get(ties, won)
        part = 1 / len(won) if ties == "split" else 1.0
        return [part if index in won else 0.0 for index in range(len(seen))]

    back = np.zeros((h, w))
    for i in range(grad_output.shape[0]):
        for j in range(grad_output.shape[1]):
            seen = list(taps(i, j))
            for part, (weight, row, column) in zip(chosen(seen), seen):
                back[row, column] = back[row, column] + grad_output[i, j] * weight * part
    return back
