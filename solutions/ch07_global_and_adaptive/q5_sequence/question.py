"""Pool sequences with padding: take their mean, their first token or their last."""

from __future__ import annotations

from typing import Any

import numpy as np

from poolgrader.questions.draws import anything, positive, tenths
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

from ...planes import a_number

Generator = np.random.Generator
MEAN, ENDS, LEFT, JUNK, EMPTY = (
    "mean",
    "first and last",
    "padding before the sequence",
    "padding that is not a number",
    "a sequence of padding alone",
)


def _pool_sequence(x: Any, mask: Any, how: str) -> Any:
    """Pick the real tokens out of one sequence at a time; the mean is poolkit's global average pooling."""
    import torch

    from poolkit.functional import global_avg_pool

    rows = []
    for sequence, real in zip(x, mask, strict=True):
        tokens = sequence[real]
        if len(tokens) == 0:
            rows.append(sequence.new_zeros(sequence.shape[1]))
        elif how == "mean":
            rows.append(global_avg_pool(tokens.T[None]).flatten())
        else:
            rows.append(tokens[0 if how == "first" else -1])
    return torch.stack(rows)


def _cases(rng: Generator) -> list[Case]:
    import torch

    def case(
        group: str, how: str, masks: list[str], note: str, junk: float = 900.0, draw: Any = positive
    ) -> Case:
        mask = np.array([[mark == "x" for mark in row] for row in masks])
        tokens = draw(rng, *mask.shape, 3)
        x = np.where(mask[:, :, None], tokens, tokens + junk)
        return Case(group, arrays(torch.from_numpy(x).float(), torch.from_numpy(mask), how), f"{how}: {note}")

    after, before = ["xxx..", "xxxxx", "x...."], ["..xxx", "....x", "xxxxx"]
    return [
        case(MEAN, "mean", after, "padding after the sequences"),
        case(MEAN, "mean", ["xx", "xx"], "no padding at all"),
        case(MEAN, "mean", after, "values below zero", draw=tenths),
        case(ENDS, "first", after, "padding after the sequences"),
        case(ENDS, "last", after, "padding after the sequences"),
        case(LEFT, "first", before, "padding before the sequences"),
        case(LEFT, "last", before, "padding before the sequences"),
        case(LEFT, "mean", before, "padding before the sequences"),
        case(JUNK, "mean", after, "the padding holds NaN", np.nan, tenths),
        case(JUNK, "last", after, "the padding holds NaN", np.nan, tenths),
        case(EMPTY, "mean", ["xxx", "..."], "the second sequence is padding alone"),
        case(EMPTY, "last", ["xxx", "..."], "the second sequence is padding alone"),
        case(EMPTY, "first", ["x", "."], "one place, and the second sequence is padding alone"),
    ]


def _any_batch(rng: Generator) -> Case:
    """Draw any sequences: with padding before or after the tokens, without padding, or of padding alone."""
    import torch

    n, length, features = (a_number(rng, 1, high) for high in (4, 6, 3))
    mask = np.array([np.arange(length) < count for count in rng.integers(0, length + 1, size=n)])
    mask = np.where(rng.random((n, 1)) < 0.5, mask, mask[:, ::-1])
    junk = rng.choice([np.nan, np.inf, -np.inf, 900.0, 0.0], size=(n, length, features))
    x = np.where(mask[:, :, None], anything(rng, n, length, features).clip(-1e6, 1e6), junk)
    how = str(rng.choice(["mean", "first", "last"]))
    return Case(LEFT, arrays(torch.from_numpy(x).float(), torch.from_numpy(mask), how))


_MEAN = "real.sum(dim=1) / count.clamp(min=1)[:, None]"
_FIRST = "place = torch.where(mask, places, length - 1).amin(dim=1)"
_LAST = "place = torch.where(mask, places, 0).amax(dim=1)"
_REAL = "real = torch.where(mask[:, :, None], x, 0.0)"

_ONE_BY_ONE = """def pool_sequence(x, mask, how):
    rows = []
    for sequence, real in zip(x, mask):
        tokens = sequence[real]
        if how == "mean":
            rows.append(tokens.mean(dim=0))
        else:
            rows.append(tokens[0 if how == "first" else -1])
    return torch.stack(rows)
"""

MISTAKES = (
    Mistake(
        "padding_averaged",
        "The mean was taken over the padding as well.",
        "How many tokens of the sequence are real?",
        ((_MEAN, "x.mean(dim=1)"),),
    ),
    Mistake(
        "divided_by_length",
        "The padding was left out of the sum but counted in the divisor: short sequences get small means.",
        "By how many tokens should the sum be divided?",
        ((_MEAN, "real.sum(dim=1) / length"),),
    ),
    Mistake(
        "last_place",
        'With "last" the last place was taken, which may be padding.',
        "Where does the last real token of a padded sequence stand?",
        ((_LAST, "place = torch.full_like(count, length - 1)"), ("real[torch.arange(n", "x[torch.arange(n")),
    ),
    Mistake(
        "counted_from_the_start",
        'With "last" the number of real tokens was taken for the place of the last one.',
        "Where does the last token stand if the padding comes first?",
        ((_LAST, "place = (count - 1).clamp(min=0)"),),
    ),
    Mistake(
        "first_place",
        'With "first" the first place was taken, which may be padding.',
        "Where does the first token stand if the padding comes first?",
        ((_FIRST, "place = torch.zeros_like(count)"),),
    ),
    Mistake(
        "multiplied_by_mask",
        "A NaN in the padding spoils the result: the padding was multiplied by 0.",
        "What is 0 times NaN?",
        ((_REAL, "real = x * mask[:, :, None]"),),
    ),
    Mistake(
        "divided_by_zero",
        "A sequence without real tokens gives NaN.",
        "By which number is its sum divided?",
        ((".clamp(min=1)[:, None]", "[:, None]"),),
    ),
    Mistake(
        "no_token_not_asked",
        "A sequence without a single token gives NaN as its mean, and an error as its first or last token.",
        "What should come out where the mask holds no True, and which line asks for it?",
        source=_ONE_BY_ONE,
    ),
    Mistake(
        "mask_inverted",
        "The padding was pooled and the tokens were left out.",
        "What does True mean in the mask?",
        (("n, length, _ = x.shape", "n, length, _ = x.shape\n    mask = ~mask"),),
    ),
    Mistake(
        "sum",
        "The tokens were added up, not averaged.",
        "What should the mean of a token and its own copy be?",
        ((_MEAN, "real.sum(dim=1)"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Sequences with padding",
    task="Pool sequences with padding",
    name="pool_sequence",
    points=4,
    library="torch",
    groups=(Group(MEAN, 0.3), Group(ENDS, 0.2), Group(LEFT, 0.25), Group(JUNK, 0.15), Group(EMPTY, 0.1)),
    draw=_cases,
    anywhere=_any_batch,
    reference=_pool_sequence,
    mistakes=MISTAKES,
    hints=(
        "Padding is no data. It may not enter a sum, a count or a choice of place.",
        (
            "The divisor of the mean is the number of True in each row of the mask. The last token is at "
            "the greatest place where the mask is True, wherever the padding is."
        ),
        (
            "Replace the padding by zeros with torch.where, not by a product. Divide by the count, but at "
            "least by 1. For the places, put torch.arange(length) where the mask is True, and take the "
            "smallest or the greatest."
        ),
    ),
    shrinks=(),
)
