# Strided views and numpy's own padding: no loop over cells.

def harmless(position, kernel_size, stride, length):
    starts = np.arange(0, length - kernel_size + 1, stride)[:, None]
    places = np.arange(length)
    seen = (starts <= places) & (places < starts + kernel_size)
    same = (seen == seen[:, [position]]).all(axis=0)
    same[position] = False
    return np.flatnonzero(same)
