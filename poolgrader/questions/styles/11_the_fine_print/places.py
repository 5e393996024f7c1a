# Plain Python: lists of places, one window at a time.

# %% answer="11.1"
def count_windows(n, kernel_size, stride, padding, dilation, ceil_mode):
    covers = (kernel_size - 1) * dilation
    starts = [start for start in range(-padding, n + padding, stride) if start + covers < n + padding]
    if ceil_mode and starts[-1] + covers < n + padding - 1 and starts[-1] + stride < n:
        starts.append(starts[-1] + stride)
    return len(starts)


# %% answer="11.2"
def avg_pool_row(x, kernel_size, stride, padding, outputs, count_include_pad, divisor_override):
    row = list(x)
    result = []
    for o in range(outputs):
        places = [o * stride - padding + tap for tap in range(kernel_size)]
        real = [place for place in places if 0 <= place < len(row)]
        exists = [place for place in places if place < len(row) + padding]
        count = divisor_override or (len(exists) if count_include_pad else len(real))
        result.append(sum(row[place] for place in real) / count)
    return np.array(result)


# %% answer="11.3"
def dilated_max_pool2d(x, kernel_size, stride, padding, dilation):
    stride = kernel_size if stride is None else stride
    size = [
        (n + 2 * p - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(x.shape[2:], kernel_size, stride, padding, dilation)
    ]
    outputs = []
    for i in range(size[0]):
        for j in range(size[1]):
            rows = [i * stride[0] - padding[0] + u * dilation[0] for u in range(kernel_size[0])]
            columns = [j * stride[1] - padding[1] + v * dilation[1] for v in range(kernel_size[1])]
            rows = [row for row in rows if 0 <= row < x.shape[2]]
            columns = [column for column in columns if 0 <= column < x.shape[3]]
            outputs.append(x[:, :, rows][..., columns].flatten(2).max(dim=-1).values)
    return torch.stack(outputs, dim=-1).reshape(*x.shape[:2], *size)


# %% answer="11.4"
def corner_case():
    x = np.random.default_rng(11).random((8, 7))
    return x, [3, 2], [2, 2], [1, 1]


# %% answer="11.5"
def avg_pool_by_rule(x, kernel_size, stride, dilation, padding, last, divisor, nan, empty):
    before, after = padding
    end = len(x) + after
    windows = []
    start = -before
    while start + dilation * (kernel_size - 1) < end:
        windows.append([start + tap * dilation for tap in range(kernel_size)])
        start += stride
    if last != "fit" and windows[-1][-1] != end - 1:
        more = [start + tap * dilation for tap in range(kernel_size)]
        if last == "hang" or any(0 <= place < len(x) for place in more):
            windows.append(more)
    result = []
    for places in windows:
        total, numbers, count = 0.0, 0, 0
        for place in places:
            real = 0 <= place < len(x)
            if real and nan == "skip" and x[place] != x[place]:
                continue
            if real:
                total, numbers = total + x[place], numbers + 1
            if divisor == "taps" or real or (divisor == "padded" and -before <= place < end):
                count += 1
        result.append(total / count if numbers else empty)
    return np.array(result, dtype=float)
