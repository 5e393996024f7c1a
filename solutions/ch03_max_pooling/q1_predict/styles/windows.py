# Strided views: all windows in axes of their own, then one reduction.

def predict():
    row = np.array([3, -1, 0, -2, -5, -4])
    view = np.lib.stride_tricks.sliding_window_view
    return view(row, 3).max(-1), view(row, 2)[::2].max(-1), view(row, 3)[::2].max(-1)
