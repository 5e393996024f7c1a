"""The net of all experiments: two convolutions, each followed by the pooling that an experiment compares."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Padding = Literal["zeros", "circular"]
CHANNELS = (8, 16)
# The length in cells along each axis of the planes that enter the head.
SIDE_AFTER = 4


def max_at_every_cell(x: Tensor) -> Tensor:
    """Take the maximum of 2 by 2 cells at stride 1, with circular padding at the right and the bottom."""
    x = torch.cat((x, x[:, :, :1]), dim=2)
    return F.max_pool2d(torch.cat((x, x[..., :1]), dim=3), 2, 1)


@cache
def blur_matrix(n: int) -> Tensor:
    """The (n / 2, n) matrix that blurs a circular row with (1, 2, 1) / 4 and keeps every second cell."""
    one = torch.eye(n)
    return (one / 2 + (one.roll(1, 1) + one.roll(-1, 1)) / 4)[::2].contiguous()


def max_blur(x: Tensor) -> Tensor:
    """Take the maximum at every cell, blur the result, and keep every second cell.

    The blur gives the same result as poolkit's blur_pool2d, but multiplies by two small matrices.
    """
    return blur_matrix(x.shape[2]) @ max_at_every_cell(x) @ blur_matrix(x.shape[3]).T


def max_polyphase(x: Tensor) -> Tensor:
    """Take the maximum at every cell, and keep the phase of each image that has the greatest norm.

    A phase has every second cell along each axis, so there are four. The result is that of poolkit's
    polyphase_pool2d up to rounding: poolkit also sorts the cells, so that their order does not change a norm.
    """
    every = max_at_every_cell(x)
    n, c, h, w = every.shape
    cut = every.reshape(n, c, h // 2, 2, w // 2, 2)
    best = cut.detach().square().sum((1, 2, 4)).flatten(1).argmax(1)
    phases = cut.permute(0, 3, 5, 1, 2, 4).flatten(1, 2)
    return phases[torch.arange(n), best]


POOLINGS: dict[str, Callable[[Tensor], Tensor]] = {
    "subsample": lambda x: x[..., ::2, ::2],
    "max": lambda x: F.max_pool2d(x, 2),
    "average": lambda x: F.avg_pool2d(x, 2),
    "max+blur": max_blur,
    "polyphase": max_polyphase,
}
# The name of the pooling that learns weights. It is a layer of its own in Net, not an entry of POOLINGS.
STRIDED = "strided convolution"


class Pooling(nn.Module):
    """A layer for one of the poolings without weights; it turns (n, c, 2h, 2w) into (n, c, h, w)."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.pool = POOLINGS[name]

    def forward(self, x: Tensor) -> Tensor:
        """Pool the last two axes."""
        return self.pool(x)


class Net(nn.Module):
    """A net of two blocks, a head and a linear layer.

    Each block has a convolution, optionally a batch norm, a ReLU, and the pooling.

    Args:
        pool: a key of POOLINGS, or STRIDED.
        head: "flatten", or "gap" for the mean of each channel.
        norm: "batch" or "none".
        classes: the number of logits.
        padding_mode: padding of the convolutions, "zeros" or "circular".

    >>> Net("max", "gap", "none", 10, "zeros")(torch.zeros(2, 1, 16, 16)).shape
    torch.Size([2, 10])
    """

    def __init__(self, pool: str, head: str, norm: str, classes: int, padding_mode: Padding) -> None:
        super().__init__()
        layers: list[nn.Module] = []

        def convolve(before: int, after: int, stride: int = 1) -> None:
            layers.append(nn.Conv2d(before, after, 3, stride, 1, padding_mode=padding_mode))
            if norm == "batch":
                layers.append(nn.BatchNorm2d(after))
            layers.append(nn.ReLU())

        for before, after in zip((1, *CHANNELS), CHANNELS, strict=False):
            convolve(before, after)
            if pool == STRIDED:
                convolve(after, after, 2)
            else:
                layers.append(Pooling(pool))
        places = SIDE_AFTER**2 if head == "flatten" else 1
        self.features = nn.Sequential(*layers)
        self.head = head
        self.linear = nn.Linear(CHANNELS[-1] * places, classes)

    def forward(self, x: Tensor) -> Tensor:
        """Return the logits (n, classes) for images (n, 1, 16, 16)."""
        features = self.features(x)
        logits: Tensor = self.linear(features.mean(dim=(2, 3)) if self.head == "gap" else features.flatten(1))
        return logits
