# Shifts: the row against itself, moved by a few cells; plans are made from the top.

def doubling_plan(k, overlap):
    steps = []
    reach = 1
    if overlap:
        while reach < k:
            shift = min(reach, k - reach)
            steps.append((len(steps), len(steps), shift))
            reach += shift
        return steps
    for digit in bin(k)[3:]:
        steps.append((len(steps), len(steps), reach))
        reach *= 2
        if digit == "1":
            steps.append((len(steps), 0, reach))
            reach += 1
    return steps
