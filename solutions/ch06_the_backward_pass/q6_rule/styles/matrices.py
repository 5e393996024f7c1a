# Every pooling as numbers of cells: index arrays, bincount, add.at, and the transposed matrix of an average.

def backward_by_rule(grad_output, x, weights, stride, padding, border, operation, ties):
    h, w = x.shape

    def cell(at, n):
        if 0 <= at < n:
            return at
        return {"skip": None, "edge": 0 if at < 0 else n - 1, "wrap": at % n}[border]

    def taps(i, j):
        for u in range(weights.shape[0]):
            for v in range(weights.shape[1]):
                row, column = cell(i * stride - padding + u, h), cell(j * stride - padding + v, w)
                if row is not None and column is not None:
                    yield float(weights[u, v]), row, column

    def chosen(seen):
        if operation == "sum":
            return [1.0] * len(seen)
        values = [weight * x[row, column] for weight, row, column in seen]
        best = max(values) if operation == "max" else min(values)
        won = [index for index, value in enumerate(values) if value == best]
        won = {"first": won[:1], "last": won[-1:]}.get(ties, won)
        part = 1 / len(won) if ties == "split" else 1.0
        return [part if index in won else 0.0 for index in range(len(seen))]

    back = np.zeros((h, w))
    for i in range(grad_output.shape[0]):
        for j in range(grad_output.shape[1]):
            seen = list(taps(i, j))
            for part, (weight, row, column) in zip(chosen(seen), seen):
                back[row, column] = back[row, column] + grad_output[i, j] * weight * part
    return back
