# Strided views and numpy's own padding: no loop over cells.

def two_maps(kernel_size, step):
    k = kernel_size
    down, right = step
    rows = slice(k - 1, None, k) if down > 0 else slice(0, None, k)
    columns = slice(k - 1, None, k) if right > 0 else slice(0, None, k)
    broken = np.zeros((3 * k, 3 * k))
    broken[rows, columns] = 1 + np.arange(9).reshape(3, 3)
    tolerated = np.zeros((k, 2 * k))
    tolerated[k - 1 if down < 0 else 0, k - 1 if right < 0 else 0] = 7
    return tolerated, broken
