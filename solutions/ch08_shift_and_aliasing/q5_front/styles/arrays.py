# Whole arrays: windows, tables of weights, phases as axes.

def pareto(points, wants):
    good = points.copy()
    good[:, [want == "less" for want in wants]] *= -1
    at_least = (good[:, None, :] >= good[None, :, :]).all(-1)
    return ~(at_least & ~at_least.T).any(0)
