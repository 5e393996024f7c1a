# Plain loops: one channel, one window, one cell at a time.

# %% answer="12.1"
def gem_pool(x, p, eps):
    rows = []
    for image in x:
        row = []
        for channel, power in zip(image, p):
            cells = torch.maximum(channel, torch.full_like(channel, eps)).reshape(-1)
            scale = cells.detach().max()
            total = sum((cell / scale) ** power for cell in cells)
            row.append(scale * (total / len(cells)) ** (1 / power))
        rows.append(torch.stack(row))
    return torch.stack(rows)


# %% answer="12.2"
import math


def find_p(window, target):
    cells = sorted(float(cell) for cell in window)
    if target >= cells[-1]:
        return math.inf
    if target <= cells[0]:
        return -math.inf

    def mean(p):
        scale = cells[-1] if p > 0 else cells[0]
        return scale * (sum((cell / scale) ** p for cell in cells) / len(cells)) ** (1 / p)

    p, step = 0.5, 64.0
    while step > 1e-12:
        moved = p + step if mean(p) < target else p - step
        if moved != 0 and (mean(moved) < target) == (mean(p) < target):
            p = moved
        else:
            step /= 2
    return p


# %% answer="12.3"
def pool_and_unpool(x, kernel_size, stride):
    h, w = x.shape
    maxima, switches, back = [], [], np.zeros_like(x)
    for top in range(0, h - kernel_size[0] + 1, stride[0]):
        values, places = [], []
        for left in range(0, w - kernel_size[1] + 1, stride[1]):
            winner = (top, left)
            for row in range(top, top + kernel_size[0]):
                for column in range(left, left + kernel_size[1]):
                    if x[row, column] > x[winner]:
                        winner = (row, column)
            values.append(x[winner])
            places.append(winner[0] * w + winner[1])
            back[winner] = x[winner]
        maxima.append(values)
        switches.append(places)
    return np.array(maxima, dtype=x.dtype), np.array(switches), back


# %% answer="12.4"
def round_trips():
    return (
        [[-9, -8, 0, 0], [-7, -6, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
        [[0, 3, 0, 0], [0, 0, 0, 1], [2, 0, 0, 5], [0, 0, 0, 0]],
    )


# %% answer="12.5"
def power_pool(x, weights, stride, p, signs, share):
    kh, kw = weights.shape
    result = []
    for top in range(0, x.shape[0] - kh + 1, stride[0]):
        line = []
        for left in range(0, x.shape[1] - kw + 1, stride[1]):
            total, weight, greatest = 0.0, 0.0, None
            for u in range(kh):
                for v in range(kw):
                    cell = x[top + u, left + v]
                    if signs == "magnitude" and cell < 0:
                        cell = -cell
                    if signs == "positive" and cell < 0:
                        cell = 0.0
                    if weights[u, v] > 0 and (greatest is None or abs(cell) > abs(greatest)):
                        greatest = cell
                    if p != np.inf:
                        total += weights[u, v] * (cell**p if cell >= 0 else -((-cell) ** p))
                        weight += weights[u, v]
            if p == np.inf:
                line.append(greatest)
                continue
            if share:
                total /= weight
            line.append(total ** (1 / p) if total >= 0 else -((-total) ** (1 / p)))
        result.append(line)
    return np.array(result)
