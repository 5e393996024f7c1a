# Strided views: all windows in axes of their own, then one mean; weights by broadcasting.

def downsample(photo, factor):
    blocks = np.lib.stride_tricks.sliding_window_view(photo, (factor, factor), axis=(0, 1))
    sums = blocks[::factor, ::factor].sum(axis=(-2, -1), dtype=np.int64)
    cells = factor * factor
    return ((2 * sums + cells) // (2 * cells)).astype(np.uint8)
