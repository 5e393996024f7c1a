# No padded array at all: each window is cropped to the plane, in comprehensions; and clamped, where that is the same.

def avg_pool2d_torch(x, kernel_size, stride, padding, count_include_pad):
    k, s, p = kernel_size, stride, padding
    sums, counts = [], []
    for i in range(-p, x.shape[2] + p - k + 1, s):
        for j in range(-p, x.shape[3] + p - k + 1, s):
            window = x[:, :, max(i, 0) : i + k, max(j, 0) : j + k]
            sums.append(window.sum((2, 3)))
            counts.append(k * k if count_include_pad else window.shape[2] * window.shape[3])
    columns = (x.shape[3] + 2 * p - k) // s + 1
    return torch.stack([a / b for a, b in zip(sums, counts)], -1).unflatten(-1, (-1, columns))
