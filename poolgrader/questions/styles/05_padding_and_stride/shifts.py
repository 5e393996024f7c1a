# One pass for each tap of the window: slices of a padded array, stepped and shifted.

# %% answer="5.1"
def predict():
    return np.array([-3, -3, -6]), np.array([-4, -6, -5]), np.array([-6, -6, -7.5])


# %% answer="5.2"
def stepped(padded, kernel, stride):
    h, w = ((n - k) // s + 1 for n, k, s in zip(padded.shape, kernel, stride))
    for u in range(kernel[0]):
        for v in range(kernel[1]):
            yield padded[u : u + (h - 1) * stride[0] + 1 : stride[0], v : v + (w - 1) * stride[1] + 1 : stride[1]]


def max_pool_plane(x, kernel_size, stride=None, padding=((0, 0), (0, 0))):
    identity = np.finfo(x.dtype).min * np.inf if np.issubdtype(x.dtype, np.floating) else np.iinfo(x.dtype).min
    padded = np.pad(x, padding, constant_values=identity)
    return np.maximum.reduce(list(stepped(padded, kernel_size, stride or kernel_size)))


# %% answer="5.3"
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


# %% answer="5.4"
def border_case():
    x = -np.logspace(300, 302, 90).reshape(9, 10)
    return [x, (2, 4), (1, 3), (1, 2)]


# %% answer="5.5"
def border_average(x, kernel_size, stride, padding, fill, share, empty):
    top, bottom, left, right = padding
    weight = np.full((top + x.shape[0] + bottom, left + x.shape[1] + right), share, dtype=float)
    value = np.full(weight.shape, fill, dtype=float)
    inside = np.s_[top : top + x.shape[0], left : left + x.shape[1]]
    weight[inside], value[inside] = 1, x
    sums = counts = 0
    h, w = ((n - k) // s + 1 for n, k, s in zip(weight.shape, kernel_size, stride))
    for u, v in np.ndindex(*kernel_size):
        tap = np.s_[u : u + (h - 1) * stride[0] + 1 : stride[0], v : v + (w - 1) * stride[1] + 1 : stride[1]]
        sums = sums + (weight * value)[tap]
        counts = counts + weight[tap]
    return np.where(counts == 0, empty, sums / np.where(counts == 0, 1, counts))


# %% answer="5.6"
def avg_pool2d_torch(x, kernel_size, stride, padding, count_include_pad):
    n, c, h, w = x.shape
    planes = x.reshape(n * c, 1, h, w)
    size = [(length + 2 * padding - kernel_size) // stride + 1 for length in (h, w)]
    columns = torch.nn.functional.unfold(planes, kernel_size, padding=padding, stride=stride)
    if count_include_pad:
        return columns.mean(1).reshape(n, c, *size)
    real = torch.nn.functional.unfold(torch.ones_like(planes), kernel_size, padding=padding, stride=stride)
    return (columns.sum(1) / real.sum(1)).reshape(n, c, *size)
