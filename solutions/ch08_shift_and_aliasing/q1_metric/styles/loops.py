# Plain Python: one place, one cell, one phase at a time.

def consistency(answers, distance):
    rows = answers.tolist()
    h, w = len(rows[0]), len(rows[0][0])
    moves = [
        (i, j)
        for i in range(-distance, distance + 1)
        for j in range(-distance, distance + 1)
        if abs(i) == distance or abs(j) == distance
    ]
    agree = total = 0
    for image in rows:
        for r in range(h):
            for c in range(w):
                for i, j in moves:
                    agree += image[r][c] == image[(r + i) % h][(c + j) % w]
                    total += 1
    return agree / total
