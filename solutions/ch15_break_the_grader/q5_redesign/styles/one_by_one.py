# One by one: each test has one job, its outputs found by sliding windows.

def redesign(side, first, second, cells, parameters, multiplications):
    net = [("conv", first)]
    while side > cells:
        net += [("polyphase", 2)]
        side //= 2
    return [*net, ("conv", second), ("max", 3, 1), ("global",), ("linear", 10)]
