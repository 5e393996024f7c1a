def distance(x, y):
    return (x - y).square().sum()
