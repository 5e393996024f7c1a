# By marking: lay windows down one by one and look, instead of using a formula.

def cells_behind(output, n, layers):
    # For each cell of the layer reached so far, the set of input cells behind it.
    behind = [{cell} for cell in range(n)]
    for k, s, p in layers:
        padded = [set()] * p + behind + [set()] * p
        behind = [set().union(*padded[at : at + k]) for at in range(0, len(padded) - k + 1, s)]
    return [min(behind[output]), max(behind[output])]
