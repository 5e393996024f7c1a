# Plain Python: one run, one image, one pair at a time.

def tuned_difference(validation, scores, better, centre, ties, summary):
    def middle(values):
        values, n = sorted(values), len(values)
        return (values[(n - 1) // 2] + values[n // 2]) / 2

    def mean(values):
        return sum(values) / len(values)

    least = better == "less"
    centres = {"mean": mean, "median": middle, "worst": max if least else min}
    rates = []
    for pool in validation.tolist():
        best, value = None, None
        for place, row in enumerate(pool):
            own = centres[centre](row)
            ahead = value is None or (own < value if least else own > value)
            if ahead or (own == value and ties == "last"):
                best, value = place, own
        rates.append(best)
    pairs = list(zip(scores[0][rates[0]].tolist(), scores[1][rates[1]].tolist()))
    if summary == "wins":
        won = sum(a < b if least else a > b for a, b in pairs)
        return rates[0], rates[1], (won + 0.5 * sum(a == b for a, b in pairs)) / len(pairs)
    return rates[0], rates[1], centres[summary]([a - b for a, b in pairs])
