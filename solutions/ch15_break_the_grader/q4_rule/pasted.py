def catching_input(kernel_size, stride, operation, fill):
    return -1e300 * np.arange(1, 64).reshape(7, 9)
