"""The experiment of chapter 8: its table compares six ways to make planes smaller.

The nets are trained on centred or on moved digits. They are tested on centred digits, on moved digits, and on
moved digits shifted by one cell.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from book.experiments.nets import STRIDED
from book.experiments.samples import digits_split
from book.experiments.tables import Experiment, Key
from book.experiments.training import Recipe, accuracy, consistency, train

POOLINGS = ("subsample", "max", STRIDED, "average", "max+blur", "polyphase")
HEADS, TRAINED = ("flatten", "gap"), ("moved", "centred")
RATES = (0.005, 0.015, 0.05)
EPOCHS = 10
# The poolings with which nets are trained on centred digits too, not only on moved digits.
FROM_THE_CENTRE = ("max", "average", "max+blur", "polyphase")


def settings() -> Iterator[Key]:
    """Yield all combinations of training images, head and pooling that the experiment compares."""
    for trained, head, pool in itertools.product(TRAINED, HEADS, POOLINGS):
        if trained == "moved" or pool in FROM_THE_CENTRE:
            yield trained, head, pool


def measure(trained: str, head: str, pool: str, rate: float, seed: int) -> tuple[float, float, float, float]:
    """Train one net, and return three accuracies and the consistency on the moved test images.

    The first accuracy is on the validation images and chooses the learning rate. The second one is on the
    centred test images, the third one on the moved test images.
    """
    split = digits_split(seed, moved=trained == "moved")
    net = train(Recipe(pool, head, "batch", "adam", rate, EPOCHS, padding_mode="circular"), split, seed)
    centred, moved = (digits_split(seed, moved=one).test for one in (False, True))
    numbers = accuracy(net, split.validation), accuracy(net, centred), accuracy(net, moved)
    return (*numbers, consistency(net, moved.images))


EXPERIMENT = Experiment(
    name="shift_consistency",
    recipe=(
        "Shift consistency of six ways to make planes smaller. Made by `make experiments`.",
        (
            "Images: scikit-learn's 1,797 digits, each 8 by 8, on an empty canvas of 16 by 16: centred, or "
            "moved to a random place with one cell of margin."
        ),
        (
            "Split: 597 digits are always the test; the seed deals the other 1,200 into 1,000 to train on "
            "and 200 to validate on."
        ),
        (
            "Net: twice (convolution 3 by 3 with circular padding 1, batch norm, ReLU, pooling with stride "
            "2), 8 and 16 channels; then flatten (256 numbers) or gap (16 means), and one linear layer."
        ),
        (
            "Poolings: subsample keeps every second cell; max and average see 2 by 2 cells; strided "
            "convolution is a further convolution 3 by 3 with stride 2, batch norm and ReLU; max+blur and "
            "polyphase take the maximum of 2 by 2 cells at stride 1 first."
        ),
        (
            "Training: cross-entropy, adam with torch's other defaults, batches of 64, 10 epochs, the rate "
            "falls to 0 along half a cosine; torch's default initial weights."
        ),
        (
            "Measured: accuracy on the test images centred and moved; consistency: of all pairs of a moved "
            "test image and one of its eight one-cell shifts, those with the same answer. All are "
            "percentages."
        ),
        (
            "Seeds 100 to 102 choose the rate by `validation`, which is drawn as the training images are, "
            "for each row of the table separately; seeds 0 to 9 are reported."
        ),
    ),
    keys=("trained", "head", "pool", "rate", "seed"),
    measures=("validation", "centred", "moved", "consistency"),
    settings=settings,
    rates=lambda *setting: RATES,
    measure=measure,
)
