from poolkit.reference import max_pool_row


def edges(row):
    return row[:-1] - row[1:]


def predict():
    row = np.array([0, 0, 1, 1, 1, 0, 0])
    here, right, left = edges(row), edges(np.roll(row, 1)), edges(np.roll(row, -1))
    return [here, *(max_pool_row(response, 2, 2) for response in (here, right, left))]
