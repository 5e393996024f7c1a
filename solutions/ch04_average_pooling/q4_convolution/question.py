"""Average pooling as the weights of a convolution."""

from __future__ import annotations

from typing import Any

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

from ...planes import a_number, a_pair

Generator = np.random.Generator

EACH, ALL, BETWEEN, DTYPE = (
    "one filter for each channel",
    "filters that see all channels",
    "groups between",
    "dtype",
)


def _weights(x: Any, kernel_size: tuple[int, int], groups: int) -> Any:
    """Return the derivative of poolkit's average pooling of one window: a linear layer's weights."""
    import torch

    from poolkit.functional import avg_pool2d

    channels = x.shape[1]
    start = x.new_zeros((channels, *kernel_size))
    jacobian: Any = torch.autograd.functional.jacobian  # torch does not annotate this function
    whole = jacobian(lambda one: avg_pool2d(one, kernel_size)[:, 0, 0], start)
    inside = channels // groups
    rows = [whole[o, o // inside * inside : (o // inside + 1) * inside] for o in range(channels)]
    return torch.stack(rows)


def _cases(rng: Generator) -> list[Case]:
    import torch

    def case(
        group: str, channels: int, kernel: tuple[int, int], groups: int, dtype: Any = torch.float32
    ) -> Case:
        x = torch.from_numpy(rng.standard_normal((1, channels, 5, 6))).to(dtype)
        name = str(dtype).removeprefix("torch.")
        return Case(
            group,
            arrays(x, kernel, groups),
            f"{channels} channels, {groups} group{'s' if groups > 1 else ''}, {name}",
        )

    return [
        case(EACH, 1, (2, 2), 1),
        case(EACH, 3, (2, 3), 3),
        case(EACH, 4, (3, 3), 4),
        case(ALL, 2, (2, 2), 1),
        case(ALL, 4, (3, 2), 1),
        case(BETWEEN, 6, (2, 2), 3),
        case(BETWEEN, 8, (3, 2), 2),
        case(DTYPE, 3, (1, 3), 3, torch.float64),
        case(DTYPE, 2, (2, 2), 1, torch.bfloat16),
    ]


def _any_weights(rng: Generator) -> Case:
    """Draw any number of channels, any number of groups that divides it, any kernel, any float dtype."""
    import torch

    groups, kernel_size = a_number(rng, 1, 4), a_pair(rng, 1, 4)
    shape = (*a_pair(rng, 1, 2), *a_pair(rng, 1, 5))
    dtype = (torch.float64, torch.float32, torch.float16, torch.bfloat16)[rng.integers(4)]
    x = torch.from_numpy(rng.standard_normal((shape[0], groups * a_number(rng, 1, 3), *shape[2:]))).to(dtype)
    return Case(DTYPE, arrays(x, kernel_size, groups))


_PLACE = "weights[channel, channel % inside] = 1 / (kh * kw)"

MISTAKES = (
    Mistake(
        "sum",
        "The weights are 1: that adds up the window and does not divide.",
        "What must the weights of a mean add up to?",
        ((_PLACE, "weights[channel, channel % inside] = 1"),),
    ),
    Mistake(
        "divided_once",
        "The weights are 1 divided by the window's rows alone.",
        "What must the weights of a mean add up to?",
        ((_PLACE, "weights[channel, channel % inside] = 1 / kh"),),
    ),
    Mistake(
        "channels_added",
        "Every filter averages all the channels that it sees, and adds them up.",
        "Which channels may output channel 1 depend on?",
        ((_PLACE, "weights[channel] = 1 / (kh * kw)"),),
    ),
    Mistake(
        "channels_averaged",
        "Every filter takes the mean over all the channels that it sees.",
        "Which channels may output channel 1 depend on?",
        ((_PLACE, "weights[channel] = 1 / (kh * kw * inside)"),),
    ),
    Mistake(
        "first_channel_only",
        "Every filter looks at the first of the channels that it sees.",
        "Which of its channels is the output's own?",
        ((_PLACE, "weights[channel, 0] = 1 / (kh * kw)"),),
    ),
    Mistake(
        "counted_by_groups",
        "With several groups of several channels, some filters look at a channel that is not theirs.",
        "Groups hold neighbouring channels: which place in its group does channel 1 have, and which "
        "channel 2?",
        ((_PLACE, "weights[channel, channel // groups] = 1 / (kh * kw)"),),
    ),
    Mistake(
        "always_depthwise",
        "Every filter sees one channel, whatever the number of groups.",
        "How many channels does a filter see where there is one group?",
        (("inside = channels // groups", "inside = 1"),),
    ),
    Mistake(
        "groups_ignored",
        "Every filter sees all channels, whatever the number of groups.",
        "How many channels does a filter see where there are as many groups as channels?",
        (("inside = channels // groups", "inside = channels"),),
    ),
    Mistake(
        "kernel_axes_swapped",
        "The filters are as tall as they should be wide.",
        "Which entry of kernel_size belongs to the rows?",
        (("kh, kw = kernel_size", "kw, kh = kernel_size"),),
    ),
    Mistake(
        "dtype_lost",
        "The values are right, the dtype is float32 whatever came in.",
        "Which call makes a tensor like another one, in dtype and device?",
        (("x.new_zeros(", "torch.zeros("),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="As a convolution",
    task="Write the weights of a convolution that averages",
    name="averaging_weights",
    points=3,
    library="torch",
    groups=(Group(EACH, 0.35), Group(ALL, 0.25), Group(BETWEEN, 0.25), Group(DTYPE, 0.15, facts=("dtype",))),
    draw=_cases,
    anywhere=_any_weights,
    reference=_weights,
    mistakes=MISTAKES,
    hints=(
        (
            "A mean is a weighted sum whose weights are all the same. What are they for a window of kh by kw "
            "cells?"
        ),
        (
            "Pooling keeps channels apart: filter number o may have weights on channel o alone, and zeros on "
            "the others that it sees."
        ),
        (
            "With c channels in g groups, a filter sees c // g of them, the channels of its own group. "
            "Output channel o is number o % (c // g) among them. Everything else stays 0."
        ),
    ),
    shrinks=(),
)
