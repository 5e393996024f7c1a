# Arrays: index tables instead of loops over windows.

def corner_case():
    return [np.arange(63).reshape(7, 9) ** 2, np.array([2, 5]), np.array([2, 5]), np.array([1, 2])]
