# One by one: each test has one job, its outputs found by sliding windows.

def gradient_tests():
    ties = np.full((1, 1, 3, 3), 2.0)
    shared = np.zeros((1, 1, 3, 3))
    shared[0, 0, 1, 1] = 4.0
    first = np.zeros((1, 1, 3, 3))
    first[0, 0, :2, :2] = [[3.0, -1.0], [2.0, 5.0]]
    all_in_one = np.zeros((1, 1, 3, 3))
    all_in_one[0, 0, 1, 1] = 9.0
    sent = np.array([[[[3.0, -1.0], [2.0, 5.0]]]])
    # Windows 1 high and 2 wide, a row of border above: negative numbers in two channels.
    x = -np.array([[[[6.0, 5.0, 4.0, 9.0], [1.0, 2.0, 3.0, 8.0]], [[1.0, 7.0, 3.0, 2.0], [4.0, 9.0, 6.0, 5.0]]]])
    back = np.array([[[[2.0, -3.0, 4.0], [5.0, 6.0, -7.0]], [[1.0, 8.0, 2.0], [-2.0, 3.0, 9.0]]]])
    expected = np.zeros(x.shape)
    padded = np.full((1, 2, 4, 6), -np.inf)
    padded[:, :, 1:3, 1:5] = x
    for c in range(2):
        for i in range(2):
            for j in range(3):
                places = [(2 * i + u, 2 * j + v) for u in range(2) for v in range(2)]
                row, column = max(places, key=lambda place: padded[0, c, place[0], place[1]])
                expected[0, c, row - 1, column - 1] += back[0, c, i, j]
    return [
        (sent, ties, (2, 2), 1, 0, first),
        (sent, shared, (2, 2), 1, 0, all_in_one),
        rectangular(back, x, expected),
    ]


def rectangular(back, x, expected):
    """The last test with a window of 3 by 2 where it can tell the axes apart."""
    sent = np.array([[[[1.5, -2.5, 3.5], [4.5, 5.5, -6.5]], [[0.5, 7.5, 8.5], [-1.5, 2.5, 9.5]]]])
    values = -1.0 - (5 * np.arange(48.0) % 48).reshape(1, 2, 4, 6)
    gradient = np.zeros(values.shape)
    padded = np.full((1, 2, 6, 8), -np.inf)
    padded[:, :, 1:5, 1:7] = values
    for c, i, j in np.ndindex(2, 2, 3):
        window = padded[0, c, 3 * i : 3 * i + 3, 3 * j : 3 * j + 2]
        place = int(np.argmax(window))
        row, column = 3 * i + place // 2, 3 * j + place % 2
        gradient[0, c, row - 1, column - 1] += sent[0, c, i, j]
    return sent, values, (3, 2), 3, 1, gradient
