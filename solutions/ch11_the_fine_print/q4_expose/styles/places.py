# Plain Python: lists of places, one window at a time.

def corner_case():
    x = np.random.default_rng(11).random((8, 7))
    return x, [3, 2], [2, 2], [1, 1]
