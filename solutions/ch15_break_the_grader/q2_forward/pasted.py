from poolkit.reference import max_pool
from poolkit.windows import Window


def pooling_tests():
    tests = [
        (np.full((4, 4), -1.0), (3, 3), (1, 1), ((1, 1), (1, 1))),
        (np.arange(24.0).reshape(4, 6), (2, 3), None, ((0, 0), (0, 0))),
        (np.array([[-5.0, 1.0], [2.0, 0.0]]), (2, 2), (2, 2), ((0, 0), (0, 0))),
    ]
    return [(*test, max_pool(test[0], Window.of(*test[1:]))) for test in tests]
