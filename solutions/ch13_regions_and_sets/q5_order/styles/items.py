# Item by item: one sample, one set, one edge at a time.

def order_test():
    items = [2**place for place in range(8)]
    return items, [5, 2, 7, 0, 4, 1, 6, 3]
