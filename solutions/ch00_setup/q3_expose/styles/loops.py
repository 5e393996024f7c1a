# Loops over cells, and lists on the way.

def expose_bug():
    x = np.zeros((6, 7), dtype=int)
    for i in range(6):
        for j in range(7):
            x[i, j] = 10 * i + j
    return x, 1, 1, (3, 1), 3
