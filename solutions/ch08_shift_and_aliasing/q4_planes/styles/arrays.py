# Whole arrays: windows, tables of weights, phases as axes.

def three_planes():
    aliased = np.tile(np.array([-9, -3, -9, 4]), (4, 3))
    lost = 7 + np.indices((6, 6)).sum(0) % 2
    tied = np.zeros((4, 4))
    tied[1, 0], tied[3, 0], tied[1, 1], tied[3, 3] = 7, 1, 5, 5
    return aliased, lost, tied
