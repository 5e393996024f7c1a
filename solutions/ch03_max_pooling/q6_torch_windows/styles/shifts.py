# One pass for each tap of the window: the running maximum of shifted slices.

def max_pool2d_torch(x, kernel_size, stride):
    h = (x.shape[2] - kernel_size) // stride + 1
    w = (x.shape[3] - kernel_size) // stride + 1
    y = None
    for u in range(kernel_size):
        for v in range(kernel_size):
            tap = x[:, :, u : u + (h - 1) * stride + 1 : stride, v : v + (w - 1) * stride + 1 : stride]
            y = tap if y is None else torch.maximum(y, tap)
    return y
