def Scale(factor, offset):
    return lambda x: offset + factor * x
