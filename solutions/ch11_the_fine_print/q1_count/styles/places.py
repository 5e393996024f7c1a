# Plain Python: lists of places, one window at a time.

def count_windows(n, kernel_size, stride, padding, dilation, ceil_mode):
    covers = (kernel_size - 1) * dilation
    starts = [start for start in range(-padding, n + padding, stride) if start + covers < n + padding]
    if ceil_mode and starts[-1] + covers < n + padding - 1 and starts[-1] + stride < n:
        starts.append(starts[-1] + stride)
    return len(starts)
