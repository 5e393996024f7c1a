# All in one: as few tests as can be, with numbers that are drawn.

def predict():
    bugs = {
        "A": lambda border, stride, square, negative: border and negative,
        "B": lambda border, stride, square, negative: not stride,
        "C": lambda border, stride, square, negative: not square,
        "D": lambda border, stride, square, negative: negative,
    }
    tests = [(True, True, True, True), (False, False, False, False), (False, True, True, True)]
    return tuple("".join(name for name, shows in bugs.items() if shows(*test)) for test in tests)
