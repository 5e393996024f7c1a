from poolkit.windows import Window


def predict():
    settings = ((6, 3, 1, 0), (9, 3, 1, 1), (9, 3, 2, 1), (8, 3, 3, 0))
    return [Window.of(k, s, p, axes=1).output_size((n,))[0] for n, k, s, p in settings]
