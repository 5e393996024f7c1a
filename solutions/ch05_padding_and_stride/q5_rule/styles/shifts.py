# One pass for each tap of the window: slices of a padded array, stepped and shifted.

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
