def round_trips():
    return -np.ones((4, 4)), np.ones((4, 4))
