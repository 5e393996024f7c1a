# Windows: all of them at once by unfold or sliding_window_view; plans as a queue of what is left.

def doubling_plan(k, overlap):
    doublings = k.bit_length() - 1
    steps = [[row, row, 2**row] for row in range(doublings)]
    left, reach = k - 2**doublings, 2**doublings
    if overlap:
        return steps + ([[doublings, doublings, left]] if left else [])
    for row in reversed(range(doublings)):
        if left >= 2**row:
            steps.append([len(steps), row, reach])
            left, reach = left - 2**row, reach + 2**row
    return steps
