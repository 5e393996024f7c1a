from poolkit.reference import max_pool
from poolkit.windows import Window


def harmless(position, kernel_size, stride, length):
    pooled = max_pool(np.eye(length), Window.of(kernel_size, stride, axes=1))
    same = (pooled == pooled[position]).all(axis=1)
    return [place for place in range(length) if same[place] and place != position]
