# Every pooling as numbers of cells: index arrays, bincount, add.at, and the transposed matrix of an average.

def max_pool2d_backward(grad_output, x, kernel_size, stride, padding):
    n, c, h, w = x.shape
    back = np.zeros((n * c, h * w))
    planes = x.reshape(n * c, h, w)
    for plane, sent in enumerate(grad_output.reshape(n * c, *grad_output.shape[2:])):
        for i in range(sent.shape[0]):
            for j in range(sent.shape[1]):
                winner, greatest = None, None
                for row in range(i * stride - padding, i * stride - padding + kernel_size[0]):
                    for column in range(j * stride - padding, j * stride - padding + kernel_size[1]):
                        if row < 0 or column < 0 or row >= h or column >= w:
                            continue
                        if winner is None or planes[plane, row, column] > greatest:
                            winner, greatest = row * w + column, planes[plane, row, column]
                back[plane, winner] += sent[i, j]
    return back.reshape(x.shape)
