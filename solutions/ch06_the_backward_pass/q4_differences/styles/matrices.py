# Every pooling as numbers of cells: index arrays, bincount, add.at, and the transposed matrix of an average.

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
