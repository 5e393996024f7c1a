# Whole arrays: all runs, all images, all recipes at once.

def misleading_tables():
    rng = np.random.default_rng(5)
    first = np.empty((2, 3, 4))
    first[0], first[1] = [[30], [60], [50]], [[40], [35], [80]]
    base = rng.permutation([5.0, 25.0, 45.0, 55.0, 75.0, 95.0])
    return first, np.stack([base + np.linspace(1, 2, 6), base]), np.stack([np.r_[np.full(4, 71.0), 9, 9], np.full(6, 70)])
