# Logarithms, tables of indices, tables of windows: no loop over outputs.

def round_trips():
    fails = np.arange(24).reshape(4, 6) + 1
    fails[2:, 4:] *= -1
    return fails, np.diag([3, 0, 7, 0]) + np.fliplr(np.diag([5, 0, 6, 0]))
