# Item by item: one sample, one set, one edge at a time.

def predict():
    return [4 + 16 + 64, (7, 5), 6.0]
