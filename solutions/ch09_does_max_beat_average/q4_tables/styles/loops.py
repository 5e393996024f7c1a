# Plain Python: one run, one image, one pair at a time.

def misleading_tables():
    first = [[[10, 11, 12, 13], [50, 51, 52, 53], [5, 5, 5, 5]], [[60, 61, 62, 63], [20, 21, 22, 23], [0, 0, 0, 0]]]
    second = [[1, 21, 41, 61, 81, 99], [0, 20, 40, 60, 80, 98.5]]
    third = [[2, 2, 2, 2, 0, 0], [1, 1, 1, 1, 50, 50]]
    return first, second, third
