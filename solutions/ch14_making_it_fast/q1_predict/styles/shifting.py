# Shifts: the row against itself, moved by a few cells; plans are made from the top.

def predict():
    every = 9 * 9 - 1
    passes = (9 - 1) + (9 - 1)
    steps = len([reach for reach in (1, 2, 4, 8) if reach < 9])
    return [every, passes, 2 * steps]
