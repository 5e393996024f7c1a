# Windows: all of them at once by unfold or sliding_window_view; plans as a queue of what is left.

# %% answer="14.1"
def predict():
    return np.array([80, 16, 8])


# %% answer="14.2"
def max_pool2d_in_two_passes(x, kernel_size, stride, padding):
    def pool(y, axis, k, step, before):
        shape = list(y.shape)
        shape[axis] = before
        border = torch.full(shape, -torch.inf, dtype=y.dtype, device=y.device)
        return torch.cat([border, y, border], axis).unfold(axis, k, step).amax(-1)

    rows = pool(x, 3, kernel_size[1], stride[1], padding[1])
    return rows, pool(rows, 2, kernel_size[0], stride[0], padding[0])


# %% answer="14.3"
def doubling_plan(k, overlap):
    doublings = k.bit_length() - 1
    steps = [[row, row, 2**row] for row in range(doublings)]
    left, reach = k - 2**doublings, 2**doublings
    if overlap:
        return steps + ([[doublings, doublings, left]] if left else [])
    for row in reversed(range(doublings)):
        if left >= 2**row:
            steps.append([len(steps), row, reach])
            left, reach = left - 2**row, reach + 2**row
    return steps


# %% answer="14.4"
def meet_in_the_middle(x, k):
    n = len(x)
    from_start = [max(x[t // k * k : t + 1]) for t in range(n)]
    to_end = [max(x[t : t // k * k + k]) for t in range(n)]
    y = np.lib.stride_tricks.sliding_window_view(x, k).max(axis=1)
    return np.array(from_start), np.array(to_end), y


# %% answer="14.5"
def cost(method, planes, h, w, k, itemsize):
    oh, ow = h - k + 1, w - k + 1
    if method == "passes":
        comparisons = h * ow * (k - 1) + oh * ow * (k - 1)
        read, written, extra = h * w + h * ow, h * ow + oh * ow, 0
    else:
        comparisons = 0 if method == "floor" else oh * ow * (k * k - 1)
        read = oh * ow * k * k if method == "window" else h * w
        written, extra = oh * ow, 8 * oh * ow * (method == "indices")
    return planes * comparisons, planes * ((read + written) * itemsize + extra)


# %% answer="14.6"
def running(x, k, dilation, operation, border):
    from functools import reduce
    from math import gcd

    combine = {
        "max": max,
        "min": min,
        "sum": lambda a, b: a + b,
        "gcd": lambda a, b: gcd(int(a), int(b)),
    }[operation]
    y = []
    for t in range(len(x)):
        places = [t + tap * dilation for tap in range(k)]
        if border == "skip":
            places = [place for place in places if place < len(x)]
        elif border == "wrap":
            places = [place % len(x) for place in places]
        else:
            places = [min(place, len(x) - 1) for place in places]
        y.append(float(reduce(combine, [x[place] for place in places])))
    return np.array(y)
