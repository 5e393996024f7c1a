def doubling_plan(k, overlap):
    steps, reach = [], 1
    while reach < k:
        step = min(reach, k - reach)
        steps.append((len(steps), len(steps), step))
        reach += step
    return steps
