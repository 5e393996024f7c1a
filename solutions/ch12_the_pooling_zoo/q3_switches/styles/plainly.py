# Plain loops: one channel, one window, one cell at a time.

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
