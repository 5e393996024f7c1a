# Whole arrays at once: ranges, meshes and products of tables.

from itertools import product


def taps(output_index, input_size, kernel_size, stride, padding):
    along = [
        [at for at in range(o * s - p, o * s - p + k) if at in range(n)]
        for o, n, k, s, p in zip(output_index, input_size, kernel_size, stride, padding)
    ]
    return np.array(list(product(*along)))
