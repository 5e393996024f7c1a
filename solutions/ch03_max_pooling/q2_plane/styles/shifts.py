# One pass for each tap of the window: the running maximum of shifted slices.

def max_pool_plane(x, kernel_size):
    kh, kw = kernel_size
    h, w = x.shape[0] - kh + 1, x.shape[1] - kw + 1
    y = x[:h, :w].copy()
    for u in range(kh):
        for v in range(kw):
            y = np.maximum(y, x[u : u + h, v : v + w])
    return y
