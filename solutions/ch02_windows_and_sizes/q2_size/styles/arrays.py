# Whole arrays at once: ranges, meshes and products of tables.

def output_size(input_size, kernel_size, stride=None, padding=(0, 0)):
    n, k, p = map(np.array, (input_size, kernel_size, padding))
    s = k if stride is None else np.array(stride)
    size = np.floor((n + 2 * p - k) / s).astype(int) + 1
    if size.min() < 1:
        raise ValueError(f"output of {size}")
    return size
