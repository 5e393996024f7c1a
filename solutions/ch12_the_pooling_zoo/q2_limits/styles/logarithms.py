# Logarithms, tables of indices, tables of windows: no loop over outputs.

def log_mean(window, p):
    exponents = p * np.log(window)
    top = exponents.max()
    return (top + np.log(np.exp(exponents - top).mean())) / p


def find_p(window, target):
    if target in (window.max(), window.min()):
        return float("inf") if target == window.max() else -float("inf")
    mean = window.mean()
    if abs(target - mean) < 1e-12 * mean:
        return 1.0
    low, high = -1.0, 1.001
    while log_mean(window, low) > np.log(target):
        low *= 2
    while log_mean(window, high) < np.log(target):
        high *= 2
    while high - low > 1e-10:
        middle = low + 0.49 * (high - low)
        if log_mean(window, middle) < np.log(target):
            low = middle
        else:
            high = middle
    return np.array(low)
