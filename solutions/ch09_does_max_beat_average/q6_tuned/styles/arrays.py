# Whole arrays: all runs, all images, all recipes at once.

def tuned_difference(validation, scores, better, centre, ties, summary):
    sign = -1 if better == "less" else 1
    good = sign * validation
    centres = {"mean": good.mean(2), "median": np.median(good, axis=2), "worst": good.min(2)}[centre]
    if ties == "first":
        chosen = centres.argmax(1)
    else:
        chosen = centres.shape[1] - 1 - centres[:, ::-1].argmax(1)
    one, other = scores[np.arange(2), chosen]
    if summary == "wins":
        number = 0.5 + 0.5 * np.sign(sign * (one - other)).mean()
    else:
        number = getattr(np, summary)(one - other)
    return [chosen[0], chosen[1], number]
