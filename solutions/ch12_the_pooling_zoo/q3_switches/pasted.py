from poolkit.reference import max_pool
from poolkit.windows import Window


def pool_and_unpool(x, kernel_size, stride):
    y, switches = max_pool(x, Window.of(kernel_size, stride), return_indices=True)
    back = np.zeros_like(x)
    back.flat[switches.ravel()] = y.ravel()
    return y, switches, back
