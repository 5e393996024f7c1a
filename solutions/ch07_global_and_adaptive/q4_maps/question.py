"""Build global average pooling with a linear layer, and the maps whose means are the logits."""

from __future__ import annotations

from typing import Any

import numpy as np

from poolgrader.questions.draws import anything, distinct, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

from ...planes import a_number, a_pair

Generator = np.random.Generator
LOGITS, MAPS, DTYPE = "logits", "maps", "dtype"


def _logits_and_maps(features: Any, weight: Any, bias: Any) -> tuple[Any, Any]:
    """Apply the layer to the pooled features, and at each position, as a 1 by 1 convolution."""
    import torch

    from poolkit.functional import global_avg_pool

    pooled = global_avg_pool(features).flatten(1)
    logits = torch.nn.functional.linear(pooled, weight, bias)
    return logits, torch.nn.functional.conv2d(features, weight[:, :, None, None], bias)


def _cases(rng: Generator) -> list[Case]:
    import torch

    def case(
        group: str, part: int, n: int, c: int, h: int, w: int, classes: int, dtype: Any, below: bool = False
    ) -> Case:
        # Features and biases are both above zero (features as after a ReLU), or both below. Weights have both
        # signs.
        values = tenths(rng, n, c, h, w) if below else distinct(rng, n, c, h, w) % 7 + 0.5
        features = torch.from_numpy(values).to(dtype)
        weights = rng.permutation(np.arange(classes * c) - 1.5).reshape(classes, c)
        weights[:, 0] = -100 - np.arange(classes)  # every class has a strong negative weight
        weight = torch.from_numpy(weights - 0.1 if below else weights).to(dtype)
        biases = tenths(rng, classes) - 1000 if below else rng.permutation(np.arange(classes) + 3.0)
        biases[0] += 0 if below else 1000  # one class has logits above zero
        bias = torch.from_numpy(biases).to(dtype)
        note = (
            f"{n} image{'s' if n > 1 else ''}, {c} channels of {h} by {w}, {classes} "
            f"class{'es' if classes > 1 else ''}"
        )
        note += ", features and biases below zero" if below else ""
        return Case(group, arrays(features, weight, bias), note, part=(part,))

    double = torch.float64
    return [
        case(LOGITS, 0, 1, 2, 3, 3, 3, double),
        case(LOGITS, 0, 3, 4, 2, 5, 2, double),
        case(LOGITS, 0, 2, 3, 3, 2, 1, double),
        case(LOGITS, 0, 1, 2, 3, 3, 3, double, below=True),
        case(MAPS, 1, 1, 2, 3, 3, 3, double),
        case(MAPS, 1, 3, 4, 2, 5, 2, double),
        case(MAPS, 1, 1, 2, 3, 3, 3, double, below=True),
        case(DTYPE, 0, 2, 3, 4, 4, 2, torch.float32),
        case(DTYPE, 1, 2, 3, 4, 4, 2, torch.float32),
    ]


def _any_features(rng: Generator) -> Case:
    """Draw any features, weights and biases, in one dtype; any numbers of images, channels and classes."""
    import torch

    channels, classes, part = a_number(rng, 1, 4), a_number(rng, 1, 4), a_number(rng, 0, 1)
    dtype = (torch.float64, torch.float32)[rng.integers(2)]
    values = (
        anything(rng, a_number(rng, 1, 3), channels, *a_pair(rng, 1, 5)).clip(-1000, 1000),
        rng.normal(size=(classes, channels)),
        rng.normal(size=classes),
    )
    return Case(
        (LOGITS, MAPS)[part], arrays(*(torch.from_numpy(one).to(dtype) for one in values)), part=(part,)
    )


_POOL = "pooled = features.mean(dim=(2, 3))"
_MAPS = 'torch.einsum("kc,nchw->nkhw", weight, features) + bias[:, None, None]'

MISTAKES = (
    Mistake(
        "sum",
        "The features were added up, not averaged: the logits grow with the size of the image.",
        "What should happen to the logits of an image that is tiled, so that it is twice as high and wide?",
        ((_POOL, "pooled = features.sum(dim=(2, 3))"),),
    ),
    Mistake(
        "maximum",
        "The greatest response of each channel was taken, not the mean.",
        "How much does each position count in a mean?",
        ((_POOL, "pooled = features.amax(dim=(2, 3))"),),
    ),
    Mistake(
        "images_mixed",
        "All images have the same logits: the mean was taken over the batch as well.",
        "Which axes hold the positions?",
        ((_POOL, "pooled = features.mean(dim=(0, 2, 3)).expand(len(features), -1)"),),
    ),
    Mistake(
        "bias_missing",
        "The maps lack the bias, so their mean is not the logit.",
        "What is the mean of a map to which a constant is added everywhere?",
        ((" + bias[:, None, None]", ""),),
    ),
    Mistake(
        "bias_along_columns",
        "The bias runs along the columns of the maps, not along the classes: a plain `+ bias` meets the last "
        "axis.",
        "With which axis of the maps should the bias line up, and which axes must it be given for that?",
        (("bias[:, None, None]", "bias"),),
    ),
    Mistake(
        "bias_divided",
        "Each position of the maps got its share of the bias. The mean divides it a second time.",
        "What is the mean of a map to which a constant is added everywhere?",
        (("bias[:, None, None]", "bias[:, None, None] / (features.shape[2] * features.shape[3])"),),
    ),
    Mistake(
        "maps_divided",
        "The maps are too small by the number of positions: they add up to the logit, their mean is smaller.",
        "Which should the logit be, the sum of its map or the mean?",
        ((_MAPS, f"({_MAPS}) / (features.shape[2] * features.shape[3])"),),
    ),
    Mistake(
        "channels_averaged",
        "The weighted channels were averaged, not added.",
        "Does a linear layer divide by the number of its inputs?",
        (
            (
                _MAPS,
                'torch.einsum("kc,nchw->nkhw", weight, features) / weight.shape[1] + bias[:, None, None]',
            ),
        ),
    ),
    Mistake(
        "negative_cut_off",
        "What speaks against a class was cut off: the maps hold no negative numbers.",
        "What is then the mean of a map that holds -2 and 4?",
        ((_MAPS, f"({_MAPS}).relu()"),),
    ),
    Mistake(
        "maps_float32",
        "The maps are float32 whatever came in. That is what torch.zeros gives, unless it is told otherwise.",
        "Which arguments of torch.zeros take the dtype and the device of features?",
        (("return logits, maps", "return logits, maps.float()"),),
    ),
    Mistake(
        "probabilities",
        "These are probabilities. Logits come before the softmax.",
        "Is the mean of a map a number between 0 and 1?",
        (("logits = pooled @ weight.T + bias", "logits = (pooled @ weight.T + bias).softmax(dim=1)"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Logits and their maps",
    task="Build the end of a network, and the maps whose mean is its answer",
    name="logits_and_maps",
    points=4,
    library="torch",
    groups=(Group(LOGITS, 0.4), Group(MAPS, 0.45), Group(DTYPE, 0.15, facts=("dtype",))),
    draw=_cases,
    anywhere=_any_features,
    reference=_logits_and_maps,
    mistakes=MISTAKES,
    hints=(
        "A mean and a linear layer are both linear. It does not matter which of the two comes first.",
        (
            "Logits: take the mean over rows and columns, then apply weight and bias. Maps: apply weight and "
            "bias at every position."
        ),
        (
            "Each map is the sum over channels of weight times feature, plus the bias everywhere; a 1 by 1 "
            "convolution or einsum does it. Check yourself: the mean of every map must be its logit."
        ),
    ),
    shrinks=(),
)
