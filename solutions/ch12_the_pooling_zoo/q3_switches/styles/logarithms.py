# Logarithms, tables of indices, tables of windows: no loop over outputs.

def pool_and_unpool(x, kernel_size, stride):
    numbers = np.arange(x.size).reshape(x.shape)

    def windows(plane):
        view = np.lib.stride_tricks.sliding_window_view(plane, kernel_size)[:: stride[0], :: stride[1]]
        return view.reshape(*view.shape[:2], -1)

    best = windows(x).argmax(-1)[..., None]
    y = np.take_along_axis(windows(x), best, -1)[..., 0]
    switches = np.take_along_axis(windows(numbers), best, -1)[..., 0]
    won = np.isin(numbers, switches)
    return y, switches, np.where(won, x, 0)
