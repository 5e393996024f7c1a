"""Train one net by one recipe from one seed, and measure its accuracy and consistency."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from book.experiments.nets import Net, Padding
from book.experiments.samples import Sample, Split

BATCH = 64
MOMENTUM = 0.9
# The eight moves of an image by one cell.
STEPS = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)]


@dataclass(frozen=True)
class Recipe:
    """All settings of a training run except its seed.

    Args:
        pool, head, norm, classes, padding_mode: the arguments of Net.
        optimizer: "adam" (its other settings are torch's defaults) or "sgd" (with momentum 0.9).
        rate: the learning rate of the first step; it then falls to 0 along half a cosine.
        epochs: the number of passes over the training images.
    """

    pool: str
    head: str
    norm: str
    optimizer: str
    rate: float
    epochs: int
    classes: int = 10
    padding_mode: Padding = "zeros"


def train(recipe: Recipe, split: Split, seed: int) -> Net:
    """Train a net by a recipe, and return it in evaluation mode.

    Two recipes that differ only in their pooling start from the same weights and see the same batches, if
    neither pooling has weights.
    """
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        net = Net(recipe.pool, recipe.head, recipe.norm, recipe.classes, recipe.padding_mode)
    to: Any = net.to  # torch's annotations lack memory_format
    to(memory_format=torch.channels_last)
    images = split.train.images.contiguous(memory_format=torch.channels_last)
    if recipe.optimizer == "adam":
        optimizer: torch.optim.Optimizer = torch.optim.Adam(net.parameters(), recipe.rate, fused=True)
    else:
        optimizer = torch.optim.SGD(net.parameters(), recipe.rate, MOMENTUM, fused=True)
    order = torch.Generator().manual_seed(seed)
    steps = recipe.epochs * math.ceil(len(images) / BATCH)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(recipe.epochs):
        for batch in torch.randperm(len(images), generator=order).split(BATCH):
            optimizer.zero_grad()
            F.cross_entropy(net(images[batch]), split.train.labels[batch]).backward()
            optimizer.step()
            falling.step()
    return net.eval()


@torch.no_grad()
def predictions(net: nn.Module, images: Tensor) -> Tensor:
    """The class that the net predicts for each image, that is, the class with the greatest logit."""
    return torch.cat([net(batch).argmax(dim=1) for batch in images.split(1000)])


def accuracy(net: nn.Module, sample: Sample) -> float:
    """The percentage of images whose class is predicted correctly."""
    return 100 * float((predictions(net, sample.images) == sample.labels).double().mean())


def consistency(net: nn.Module, images: Tensor) -> float:
    """The percentage of moves by one cell that do not change the predicted class, over all images.

    Each image is moved in eight directions. Cells that leave the canvas on one side enter it on the other. A
    digit with a margin of one cell stays whole.
    """
    before = predictions(net, images)
    after = [predictions(net, images.roll(step, dims=(2, 3))) for step in STEPS]
    return 100 * float(torch.stack([before == one for one in after]).double().mean())
