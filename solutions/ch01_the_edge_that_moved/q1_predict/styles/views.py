# Strided views and numpy's own padding: no loop over cells.

def predict():
    def response(row):
        return row[:-1] - row[1:]

    def pooled(row):
        return response(row).reshape(-1, 2).max(axis=1)

    row = np.array([0, 0, 1, 1, 1, 0, 0])
    return response(row), pooled(row), pooled(np.r_[0, row[:-1]]), pooled(np.r_[row[1:], 0])
