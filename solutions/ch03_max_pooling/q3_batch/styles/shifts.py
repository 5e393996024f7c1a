# One pass for each tap of the window: the running maximum of shifted slices.

def max_pool2d(x, kernel_size, stride=None, padding=0):
    if isinstance(kernel_size, int):
        kernel_size = (kernel_size, kernel_size)
    if stride is None:
        stride = kernel_size
    if isinstance(stride, int):
        stride = (stride, stride)
    if isinstance(padding, int):
        padding = (padding, padding)
    ph, pw = padding
    padded = np.pad(x, [(0, 0), (0, 0), (ph, ph), (pw, pw)], mode="constant", constant_values=-np.inf)
    h = 1 + (padded.shape[2] - kernel_size[0]) // stride[0]
    w = 1 + (padded.shape[3] - kernel_size[1]) // stride[1]
    taps = [
        padded[:, :, u : u + (h - 1) * stride[0] + 1 : stride[0], v : v + (w - 1) * stride[1] + 1 : stride[1]]
        for u in range(kernel_size[0])
        for v in range(kernel_size[1])
    ]
    return np.maximum.reduce(taps)
