"""Attention pooling with a mask: the pooled items, and the weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

Generator = np.random.Generator
WEIGHTS, POOLED, JUNK, LARGE, EMPTY = (
    "weights",
    "pooled items",
    "padding that is not a number",
    "large scores",
    "a set of padding alone",
)


def _attention(x: Any, mask: Any, v: Any, w: Any) -> Any:
    """Picks out the items of one set at a time; poolkit computes the mean and the weights."""
    import torch

    from poolkit.regions import attention_pool

    pooled, weights = [], x.new_zeros(mask.shape)
    for t, (items, real) in enumerate(zip(x, mask, strict=True)):
        own = items[real]
        scores = torch.tanh(own @ v.T) @ w
        pooled.append(attention_pool(own, scores) if len(own) else own.new_zeros(own.shape[1]))
        if len(own):  # pooling a 1 among zeros gives the weight of the item with the 1
            weights[t, real] = attention_pool(torch.eye(len(own)), scores)
    return torch.stack(pooled), weights


def _anywhere(rng: Generator) -> Case:
    """Sets with any mask, some without any item; the padding holds any value, NaN included."""
    import torch

    n, length, f, hidden = (int(size) for size in rng.integers(1, (4, 6, 5, 4)))
    mask = rng.random((n, length)) < rng.choice([0.3, 0.7, 1.0])
    x = np.where(
        mask[:, :, None], rng.normal(size=(n, length, f)), rng.choice([np.nan, np.inf, -np.inf, 0.0, 7.0])
    )
    v, w = rng.normal(size=(hidden, f)), rng.normal(size=hidden) * rng.choice([1, 80])
    floats = [torch.from_numpy(values).float() for values in (x, v, w)]
    return Case(POOLED, arrays(floats[0], torch.from_numpy(mask), *floats[1:]))


def _cases(rng: Generator) -> list[Case]:
    import torch

    def case(
        group: str,
        part: int,
        masks: list[str],
        note: str,
        junk: float = 3.0,
        large: float = 1.0,
        below: bool = False,
        digits: bool = False,
    ) -> Case:
        mask = np.array([[mark == "x" for mark in row] for row in masks])
        n, length = mask.shape
        # Items far apart, and scores that tanh changes: no two ways of weighting agree by chance.
        steps = np.stack([rng.permutation(length) for _ in range(n)]) + 0.5
        others = (rng.uniform(1.0, 2.0, (n, length)), 3 * rng.uniform(0.5, 1.0, (n, length)))
        x = np.stack([steps / length, *others], axis=-1)
        x = np.where(mask[:, :, None], x, junk)
        v = np.array([[1.2, 0.3, -0.1], [0.4, -0.2, 0.3]]) + rng.uniform(0, 0.1, (2, 3))
        v = np.round(256 * v) / 256
        w = np.array([2.0, large])
        if below:
            x, w = -x, np.array([-2.25, -1.25])
        if digits:  # more digits than half precision represents; all other cases have fewer
            v, w = v + 0.0004, np.array([4.0018, 1.0])
        if abs(large) > 1:  # here tanh is 1 for every item: all scores are large, but no weight is 1
            v[1] = 0.125, 0.25, 8.0
        floats = [torch.from_numpy(values).float() for values in (x, v, w)]
        return Case(group, arrays(floats[0], torch.from_numpy(mask), *floats[1:]), note, part=(part,))

    after, before = ["xxx..", "xxxxx", "xx..."], ["..xxx", "...xx", "x.x.x"]
    four = ["xxxx", "xxx.", "xx.x", ".xxx"]
    return [
        case(WEIGHTS, 1, ["xxxx", "xxxx"], "weights, no padding"),
        case(WEIGHTS, 1, after, "weights, padding behind the items"),
        case(WEIGHTS, 1, before, "weights, padding before and between the items"),
        case(WEIGHTS, 1, ["xxxx", "xxxx"], "weights, items and score weights below zero", below=True),
        case(WEIGHTS, 1, ["xxxx", "xxx."], "weights, v and w with many digits", digits=True),
        case(POOLED, 0, ["xxxx", "xxxx"], "pooled, no padding"),
        case(POOLED, 0, ["xxxx", "xxxx"], "pooled, items and score weights below zero", below=True),
        case(POOLED, 0, after, "pooled, padding behind the items"),
        case(JUNK, 0, after, "pooled, the padding holds NaN", np.nan),
        case(JUNK, 1, after, "weights, the padding holds NaN", np.nan),
        case(LARGE, 1, four, "weights, scores of some hundred", 3.0, 150.0),
        case(LARGE, 1, four, "weights, scores of some hundred below zero", 3.0, -150.0),
        case(EMPTY, 0, ["xxx", "...", "xx.", "x.x"], "pooled, the second set is padding alone"),
        case(EMPTY, 1, ["xxx", "...", "xx.", "x.x"], "weights, the second set is padding alone"),
    ]


_ITEMS = "items = torch.where(mask[:, :, None], x, 0.0)"
_SCORES = "scores = torch.tanh(items @ v.T) @ w"
_MASKED = "scores = torch.where(mask, scores, torch.finfo(x.dtype).min)"
_WEIGHTS = "weights = torch.softmax(scores, dim=1) * mask"
_POOLED = "(weights[:, :, None] * items).sum(dim=1)"

MISTAKES = (
    Mistake(
        "padding_has_a_share",
        "The weights of a set with padding add up to less than 1: the padding took its share and was dropped "
        "afterwards.",
        "Which score gives a weight of 0?",
        ((_MASKED, "scores = torch.where(mask, scores, 0.0)"),),
    ),
    Mistake(
        "mask_inverted",
        "The padding was pooled, and the items were left out.",
        "What does True mean in the mask?",
        ((_ITEMS, "mask = ~mask\n    " + _ITEMS),),
    ),
    Mistake(
        "softmax_over_the_batch",
        "The weights add up to 1 over the sets, not within each set.",
        "Along which axis do the items of one set stand?",
        ((_WEIGHTS, "weights = torch.softmax(scores, dim=0) * mask"),),
    ),
    Mistake(
        "not_divided",
        "The weights do not add up to 1: the exponentials were not divided by their sum.",
        "What should the weights of a set add up to?",
        ((_WEIGHTS, "weights = torch.exp(scores) * mask"),),
    ),
    Mistake(
        "overflow",
        "Large scores give NaN: their exponentials are too large for the dtype. An empty set gives NaN as "
        "well.",
        "What may be subtracted from all scores of a set without changing a weight?",
        ((_WEIGHTS, "e = torch.exp(scores) * mask\n    weights = e / e.sum(dim=1, keepdim=True)"),),
    ),
    Mistake(
        "no_tanh",
        "The scores were not bent by tanh.",
        "How large can a score become, with tanh and without?",
        ((_SCORES, "scores = (items @ v.T) @ w"),),
    ),
    Mistake(
        "multiplied_by_mask",
        "A NaN in the padding spoils the result: the padding was multiplied by 0.",
        "What is 0 times NaN?",
        ((_ITEMS, "items = x * mask[:, :, None]"),),
    ),
    Mistake(
        "empty_is_nan",
        "A set of padding alone gives NaN.",
        "What does a softmax make of scores that are all minus infinity?",
        ((_MASKED, "scores = torch.where(mask, scores, -torch.inf)"),),
    ),
    Mistake(
        "divided_again",
        "The weighted items were divided by their number once more. The weights add up to 1 already.",
        "What is the weighted mean of a single item?",
        ((_POOLED, "(weights[:, :, None] * items).mean(dim=1)"),),
    ),
    Mistake(
        "mask_ignored",
        "The padding took part like any other item: the mask was not used.",
        "Where does `mask` decide?",
        (
            (_ITEMS, "items = x"),
            (_MASKED, "scores = scores * 1.0"),
            (_WEIGHTS, "weights = torch.softmax(scores, dim=1)"),
        ),
    ),
    Mistake(
        "scores_of_padding_are_zero",
        "The scores of the padding were set to 0, and exp(0) is 1: the padding has a weight.",
        "Which score gives a weight of 0?",
        (
            (_MASKED, "scores = scores * mask"),
            (_WEIGHTS, "weights = torch.softmax(scores, dim=1)"),
        ),
    ),
    Mistake(
        "overflow_but_for_empty_sets",
        "Large scores give NaN: their exponentials are too large for the dtype.",
        "What may be subtracted from all scores of a set without changing a weight?",
        (
            (
                _WEIGHTS,
                (
                    "e = torch.exp(scores) * mask\n    total = e.sum(dim=1, keepdim=True)\n"
                    "    weights = e / torch.where(total > 0, total, 1.0)"
                ),
            ),
        ),
    ),
    Mistake(
        "empty_set_has_weights",
        "The places of a set without items share the weight among themselves. They should have none.",
        "What does a softmax make of scores that are all the same, however low?",
        ((_WEIGHTS, "weights = torch.softmax(scores, dim=1)"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Attention with a mask",
    task="Build attention pooling with a mask, and hand in its weights",
    name="attention",
    points=4,
    library="torch",
    groups=(
        Group(WEIGHTS, 0.35),
        Group(POOLED, 0.2),
        Group(JUNK, 0.15),
        Group(LARGE, 0.15),
        Group(EMPTY, 0.15),
    ),
    draw=_cases,
    reference=_attention,
    mistakes=MISTAKES,
    hints=(
        (
            "Padding may enter neither the weights nor the sum. Weights first: they are a softmax over the "
            "items of one set."
        ),
        (
            "Replace the padding with torch.where before you compute anything from it. Then give it a score "
            "so low that its weight is 0."
        ),
        (
            "The lowest finite number, torch.finfo(x.dtype).min, is safer than minus infinity: a set of "
            "padding alone gets equal weights instead of NaN, and a product with the mask makes them 0."
        ),
    ),
    tolerance=2e-5,
    anywhere=_anywhere,
    shrinks=(),
)
