# Whole arrays at once: matrices of weights for the samples, one-hot matrices for the graph.

def twins():
    return (
        (np.array([10]), np.array([4, 6])),
        (np.array([0, 8]), np.array([4])),
        (np.array([7, 7]), np.array([7, -3])),
        (np.array([9, 1, 1, 1]), np.array([9, 0, 1, 2])),
    )
