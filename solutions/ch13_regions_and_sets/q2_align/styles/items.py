# Item by item: one sample, one set, one edge at a time.

def roi_align_plane(x, box, outputs, samples, operation):
    from math import floor

    h, w = x.shape
    left, top, right, bottom = box

    def cell(i, j):
        return float(x[min(max(i, 0), h - 1), min(max(j, 0), w - 1)])

    def read(row, column):
        i, j = floor(row - 0.5), floor(column - 0.5)
        total = 0.0
        for di in (0, 1):
            for dj in (0, 1):
                share = (1 - abs(row - 0.5 - i - di)) * (1 - abs(column - 0.5 - j - dj))
                total += share * cell(i + di, j + dj)
        return total

    y = []
    for o in range(outputs[0]):
        y.append([])
        for q in range(outputs[1]):
            seen = []
            for a in range(samples):
                row = top + (bottom - top) * (o * samples + a + 0.5) / (outputs[0] * samples)
                for b in range(samples):
                    seen.append(read(row, left + (right - left) * (q * samples + b + 0.5) / (outputs[1] * samples)))
            y[-1].append(max(seen) if operation == "max" else sum(seen) / len(seen))
    return np.array(y)
