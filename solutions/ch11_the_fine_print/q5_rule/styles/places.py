# Plain Python: lists of places, one window at a time.

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
