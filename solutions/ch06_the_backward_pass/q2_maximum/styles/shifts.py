# One pass for each tap of the window: whole shifted slices are added at once.

def max_pool2d_backward(grad_output, x, kernel_size, stride, padding):
    kh, kw = kernel_size
    height, width = grad_output.shape[2:]
    room = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), constant_values=-np.inf)

    def tap(array, u, v):
        return array[:, :, u : u + (height - 1) * stride + 1 : stride, v : v + (width - 1) * stride + 1 : stride]

    taps = [(u, v) for u in range(kh) for v in range(kw)]
    best = np.maximum.reduce([tap(room, u, v) for u, v in taps])
    back, open_ = np.zeros(room.shape), np.ones(grad_output.shape, bool)
    for u, v in taps:
        wins = open_ & (tap(room, u, v) == best)
        tap(back, u, v)[...] += wins * grad_output
        open_ &= ~wins
    return back[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]
