def three_numbers():
    return list(map(float, np.array([-1e20, 1e20, 5.0])))
