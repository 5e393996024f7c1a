# Strided views: all windows in axes of their own, then one mean; weights by broadcasting.

def predict():
    row = np.array([6, 0, 3, 9, -3, 0])
    pairs = row.reshape(-1, 2)
    threes = np.lib.stride_tricks.sliding_window_view(row, 3)
    return threes.mean(-1), pairs.mean(-1), np.trunc(pairs.mean(-1)).astype(int)
