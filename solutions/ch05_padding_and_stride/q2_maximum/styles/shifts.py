# One pass for each tap of the window: slices of a padded array, stepped and shifted.

def stepped(padded, kernel, stride):
    h, w = ((n - k) // s + 1 for n, k, s in zip(padded.shape, kernel, stride))
    for u in range(kernel[0]):
        for v in range(kernel[1]):
            yield padded[u : u + (h - 1) * stride[0] + 1 : stride[0], v : v + (w - 1) * stride[1] + 1 : stride[1]]


def max_pool_plane(x, kernel_size, stride=None, padding=((0, 0), (0, 0))):
    identity = np.finfo(x.dtype).min * np.inf if np.issubdtype(x.dtype, np.floating) else np.iinfo(x.dtype).min
    padded = np.pad(x, padding, constant_values=identity)
    return np.maximum.reduce(list(stepped(padded, kernel_size, stride or kernel_size)))
