# ---
# title: Does max beat average?
# minutes: 85
# ---

# %% [markdown]
# # Exercise 9: Does max beat average?
#
# "Switching from average pooling to max pooling improves accuracy." So the lecture says. Here you plan the
# experiment that could show it, run a small one, put an interval around what comes out, and conclude no more
# than the numbers carry.
#
# **After this notebook you can**
#
# - plan a comparison that gives both sides the same chances,
# - train and test a classifier on pooled images, reproducibly,
# - put a paired interval around a difference, and say what it means,
# - name three ways in which a table misleads, with a table for each,
# - conclude from several recipes at once, by a rule that was fixed before.
#
# **Time:** about {minutes} minutes. **Points:** {points}. **Builds on:** chapter 9, *Does max beat average?*
#
# {questions}
#
# Each answer has a check below it. Run it as often as you like: it costs nothing, gives partial credit, and
# tells you what it sees. Stuck? `hint("9.2")` gives three hints, one at a time. `solution("9.2")` shows an
# answer once yours is right, or when you give up: `solution("9.2", give_up=True)`. `progress()` adds up
# your points.
#
# Run this cell first.

# %% setup
import numpy as np
import torch

from poolgrader.check import check, hint, progress, solution

# %% [markdown]
# ## {9.1}
#
# Write down all runs before you make the first one. Some runs choose the learning rate of a pooling, on seeds
# of their own. The others are reported.
#
# - `poolings` is a list of names, `rates` a list of learning rates, `budget` the greatest number of runs.
# - Return a list of tuples `(purpose, pooling, rate, seed)`. The purpose is `"tune"` or `"report"`. The rate
#   of a report is the word `"best"`: whatever the tuning will have chosen for this pooling. Seeds are whole
#   numbers.
# - The same chances: every pooling is tuned at every rate, on the same seeds, two or more.
# - In pairs: every pooling is reported on the same seeds.
# - Kept apart: no seed is used for both purposes.
# - Enough, and within the budget: at least ten seeds are reported, no run stands there twice, and there are
#   no more runs than the budget allows. It always allows ten reported seeds and two to tune on, and never
#   five.
#
# *Worked example:* two poolings and three rates, tuned on two seeds and reported on ten, make 2 * 3 * 2 + 2 *
# 10 = 32 runs. One of them is `("tune", "max", 0.01, 100)`, another one `("report", "max", "best", 0)`.


# %% answer="9.1"
def plan(poolings, rates, budget):
    """All runs, as tuples (purpose, pooling, rate, seed)."""
    ### BEGIN SOLUTION
    tuned_on, reported = range(100, 102), range(10)
    runs = []
    for pooling in poolings:
        for rate in rates:
            runs += [("tune", pooling, rate, seed) for seed in tuned_on]
        runs += [("report", pooling, "best", seed) for seed in reported]
    return runs
    ### END SOLUTION


# %% check="9.1"

# %% [markdown]
# ## {9.2}
#
# The smallest network that pools: pooling, then one linear layer, trained by gradient descent. It starts from
# zeros and sees all images in every step, so there is nothing random in it, and the check can hold you to
# the last digits.
#
# - `images` has the axes n, h, w; h and w are even. `labels` are n class numbers from 0 to `classes` - 1.
# `test_images` has the axes m, h, w.
# - Pool each image with windows of 2 by 2 side by side: `pool` is `"max"` or `"average"`. Flatten the pooled
#   image, row by row.
# - Logits are pooled @ weight + bias. Weight and bias are zeros at the start.
# - A step: softmax of the logits; subtract 1 at the true class; divide by n; that is the slope of the mean
# cross-entropy with respect to the logits. Both gradients follow from it. Subtract `rate` times the
# gradient from weight and bias, both from before the step. Do `steps` steps.
# - Large logits must not overflow: subtract the greatest logit of each image before the exponential.
# - Return the logits of the test images, axes m, `classes`, in float64.
#
# *Worked example:* one image `[[0, 2], [1, 1]]` of class 0 of two, rate 1, one step. Its maximum is 2. The
# softmax of zeros is 0.5 for both classes, the slope `[-0.5, 0.5]`. The weight becomes `[[1, -1]]`, the bias
# `[0.5, -0.5]`. The same image as a test gets the logits 2 * 1 + 0.5 = 2.5 and -2.5.


