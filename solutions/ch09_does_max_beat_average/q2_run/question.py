"""One run, from pooled images to the logits of the test images, by plain gradient descent."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit import reference
from poolkit.windows import Window

Generator = np.random.Generator
Array = NDArray[Any]
GROUPS = (
    Group("one step", 0.3),
    Group("several steps", 0.35),
    Group("average pooling", 0.2),
    Group("large numbers", 0.15),
)


def _train_and_test(
    images: Array, labels: Array, test_images: Array, classes: int, pool: str, rate: float, steps: int
) -> Array:
    """Treats the bias as the weight of one more input that is always 1; poolkit does the pooling."""
    pools: dict[str, Any] = {"max": reference.max_pool, "average": reference.avg_pool}

    def inputs(batch: Array) -> Array:
        flat = np.stack([pools[pool](image, Window.of(2)).ravel() for image in batch])
        return np.asarray(np.c_[flat, np.ones(len(flat))])

    x = inputs(images)
    weight = np.zeros((x.shape[1], classes))
    for _ in range(steps):
        logits = x @ weight
        powers = np.exp(logits - logits.max(1)[:, None])
        slope = powers / powers.sum(1)[:, None]
        slope[np.arange(len(x)), labels] -= 1
        weight -= rate / len(x) * (x.T @ slope)
    return np.asarray(inputs(test_images) @ weight)


def _cases(rng: Generator) -> list[Case]:
    one, several, average, large = (group.name for group in GROUPS)

    def case(
        group: str,
        n: int,
        side: tuple[int, int],
        classes: int,
        pool: str,
        rate: float,
        steps: int,
        note: str,
        scale: float = 1.0,
        absent: bool = False,
        lowest: float = 0.0,
    ) -> Case:
        def batch(count: int) -> Array:
            """Images of up to 37 different numbers, which lie an eighth apart before they are scaled."""
            values = lowest + rng.permutation(count * side[0] * side[1]) % 37 / 8
            return np.asarray(scale * values.reshape(count, *side))

        seen = classes - absent
        labels = np.concatenate([np.arange(seen), np.full(max(n - seen, 0), rng.integers(0, seen))])[:n]
        return Case(group, arrays(batch(n), labels, batch(3), classes, pool, rate, steps), note)

    return [
        case(one, 4, (2, 2), 2, "max", 1.0, 1, "one step, two classes"),
        case(one, 7, (4, 4), 3, "max", 0.5, 1, "one step, three classes"),
        case(one, 4, (2, 2), 2, "max", 1.0, 1, "one step, all numbers below zero", lowest=-5.1),
        case(one, 1, (2, 4), 2, "max", 0.5, 1, "one step, one image"),
        case(several, 6, (4, 4), 3, "max", 0.25, 4, "four steps"),
        case(several, 9, (4, 6), 4, "max", 0.125, 12, "twelve steps, more columns than rows"),
        case(several, 6, (4, 4), 4, "max", 0.25, 3, "three steps; the last class never occurs", absent=True),
        case(average, 6, (4, 4), 3, "average", 0.25, 4, "average pooling, four steps"),
        case(large, 6, (4, 4), 4, "max", 1.0, 3, "images of large numbers", 40.0),
    ]


def _anywhere(rng: Generator) -> Case:
    """Images of multiples of an eighth: the tolerance is 1e-6, and large numbers amplify rounding errors."""
    n, m, h, w, classes = (int(number) for number in rng.integers(1, (5, 4, 4, 4, 5)))
    scale = (1.0, 3.0, 50.0)[rng.integers(3)]
    images, tested = (np.round(8 * scale * rng.normal(size=(count, 2 * h, 2 * w))) / 8 for count in (n, m))
    labels, pool = rng.integers(0, classes, n), ("max", "average")[rng.integers(2)]
    rate, steps = float(rng.choice([0.01, 0.1, 0.5])), int(rng.integers(0, 5 if scale < 50 else 3))
    return Case(GROUPS[0].name, arrays(images, labels, tested, classes, pool, rate, steps))


_MAX, _STEPS = 'windows.max(axis=(2, 4)) if pool == "max" else windows.mean(axis=(2, 4))', "range(steps)"
_BIAS = "bias = bias - rate * slope.sum(axis=0)"
_QUIET = 'with np.errstate(all="ignore"):\n            '

MISTAKES = (
    Mistake(
        "always_max",
        "The images were pooled by their maxima, also where average was asked for.",
        "Where is `pool` used?",
        ((_MAX, "windows.max(axis=(2, 4))"),),
    ),
    Mistake(
        "always_average",
        "The images were averaged, also where the maximum was asked for.",
        "Where is `pool` used?",
        ((_MAX, "windows.mean(axis=(2, 4))"),),
    ),
    Mistake(
        "test_pooled_otherwise",
        "Training is right, but the test images were averaged whatever the pooling.",
        "Which pooling do the test images get?",
        (
            ("return pooled(test_images)", 'pool = "average"\n    return pooled(test_images)'),
            ("def pooled(batch):", "def pooled(batch):\n        nonlocal pool"),
        ),
    ),
    Mistake(
        "summed",
        "The gradient was added up over the images, not averaged: every step is n times too long.",
        "What should happen to a step if every image is there twice?",
        ((" / len(x)", ""),),
    ),
    Mistake(
        "no_bias",
        "The bias stays zero.",
        "What does a class get whose images are all black?",
        ((_BIAS, "bias = bias + 0"),),
    ),
    Mistake(
        "bias_averaged",
        "The bias takes steps that are too short: its gradient was averaged twice.",
        "Where was the gradient divided by the number of images already?",
        (("slope.sum(axis=0)", "slope.mean(axis=0)"),),
    ),
    Mistake(
        "wrong_way",
        "Every step goes uphill: the logits of the true classes fall.",
        "Is the gradient to be added or subtracted?",
        (
            ("weight = weight - rate", "weight = weight + rate"),
            (_BIAS, "bias = bias + rate * slope.sum(axis=0)"),
        ),
    ),
    Mistake(
        "one_step_less",
        "One step is missing.",
        "How many times does your loop run for steps = 1?",
        ((_STEPS, "range(steps - 1)"),),
    ),
    Mistake(
        "softmax_over_images",
        "The softmax was taken over the images, not over the classes.",
        "Which numbers of the softmax should add up to 1?",
        (("shares.sum(axis=1, keepdims=True)", "np.maximum(shares.sum(axis=0, keepdims=True), 1e-300)"),),
    ),
    Mistake(
        "overflow",
        "With large numbers the result is not a number any more: an exponential overflowed.",
        "What may be subtracted from all logits of an image without changing its softmax?",
        (
            (
                "shares = np.exp(logits - logits.max(axis=1, keepdims=True))",
                f"{_QUIET}shares = np.exp(logits)",
            ),
            ("shares = shares / ", f"{_QUIET}shares = shares / "),
        ),
    ),
    Mistake(
        "probabilities",
        "These are not logits: a softmax was taken of them.",
        "What was asked for, the logits or their softmax?",
        (
            (
                "return pooled(test_images) @ weight + bias",
                (
                    "z = pooled(test_images) @ weight + bias\n    e = np.exp(z - z.max(axis=1, "
                    "keepdims=True))\n    return e / e.sum(axis=1, keepdims=True)"
                ),
            ),
        ),
    ),
    Mistake(
        "classes_counted_in_the_labels",
        "There are as many logits as the labels show classes. A class may have no image to train on.",
        "Where is `classes` used?",
        (
            (
                "wanted = np.eye(classes)[labels]",
                "classes = labels.max() + 1\n    wanted = np.eye(classes)[labels]",
            ),
        ),
    ),
    Mistake(
        "quarters_for_windows",
        "The reshape took pixels together that lie half an image apart, not neighbours.",
        "Into which axes does a reshape put pixels that lie side by side?",
        (
            ("batch.reshape(n, h // 2, 2, w // 2, 2)", "batch.reshape(n, 2, h // 2, 2, w // 2)"),
            (_MAX, 'windows.max(axis=(1, 3)) if pool == "max" else windows.mean(axis=(1, 3))'),
        ),
    ),
    Mistake(
        "bias_from_the_new_weight",
        "The bias took its step from logits of the weight that had just been changed. Both steps start from "
        "before the step.",
        "Which weight do the logits of the bias's gradient use?",
        (
            (
                _BIAS,
                (
                    "logits = x @ weight + bias\n        shares = np.exp(logits - logits.max(axis=1, "
                    "keepdims=True))\n        shares = shares / shares.sum(axis=1, keepdims=True)\n       "
                    " bias = bias - rate * ((shares - wanted) / len(x)).sum(axis=0)"
                ),
            ),
        ),
    ),
)

QUESTION = Question(
    place=__file__,
    title="One run",
    task="Build one run, from pooled images to logits",
    name="train_and_test",
    points=4,
    library="numpy",
    groups=GROUPS,
    draw=_cases,
    anywhere=_anywhere,
    reference=_train_and_test,
    mistakes=MISTAKES,
    hints=(
        (
            "Write it in three pieces: pool and flatten, the steps, the logits of the test images. Check the "
            "worked example after each piece."
        ),
        (
            "The slope has the axes images, classes. The gradient of the weight is the flattened images, "
            "transposed, times the slope; the gradient of the bias adds the slope up over the images."
        ),
        (
            "A reshape to n, h / 2, 2, w / 2, 2 puts each window into two axes of its own. Rows of "
            "np.eye(classes) are ones at the true class. Compute both gradients before you change anything."
        ),
    ),
    tolerance=1e-6,
    shrinks=(),
)
