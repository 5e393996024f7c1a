from poolkit.reference import max_pool
from poolkit.windows import Window


def shift_search(x, kernel_size, operation, border):
    window = Window.of(kernel_size)
    counts = np.zeros((3, 3), dtype=int)
    for dr in (-1, 0, 1):
        for dc in (-1, 0, 1):
            moved = np.roll(x, (dr, dc), (0, 1))
            counts[dr + 1, dc + 1] = np.sum(max_pool(moved, window) == max_pool(x, window))
    return counts
