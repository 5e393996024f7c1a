def running_sum(x):
    return np.cumsum(x, dtype=x.dtype)
