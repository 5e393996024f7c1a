# No padded array at all: each window is cropped to the plane, in comprehensions; and clamped, where that is the same.

def border_case():
    x = -1e250 * (1 + np.random.default_rng(7).random((10, 11)))
    return x, np.array([5, 3]), np.array([3, 2]), np.array([2, 1])
