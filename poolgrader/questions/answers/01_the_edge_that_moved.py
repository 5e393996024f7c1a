# GENERATED from solutions/01_the_edge_that_moved.py by `make exercises`; do not edit.

# %% answer="1.1"
def predict():
    """Return the response, and the pooled response as it is, moved right, and moved left."""
    return [0, -1, 0, 0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 1, 0]

# %% answer="1.2"
def correlate(x, kernel):
    """Correlate a plane (h, w) with a filter (kh, kw), without padding."""
    kh, kw = kernel.shape
    height = x.shape[0] - kh + 1
    width = x.shape[1] - kw + 1
    y = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            total = 0.0
            for u in range(kh):
                for v in range(kw):
                    total += kernel[u, v] * x[i + u, j + v]
            y[i, j] = total
    return y

# %% answer="1.3"
def two_maps(kernel_size, step):
    """Return a map that this move leaves alone under max pooling, and one that it changes everywhere."""
    k = kernel_size
    tolerated = np.zeros((2 * k, 2 * k))
    broken = np.zeros((2 * k, 2 * k))
    stays = [0 if d >= 0 else k - 1 for d in step]
    leaves = [k - 1 if d >= 0 else 0 for d in step]
    tolerated[stays[0], stays[1]] = 1
    broken[leaves[0] :: k, leaves[1] :: k] = [[1, 2], [3, 4]]
    return tolerated, broken

# %% answer="1.4"
def shift_search(x, kernel_size, operation, border):
    """Count the pooled outputs that stay the same, for each of the nine moves by at most one pixel."""
    k = kernel_size
    combine = {"max": np.max, "min": np.min, "sum": np.sum}[operation]
    h, w = x.shape

    def pool(plane):
        rows, columns = plane.shape[0] // k, plane.shape[1] // k
        return combine(plane.reshape(rows, k, columns, k), axis=(1, 3))

    def moved(dr, dc):
        y = np.zeros((h, w))
        for i in range(h):
            for j in range(w):
                row, column = i - dr, j - dc
                if border == "edge":
                    row, column = min(max(row, 0), h - 1), min(max(column, 0), w - 1)
                elif border == "wrap":
                    row, column = row % h, column % w
                if 0 <= row < h and 0 <= column < w:
                    y[i, j] = x[row, column]
        return y

    counts = np.zeros((3, 3), dtype=int)
    for dr in (-1, 0, 1):
        for dc in (-1, 0, 1):
            counts[dr + 1, dc + 1] = np.sum(pool(moved(dr, dc)) == pool(x))
    return counts

# %% answer="1.5"
def harmless(position, kernel_size, stride, length):
    """Return the other places of one active pixel that give the same max-pooled row."""

    def windows(place):
        starts = range(0, length - kernel_size + 1, stride)
        return [start for start in starts if start <= place < start + kernel_size]

    return [q for q in range(length) if q != position and windows(q) == windows(position)]
