# Running sums: shifted slices added up, cumulative sums, and integers until the last division.

def predict():
    row = [6, 0, 3, 9, -3, 0]
    sums = [row[i] + row[i + 1] for i in range(0, 6, 2)]
    return [sum(row[i : i + 3]) / 3 for i in range(4)], [s / 2 for s in sums], [int(s / 2) for s in sums]
