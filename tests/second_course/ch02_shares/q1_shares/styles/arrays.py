def shares(x):
    return (x.T / x.sum(axis=1)).T.copy()
