# Loops over cells, and lists on the way.

def read_verdict():
    points, holding, failing = 0.2 + 0.2, 2, 1
    return [[points, holding, failing], np.array([0, 0]), [11.5, 19.5]]
