# One pass for each tap of the window: whole shifted slices are added at once.

def backward_by_rule(grad_output, x, weights, stride, padding, border, operation, ties):
    # Pad an array of cell numbers instead of the values: each tap then knows the cell that it sees.
    mode = {"skip": "constant", "edge": "edge", "wrap": "wrap"}[border]
    cells = np.arange(x.size).reshape(x.shape)
    fill = {"constant_values": -1} if border == "skip" else {}
    cells = np.pad(cells, padding, mode=mode, **fill)
    back = np.zeros(x.size)
    kh, kw = weights.shape
    for i, row in enumerate(grad_output):
        for j, sent in enumerate(row):
            seen = cells[i * stride : i * stride + kh, j * stride : j * stride + kw].ravel()
            weight = weights.ravel()[seen >= 0]
            seen = seen[seen >= 0]
            values = x.ravel()[seen] * weight
            if operation == "sum":
                share = np.ones(len(seen))
            else:
                share = (values == (np.max if operation == "max" else np.min)(values)).astype(float)
                if ties == "first":
                    share[np.flatnonzero(share)[1:]] = 0
                if ties == "last":
                    share[np.flatnonzero(share)[:-1]] = 0
                if ties == "split":
                    share /= share.sum()
            np.add.at(back, seen, sent * share * weight)
    return back.reshape(x.shape)
