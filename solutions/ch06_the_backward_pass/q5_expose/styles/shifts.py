# One pass for each tap of the window: whole shifted slices are added at once.

def expose_backward():
    x = np.array([[6, 6, 1, -9], [1, 5, 8, 1], [3, 2, 1, -6], [1, 1, 3, 2]])
    return x, np.array([[3, -1, 4], [1, -5, 9], [2, 6, -7]])
