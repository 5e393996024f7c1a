# Whole arrays at once: ranges, meshes and products of tables.

def who_sees(n, offsets, stride, before, after, keep):
    if keep == "begun":
        count = -(-(n + before) // stride)
    else:
        count = (n + before + after - max(offsets) - 1) // stride + 1
    table = np.zeros((count, n), dtype=int)
    window, tap = np.meshgrid(np.arange(count), offsets, indexing="ij")
    cell = window * stride - before + tap
    inside = (cell >= 0) & (cell < n)
    table[window[inside], cell[inside]] = 1
    return table
