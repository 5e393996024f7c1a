# Arrays: index tables instead of loops over windows.

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
