# Whole arrays at once: matrices of weights for the samples, one-hot matrices for the graph.

def roi_align_plane(x, box, outputs, samples, operation):
    def weights(start, end, count, n):
        at = start + (end - start) * (np.arange(count * samples) + 0.5) / (count * samples)
        at = np.clip(at - 0.5, 0, n - 1)
        return np.clip(1 - np.abs(at[:, None] - np.arange(n)), 0, None)  # a tent over each cell

    (rows, columns), (left, top, right, bottom) = outputs, box
    fine = weights(top, bottom, rows, x.shape[0]) @ x @ weights(left, right, columns, x.shape[1]).T
    parts = fine.reshape(rows, samples, columns, samples)
    return parts.mean(axis=(1, 3)) if operation == "mean" else parts.max(axis=(1, 3))
