def shares(x):
    return np.array([row / sum(row) for row in x])
