# Arrays of indices, and numpy's own strides.

def read_verdict():
    return (0.4, 2, 1), (0, 0), (11.5, 19.5)