# %% answer="9.2"
def train_and_test(images, labels, test_images, classes, pool, rate, steps):
    """Logits (m, classes) of test images, by a linear layer that was trained on pooled images."""

    ### BEGIN SOLUTION
    def pooled(batch):
        n, h, w = batch.shape
        windows = batch.reshape(n, h // 2, 2, w // 2, 2)
        kept = windows.max(axis=(2, 4)) if pool == "max" else windows.mean(axis=(2, 4))
        return kept.reshape(n, -1).astype(np.float64)

    x = pooled(images)
    wanted = np.eye(classes)[labels]
    weight, bias = np.zeros((x.shape[1], classes)), np.zeros(classes)
    for _ in range(steps):
        logits = x @ weight + bias
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = shares / shares.sum(axis=1, keepdims=True)
        slope = (shares - wanted) / len(x)
        weight = weight - rate * x.T @ slope
        bias = bias - rate * slope.sum(axis=0)
    return pooled(test_images) @ weight + bias
    ### END SOLUTION


# %% check="9.2"

# %% [markdown]
# Run it on real digits: ten seeds, each with its own training images, both poolings on the same ones. Each
# pooling has the best of five rates, chosen on three other seeds. Where scikit-learn is not installed, the
# cell says so.

# %%
ACCURACIES = {"max": [], "average": []}
try:
    from sklearn.datasets import load_digits

    digits = load_digits()
    for seed in range(10):
        order = np.random.default_rng(seed).permutation(len(digits.target))
        trained, tested = order[:200], order[200:]
        for pool, rate in (("max", 0.01), ("average", 0.03)):
            logits = train_and_test(
                digits.images[trained], digits.target[trained], digits.images[tested], 10, pool, rate, 200
            )
            ACCURACIES[pool].append(100 * np.mean(logits.argmax(axis=1) == digits.target[tested]))
    for pool, found in ACCURACIES.items():
        print(f"{pool:8}", " ".join(f"{one:.1f}" for one in found))
except ModuleNotFoundError:
    print("scikit-learn is not installed here: no digits.")
except NotImplementedError:
    print("train_and_test is not written yet.")

# %% [markdown]
# ## {9.3}
#
# Both poolings were run from the same seeds: the same images, the same weights at the start. What they share
# cancels in the difference. But the runs came in at random, and some never did.
#
# - `seeds_a` and `a` have the same length: the seed and the accuracy of each run of the first pooling.
# `seeds_b` and `b` are those of the second. No seed appears twice in one of them.
# - Pair the runs by their seeds. A seed that only one of the two has is left out.
# - The difference of a pair is the first minus the second. Half the length of the interval is `quantile`
#   times the standard deviation of the differences (divide by their number minus 1) over the square root of
#   their number.
# - Return the mean difference, the lower and the upper end of the interval.
#
# *Worked example:* seeds `[0, 1, 2]` with 90, 92, 91 and seeds `[2, 0]` with 88, 85. The pairs are seed 0 and
# seed 2, the differences 5 and 3. Mean 4, standard deviation 1.414, and 1.414 / 1.414 is 1. With the quantile
# 12.7 the interval goes from -8.7 to 16.7.


# %% answer="9.3"
def paired_interval(seeds_a, a, seeds_b, b, quantile):
    """Mean difference of the pairs, and both ends of its interval."""
    ### BEGIN SOLUTION
    second = dict(zip(seeds_b.tolist(), b.tolist(), strict=True))
    runs = zip(seeds_a.tolist(), a.tolist(), strict=True)
    pairs = [(one, second[seed]) for seed, one in runs if seed in second]
    differences = np.array([one - other for one, other in pairs])
    half = quantile * differences.std(ddof=1) / np.sqrt(len(differences))
    return differences.mean(), differences.mean() - half, differences.mean() + half
    ### END SOLUTION


# %% check="9.3"

# %% [markdown]
# Put it around your own ten runs. 2.262 is the quantile of Student's distribution for ten pairs and 95%.

# %%
try:
    if ACCURACIES["max"]:
        runs = np.arange(10), np.array(ACCURACIES["max"]), np.arange(10), np.array(ACCURACIES["average"])
        mean, low, high = paired_interval(*runs, 2.262)
        print(f"max minus average: {mean:+.2f} points, from {low:+.2f} to {high:+.2f}")
except NotImplementedError:
    print("paired_interval is not written yet.")

# %% [markdown]
# ## {9.4}
#
# Somebody believes tables at a glance. Make three on which that fails. All numbers are accuracies, from 0
# to 100; the first axis is max, then average.
#
# 1. **One rate for both.** Axes 2, 3, 4: pooling, learning rate, seed. At the middle rate max is better than
#   average on every seed. But let each pooling have the rate at which its own mean is greatest: then average
#   is better on every seed.
# 2. **Spread.** Axes 2, 6: pooling, seed. The interval of 9.3 lies above 0, with the quantile 2.571 (six
#   pairs, 95%). But taken apart, with half = 2.571 times the root of (variance of max / 6 + variance of
#   average / 6), the interval around the same mean difference holds 0. Variances divide by 5.
# 3. **Wins.** Axes 2, 6. Max is better on at least four of the six seeds, and its mean is lower all the same.
#
# Return the three arrays in this order. *Worked example:* a table of equal numbers is right for none of them.


# %% answer="9.4"
def misleading_tables():
    """Return three tables: one rate for both, spread, wins."""
    ### BEGIN SOLUTION
    at_one_rate = np.array([[[80.0] * 4, [90.0] * 4, [70.0] * 4], [[70.0] * 4, [80.0] * 4, [95.0] * 4]])
    average = np.array([50.0, 60.0, 70.0, 80.0, 90.0, 95.0])
    spread = np.stack([average + [1.0, 1.5, 1.0, 1.5, 1.0, 1.5], average])
    wins = np.stack([[91.0, 91.0, 91.0, 91.0, 91.0, 40.0], [90.0] * 6])
    return at_one_rate, spread, wins
    ### END SOLUTION


# %% check="9.4"

# %% [markdown]
# ## {9.5}
#
# Several recipes were run: with batch norm and without, for a short time and a long one. Fix the rule
# first, then look at the numbers.
#
# - `max_` and `average` have the axes recipes, seeds. The same seed in both is a pair.
# - For each recipe take the paired interval of max minus average, as in 9.3, with `quantile`. It lies above
#   0, below 0, or holds 0.
# - Return one of six verdicts: `"max"` if all intervals lie above 0; `"average"` if all lie below;
#   `"depends"` if at least one lies above and at least one below; `"max in part"` if some lie above and all
#   others hold 0; `"average in part"` if some lie below and all others hold 0; `"open"` if all hold 0.
#
# *Worked example:* two recipes of three seeds, differences `[4, 5, 6]` and `[-1, 0, 1]`, quantile 4.303. The
# first interval goes from 2.5 to 7.5, the second from -2.5 to 2.5. The verdict is `"max in part"`.


# %% answer="9.5"
def conclude(max_, average, quantile):
    """One of the six verdicts, from accuracies (recipes, seeds)."""
    ### BEGIN SOLUTION
    differences = max_ - average
    means = differences.mean(axis=1)
    half = quantile * differences.std(axis=1, ddof=1) / np.sqrt(differences.shape[1])
    above, below = means - half > 0, means + half < 0
    if above.all():
        return "max"
    if below.all():
        return "average"
    if above.any() and below.any():
        return "depends"
    if above.any():
        return "max in part"
    if below.any():
        return "average in part"
    return "open"
    ### END SOLUTION


# %% check="9.5"

# %% [markdown]
# ## {9.6}
#
# How is a rate chosen, and what is reported? Every paper has its own rule. Here it comes as arguments, and
# the check makes up new ones.
#
# - `validation` has the axes 2, rates, seeds: the numbers that choose the rate, for two poolings.
# - `scores` has the axes 2, rates, seeds: the numbers that are reported, on other seeds.
# - `better` is `"more"` (accuracies) or `"less"` (errors).
# - For each pooling sum up its validation numbers at each rate by `centre`: `"mean"`, `"median"` or `"worst"`
#   (the least accuracy, or the greatest error). The best rate is chosen; of equally good ones the `"first"`
#   or the `"last"`, as `ties` says.
# - Take each pooling's scores at its own rate, in pairs by seed. `summary` is `"mean"` or `"median"` of the
#   differences, the first pooling minus the second; or `"wins"`, the share of seeds on which the first is
#   better, where equal scores count one half.
# - Return three numbers: the index of the first pooling's rate, that of the second's, the summary.
#
# *Worked example:* `validation = [[[8, 2], [6, 6]], [[1, 1], [9, 3]]]`, more is better. By `"mean"` the first
# pooling takes rate 1 (6 beats 5), by `"worst"` as well; the second takes rate 1. With the scores `[[[0, 0],
# [7, 5]], [[0, 0], [7, 4]]]` the differences are 0 and 1: mean 0.5, wins 0.75.


# %% answer="9.6"
def tuned_difference(validation, scores, better, centre, ties, summary):
    """The chosen rate of each of two poolings, and the summary of their differences."""
    ### BEGIN SOLUTION
    worst = np.min if better == "more" else np.max
    sum_up = {"mean": np.mean, "median": np.median, "worst": worst}
    chosen = []
    for numbers in validation:
        found = sum_up[centre](numbers, axis=1)
        best = found.max() if better == "more" else found.min()
        places = np.flatnonzero(found == best)
        chosen.append(int(places[0 if ties == "first" else -1]))
    differences = scores[0, chosen[0]] - scores[1, chosen[1]]
    if summary == "wins":
        gains = differences if better == "more" else -differences
        return chosen[0], chosen[1], np.mean(gains > 0) + np.mean(gains == 0) / 2
    return chosen[0], chosen[1], sum_up[summary](differences)
    ### END SOLUTION


# %% check="9.6"

# %% [markdown]
# ## Before you go
#
# Write one sentence about max and average pooling that you would sign after this chapter. Which of its words
# say on what it was measured?

# %%
progress()
