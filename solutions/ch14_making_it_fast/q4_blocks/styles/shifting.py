# Shifts: the row against itself, moved by a few cells; plans are made from the top.

def meet_in_the_middle(x, k):
    n = len(x)
    filled = np.concatenate([x, np.full(-n % k, -np.inf)]).reshape(-1, k)
    from_start = np.maximum.accumulate(filled, axis=1).ravel()[:n]
    to_end = np.maximum.accumulate(filled[:, ::-1], axis=1)[:, ::-1].ravel()[:n]
    y = np.array([max(to_end[t], from_start[t + k - 1]) for t in range(n - k + 1)])
    return from_start, to_end, y
