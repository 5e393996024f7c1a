# Windows: all of them at once by unfold or sliding_window_view; plans as a queue of what is left.

def meet_in_the_middle(x, k):
    n = len(x)
    from_start = [max(x[t // k * k : t + 1]) for t in range(n)]
    to_end = [max(x[t : t // k * k + k]) for t in range(n)]
    y = np.lib.stride_tricks.sliding_window_view(x, k).max(axis=1)
    return np.array(from_start), np.array(to_end), y
