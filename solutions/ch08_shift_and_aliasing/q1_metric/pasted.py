def consistency(answers, distance):
    before = answers
    same = [(np.roll(answers, (i, j), (1, 2)) == before).mean() for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]
    return float(np.mean(same))
