# Running sums: shifted slices added up, cumulative sums, and integers until the last division.

def about_linearity():
    a = [[0, 0, 7], [0, 9, 7], [7, 7, 7]]
    b = [[9, 0, 1], [0, 0, 1], [1, 1, 1]]
    d = [[1, 2, 0], [3, 5, 0], [0, 0, 0]]
    return np.array(a), np.array(b), -0.5, np.array(d)
