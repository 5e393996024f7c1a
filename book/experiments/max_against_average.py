"""The experiment of chapter 9: its table compares max and average pooling by many recipes.

The recipes combine digits or textures, optimizers, numbers of epochs, norms and heads.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from book.experiments.samples import digits_split, textures_split
from book.experiments.tables import Experiment, Key
from book.experiments.training import Recipe, accuracy, train

POOLINGS = ("max", "average")
NORMS, HEADS = ("none", "batch"), ("flatten", "gap")
SHORT, LONG = 10, 30  # epochs
RECIPES = (  # images, optimizer, epochs
    ("digits", "adam", SHORT),
    ("digits", "adam", LONG),
    ("digits", "sgd", SHORT),
    ("textures", "adam", SHORT),
)


def settings() -> Iterator[Key]:
    """Yield all settings: each entry of RECIPES with each norm, head and pooling."""
    for (images, optimizer, epochs), norm, head in itertools.product(RECIPES, NORMS, HEADS):
        for pool in POOLINGS:
            yield images, norm, head, optimizer, epochs, pool


def rates(images: str, norm: str, head: str, optimizer: str, epochs: int, pool: str) -> tuple[float, ...]:
    """The learning rates to try for a setting; both poolings have the same ones."""
    if optimizer == "sgd":
        return 0.01, 0.03, 0.1, 0.3, 1.0
    return (0.003, 0.01, 0.03) if norm == "none" and images == "digits" else (0.01, 0.03, 0.1)


def measure(
    images: str, norm: str, head: str, optimizer: str, epochs: int, pool: str, rate: float, seed: int
) -> tuple[float, float]:
    """Train one net, and return its accuracies on the validation images and on the test images.

    The accuracy on the validation images chooses the learning rate.
    """
    split = digits_split(seed, moved=True) if images == "digits" else textures_split(seed)
    classes = 10 if images == "digits" else 3
    net = train(Recipe(pool, head, norm, optimizer, rate, epochs, classes), split, seed)
    return accuracy(net, split.validation), accuracy(net, split.test)


EXPERIMENT = Experiment(
    name="max_against_average",
    recipe=(
        "Max pooling against average pooling. Made by `make experiments`.",
        (
            "Images: digits are scikit-learn's 1,797, each 8 by 8, at a random place of an empty canvas of "
            "16 by 16, one cell of margin."
        ),
        (
            "Split: 597 digits are always the test; the seed deals the other 1,200 into 1,000 to train on "
            "and 200 to validate on."
        ),
        (
            "Textures: pieces of 16 by 16 of scikit-image's brick, grass and gravel, each of mean 0 and "
            "deviation 1; 1,000 to train on from the upper left, 200 to validate on from the lower left, "
            "597 to test on from the right half."
        ),
        (
            "Net: twice (convolution 3 by 3 with padding 1, batch norm or none, ReLU, pooling 2 by 2 with "
            "stride 2), 8 and 16 channels; then flatten (256 numbers) or gap (16 means), and one linear "
            "layer."
        ),
        (
            "Training: cross-entropy, batches of 64, the rate falls to 0 along half a cosine; adam with "
            "torch's other defaults, sgd with momentum 0.9; torch's default initial weights."
        ),
        (
            "Pairs: max and average start from the same weights and see the same batches in the same order, "
            "for each seed."
        ),
        (
            "Seeds 100 to 102 choose the rate by `validation`, for each pooling separately; seeds 0 to 9 are "
            "reported by `accuracy`. Both are percentages."
        ),
    ),
    keys=("images", "norm", "head", "optimizer", "epochs", "pool", "rate", "seed"),
    measures=("validation", "accuracy"),
    settings=settings,
    rates=rates,
    measure=measure,
)
