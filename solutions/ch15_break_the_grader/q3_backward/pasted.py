from poolkit.reference import max_pool_backward
from poolkit.windows import Window


def gradient_tests():
    x = np.array([[[[5.0, 5.0, 1.0, 0.0], [2.0, 3.0, 9.0, 4.0], [0.0, -7.0, 2.0, 3.0]]]])
    sent = np.array([[[[1.0, -2.0, 3.0], [4.0, 5.0, 6.0]]]])
    return [(sent, x, (2, 2), 1, 0, max_pool_backward(sent, x, Window.of((2, 2), 1, 0)))]
