# What somebody could paste together for chapter 1 from the chapters and poolkit. Judged without the ban on calling
# poolkit, since pasted code calls nothing.

# %% answer="1.1"
from poolkit.reference import max_pool_row


def edges(row):
    return row[:-1] - row[1:]


def predict():
    row = np.array([0, 0, 1, 1, 1, 0, 0])
    here, right, left = edges(row), edges(np.roll(row, 1)), edges(np.roll(row, -1))
    return [here, *(max_pool_row(response, 2, 2) for response in (here, right, left))]


# %% answer="1.2"
def correlate_row(x, kernel):
    response = []
    for j in range(len(x) - len(kernel) + 1):
        total = 0
        for v in range(len(kernel)):
            total += kernel[v] * x[j + v]
        response.append(total)
    return response


def correlate(x, kernel):
    return np.array([correlate_row(row, kernel[0]) for row in x], dtype=float)


# %% answer="1.3"
def two_maps(kernel_size, step):
    tolerated = np.zeros((4, 4))
    tolerated[0, 0] = 1
    broken = np.zeros((4, 4))
    broken[1, 1] = 1
    return tolerated, broken


# %% answer="1.4"
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


# %% answer="1.5"
from poolkit.reference import max_pool
from poolkit.windows import Window


def harmless(position, kernel_size, stride, length):
    pooled = max_pool(np.eye(length), Window.of(kernel_size, stride, axes=1))
    same = (pooled == pooled[position]).all(axis=1)
    return [place for place in range(length) if same[place] and place != position]
