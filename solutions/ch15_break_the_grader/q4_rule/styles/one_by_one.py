# One by one: each test has one job, its outputs found by sliding windows.

def catching_input(kernel_size, stride, operation, fill):
    numbers = np.random.default_rng(8).permutation(140).reshape(14, 10) + 0.25
    signs = np.where(np.arange(14) < 7, 1, -1)[:, None]
    return fill + signs * numbers
