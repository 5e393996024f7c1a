# Arrays: index tables instead of loops over windows.

def avg_pool_row(x, kernel_size, stride, padding, outputs, count_include_pad, divisor_override):
    cells = np.concatenate([np.zeros(padding), x, np.zeros(padding + kernel_size + stride)])
    real = np.concatenate([np.zeros(padding), np.ones(len(x)), np.zeros(padding + kernel_size + stride)])
    there = (np.arange(len(cells)) < len(x) + 2 * padding).astype(float)
    at = np.arange(outputs)[:, None] * stride + np.arange(kernel_size)
    sums = cells[at].sum(axis=1)
    if divisor_override is not None:
        return sums / divisor_override
    return sums / (there if count_include_pad else real)[at].sum(axis=1)
