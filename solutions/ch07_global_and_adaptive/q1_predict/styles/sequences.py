# Plain Python: one bin, one position, one token at a time.

def predict():
    return (3.0, 5.0, 3.0), (6.0, 3.0, 4.0), (5.0, 5.0, 7.0, 7.0)
