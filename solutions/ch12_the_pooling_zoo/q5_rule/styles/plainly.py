# Plain loops: one channel, one window, one cell at a time.

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
