def running_sum(x):
    return np.array([x[: i + 1].sum() for i in range(len(x))], dtype=x.dtype)
