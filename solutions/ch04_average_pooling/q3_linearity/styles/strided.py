# Strided views: all windows in axes of their own, then one mean; weights by broadcasting.

def about_linearity():
    rng = np.random.default_rng(0)
    a, b, d = rng.random((3, 4, 6))
    a[::2, ::2] += 5
    b[1::2, 1::2] += 5
    d[::2, ::2] += 5
    return [a, b, -3, d]
