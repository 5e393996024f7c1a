# One pass for each tap: shifted slices, added up or compared. In 1.5 the first and the last window of a place.

def correlate(x, kernel):
    h, w = (n - k + 1 for n, k in zip(x.shape, kernel.shape))
    y = 0.0
    for (u, v), weight in np.ndenumerate(kernel):
        y = y + float(weight) * x[u : u + h, v : v + w]
    return y
