# Arrays: index tables instead of loops over windows.

def count_windows(n, kernel_size, stride, padding, dilation, ceil_mode):
    steps = (n + 2 * padding - 1 - dilation * (kernel_size - 1)) / stride
    if ceil_mode:
        return int(min(np.ceil(steps), np.ceil((n + padding) / stride) - 1)) + 1
    return int(np.floor(steps)) + 1
