# Every pooling as numbers of cells: index arrays, bincount, add.at, and the transposed matrix of an average.

def expose_backward():
    x = np.zeros((4, 4))
    x[1, 1] = 9
    x[2, 2:] = 8
    x[3, 0] = -20
    return x, np.arange(9.0).reshape(3, 3) ** 2 - 10.5
