# Whole arrays: windows, tables of weights, phases as axes.

def blur_pool_plane(x, taps, stride):
    taps = np.asarray(taps, dtype=np.float64)
    half = taps.size // 2
    wrapped = np.pad(x, half, mode="wrap").astype(np.float64)
    windows = np.lib.stride_tricks.sliding_window_view(wrapped, (taps.size, taps.size))[::stride, ::stride]
    return np.einsum("ijab,a,b->ij", windows, taps, taps) / taps.sum() ** 2
