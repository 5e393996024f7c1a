def two_maps(kernel_size, step):
    tolerated = np.zeros((4, 4))
    tolerated[0, 0] = 1
    broken = np.zeros((4, 4))
    broken[1, 1] = 1
    return tolerated, broken
