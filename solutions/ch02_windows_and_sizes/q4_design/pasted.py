from poolkit.windows import Window


def design(n, o, s):
    pairs = Window.of(s, padding="same", axes=1, input_size=(n,)).padding
    return s, pairs[0][1]
