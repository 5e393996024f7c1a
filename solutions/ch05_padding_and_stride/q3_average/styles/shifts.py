# One pass for each tap of the window: slices of a padded array, stepped and shifted.

def sums_of(x, kernel, stride, padding):
    padded = np.pad(x, [(p, p) for p in padding])
    h, w = ((n - k) // s + 1 for n, k, s in zip(padded.shape, kernel, stride))
    total = np.zeros((h, w))
    for u in range(kernel[0]):
        for v in range(kernel[1]):
            total += padded[u : u + (h - 1) * stride[0] + 1 : stride[0], v : v + (w - 1) * stride[1] + 1 : stride[1]]
    return total


def avg_pool_plane(x, kernel_size, stride=None, padding=(0, 0), count_include_pad=True):
    stride = kernel_size if stride is None else stride
    sums = sums_of(x, kernel_size, stride, padding)
    if count_include_pad:
        return sums / (kernel_size[0] * kernel_size[1])
    return sums / sums_of(np.ones(x.shape), kernel_size, stride, padding)
