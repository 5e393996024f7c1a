# GENERATED from solutions/11_the_fine_print.py by `make exercises`; do not edit.

# %% answer="11.1"
def count_windows(n, kernel_size, stride, padding, dilation, ceil_mode):
    """Number of windows along one axis of n cells."""
    extent = dilation * (kernel_size - 1) + 1
    room = n + 2 * padding - extent
    if not ceil_mode:
        return room // stride + 1
    windows = -(-room // stride) + 1
    last = (windows - 1) * stride
    if last >= n + padding:
        windows -= 1
    return windows

# %% answer="11.2"
def avg_pool_row(x, kernel_size, stride, padding, outputs, count_include_pad, divisor_override):
    """Average pool a row (w), with torch's divisor."""
    n = len(x)
    y = np.empty(outputs)
    for o in range(outputs):
        start = o * stride - padding
        end = min(start + kernel_size, n + padding)
        seen = x[max(start, 0) : min(end, n)]
        if divisor_override is not None:
            divisor = divisor_override
        elif count_include_pad:
            divisor = end - start
        else:
            divisor = seen.size
        y[o] = seen.sum() / divisor
    return y

# %% answer="11.3"
def dilated_max_pool2d(x, kernel_size, stride, padding, dilation):
    """Max pool a batch (n, c, h, w) with taps that stand apart, differentiable."""
    if stride is None:
        stride = kernel_size
    kh, kw = kernel_size
    (sh, sw), (ph, pw), (dh, dw) = stride, padding, dilation
    padded = torch.nn.functional.pad(x, (pw, pw, ph, ph), value=-torch.inf)
    tall, wide = dh * (kh - 1) + 1, dw * (kw - 1) + 1
    windows = padded.unfold(2, tall, sh).unfold(3, wide, sw)
    taps = windows[..., ::dh, ::dw]
    return taps.amax(dim=(-2, -1))

# %% answer="11.4"
def corner_case():
    """Return (x, kernel_size, stride, padding): one test case that no wrong corner survives."""
    x = np.arange(1.0, 21.0).reshape(5, 4)
    return x, (2, 3), (2, 2), (1, 1)

# %% answer="11.5"
def avg_pool_by_rule(x, kernel_size, stride, dilation, padding, last, divisor, nan, empty):
    """Average pool a row (w) by a fine print that the arguments give."""
    n = len(x)
    before, after = padding
    extent = dilation * (kernel_size - 1) + 1
    room = before + n + after - extent
    fitting = windows = room // stride + 1
    if last != "fit" and room % stride:
        windows += 1
    y = []
    for o in range(windows):
        start = o * stride - before
        taps = range(start, start + extent, dilation)
        cells = [x[tap] for tap in taps if 0 <= tap < n]
        if o == fitting and last == "real" and not cells:
            break
        kept = cells
        if nan == "skip":
            kept = [cell for cell in cells if not np.isnan(cell)]
        padded = sum(-before <= tap < n + after for tap in taps)
        counted = {"taps": kernel_size, "padded": padded, "cells": len(cells)}[divisor]
        counted -= len(cells) - len(kept)
        y.append(sum(kept) / counted if kept else empty)
    return np.array(y)
