# Loops over cells, and lists on the way.

def cut_window(x, i, j, kernel_size, stride):
    kh, kw = kernel_size
    window = np.zeros((kh, kw), dtype=x.dtype)
    for u in range(kh):
        for v in range(kw):
            window[u, v] = x[i * stride + u, j * stride + v]
    return window
