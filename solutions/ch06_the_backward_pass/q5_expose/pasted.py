def expose_backward():
    # The isolating inputs of the chapter's table, as they stand there: one window each.
    return np.full((2, 2), 3.0), np.ones((1, 1))
