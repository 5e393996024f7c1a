# Arrays of indices, and numpy's own strides.

def cut_window(x, i, j, kernel_size, stride):
    rows = i * stride + np.arange(kernel_size[0])
    columns = j * stride + np.arange(kernel_size[1])
    return x[np.ix_(rows, columns)]
