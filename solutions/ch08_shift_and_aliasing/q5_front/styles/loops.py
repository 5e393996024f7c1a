# Plain Python: one place, one cell, one phase at a time.

def pareto(points, wants):
    def dominates(one, other):
        pairs = [(a, b) if want == "more" else (-a, -b) for a, b, want in zip(one, other, wants)]
        return all(a >= b for a, b in pairs) and any(a > b for a, b in pairs)

    rows = points.tolist()
    return [not any(dominates(other, own) for other in rows) for own in rows]
