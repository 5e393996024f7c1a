# All in one: as few tests as can be, with numbers that are drawn.

def catching_input(kernel_size, stride, operation, fill):
    below = fill - 3 - np.random.default_rng(5).random((9, 8))
    above = fill + 3 + np.random.default_rng(6).random((9, 8))
    return np.hstack([above, below])
