# Gathered columns: an array of indices picks every tap of every window, then one reduction over the taps.

def expose_mixing():
    return np.sqrt(np.arange(2.0 * 3 * 6 * 6)).reshape(2, 3, 6, 6) * -1
