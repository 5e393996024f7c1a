def distance(x, y):
    return sum((a - b) ** 2 for a, b in zip(x.flatten(), y.flatten()))
