# Arrays: index tables instead of loops over windows.

# %% answer="11.1"
def count_windows(n, kernel_size, stride, padding, dilation, ceil_mode):
    steps = (n + 2 * padding - 1 - dilation * (kernel_size - 1)) / stride
    if ceil_mode:
        return int(min(np.ceil(steps), np.ceil((n + padding) / stride) - 1)) + 1
    return int(np.floor(steps)) + 1


# %% answer="11.2"
def avg_pool_row(x, kernel_size, stride, padding, outputs, count_include_pad, divisor_override):
    cells = np.concatenate([np.zeros(padding), x, np.zeros(padding + kernel_size + stride)])
    real = np.concatenate([np.zeros(padding), np.ones(len(x)), np.zeros(padding + kernel_size + stride)])
    there = (np.arange(len(cells)) < len(x) + 2 * padding).astype(float)
    at = np.arange(outputs)[:, None] * stride + np.arange(kernel_size)
    sums = cells[at].sum(axis=1)
    if divisor_override is not None:
        return sums / divisor_override
    return sums / (there if count_include_pad else real)[at].sum(axis=1)


# %% answer="11.3"
def dilated_max_pool2d(x, kernel_size, stride, padding, dilation):
    (kh, kw), (sh, sw) = kernel_size, stride or kernel_size
    (ph, pw), (dh, dw) = padding, dilation
    n, c, h, w = x.shape
    padded = x.new_full((n, c, h + 2 * ph, w + 2 * pw), float("-inf"))
    padded[:, :, ph : ph + h, pw : pw + w] = x
    rows = (h + 2 * ph - dh * (kh - 1) - 1) // sh + 1
    columns = (w + 2 * pw - dw * (kw - 1) - 1) // sw + 1
    i = torch.arange(rows)[:, None] * sh + torch.arange(kh) * dh
    j = torch.arange(columns)[:, None] * sw + torch.arange(kw) * dw
    windows = padded[:, :, i[:, None, :, None], j[None, :, None, :]]
    return windows.flatten(-2).max(-1).values


# %% answer="11.4"
def corner_case():
    return [np.arange(63).reshape(7, 9) ** 2, np.array([2, 5]), np.array([2, 5]), np.array([1, 2])]


# %% answer="11.5"
def avg_pool_by_rule(x, kernel_size, stride, dilation, padding, last, divisor, nan, empty):
    before, after = padding
    n = len(x)
    reach = dilation * (kernel_size - 1)
    whole = (before + n + after - reach - 1) // stride + 1
    left = before + n + after - reach - 1 - (whole - 1) * stride
    windows = whole + int(last != "fit" and left > 0)
    at = np.arange(windows)[:, None] * stride + np.arange(kernel_size) * dilation - before
    real = (at >= 0) & (at < n)
    if last == "real" and windows > whole and not real[-1].any():
        at, real = at[:-1], real[:-1]
    values = np.where(real, x[np.clip(at, 0, n - 1)], 0)
    skipped = np.isnan(values) if nan == "skip" else np.zeros(at.shape, dtype=bool)
    kinds = {"taps": np.ones(at.shape, dtype=bool), "padded": (at >= -before) & (at < n + after), "cells": real}
    counts = (kinds[divisor] & ~skipped).sum(axis=1)
    sums = np.where(skipped, 0, values).sum(axis=1)
    there = (real & ~skipped).any(axis=1)
    return np.where(there, sums / np.maximum(counts, 1), empty)
