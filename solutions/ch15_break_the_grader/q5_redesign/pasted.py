def redesign(side, first, second, cells, parameters, multiplications):
    return [("conv", first), ("max", 2, 1), ("blur", side // cells), ("conv", second), ("global",), ("linear", 10)]
