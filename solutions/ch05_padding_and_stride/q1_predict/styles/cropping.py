# No padded array at all: each window is cropped to the plane, in comprehensions; and clamped, where that is the same.

def predict():
    row = [-3, -9, -6]
    seen = [row[:2], row, row[1:]]
    return [max(w) for w in seen], [sum(w) / 3 for w in seen], [sum(w) / len(w) for w in seen]
