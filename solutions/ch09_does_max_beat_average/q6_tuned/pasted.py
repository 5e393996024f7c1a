def tuned_difference(validation, scores, better, centre, ties, summary):
    one, other = (int(pool.mean(axis=1).argmax()) for pool in validation)
    return one, other, float((scores[0, one] - scores[1, other]).mean())
