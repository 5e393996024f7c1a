"""Build an input that exposes a pooling which mixes channels or images."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.question import Case, Group, Mistake, Question

from .mixing import WRONG_POOLINGS, slips_through

Generator = np.random.Generator
Array = NDArray[Any]


def _expose_cases(rng: Generator) -> list[Case]:
    return [
        Case(wrong.group, note=f"a pooling that {wrong.says}", hidden=(wrong, int(rng.integers(2**31))))
        for wrong in WRONG_POOLINGS
    ]


_COUNTING = "return np.arange(n * c * h * w, dtype=float).reshape(n, c, h, w)"

MISTAKES = (
    Mistake(
        "one_channel",
        "Your input has one channel, so there is nothing to mix.",
        "How many channels does it take to tell them apart?",
        (("n, c, h, w = 2, 4, 4, 4", "n, c, h, w = 2, 1, 4, 4"),),
    ),
    Mistake(
        "one_image",
        "Your input has one image, so no pooling can mix images.",
        "How many images does it take to tell them apart?",
        (("n, c, h, w = 2, 4, 4, 4", "n, c, h, w = 1, 4, 4, 4"),),
    ),
    Mistake(
        "all_planes_alike",
        "All planes of your input are the same, so any of them can stand in for another.",
        "What must differ between two channels?",
        ((_COUNTING, "return np.broadcast_to(np.arange(float(h * w)).reshape(h, w), (n, c, h, w)).copy()"),),
    ),
    Mistake(
        "channels_alike",
        "The images differ, but within an image all channels are the same.",
        "What must differ between two channels?",
        (
            (
                _COUNTING,
                (
                    "return np.broadcast_to(np.arange(float(n * h * w)).reshape(n, 1, h, w), (n, c, h, "
                    "w)).copy()"
                ),
            ),
        ),
    ),
    Mistake(
        "images_alike",
        "The channels differ, but all images are the same.",
        "What must differ between two images?",
        (
            (
                _COUNTING,
                (
                    "return np.broadcast_to(np.arange(float(c * h * w)).reshape(1, c, h, w), (n, c, h, "
                    "w)).copy()"
                ),
            ),
        ),
    ),
)

QUESTION = Question(
    place=__file__,
    title="An input that exposes mixed channels",
    task="Build an input that exposes a layer which mixes channels",
    name="expose_mixing",
    points=3,
    library="numpy",
    groups=(
        Group("pooling across channels", 0.4),
        Group("channels in another order", 0.3),
        Group("images mixed", 0.3),
    ),
    draw=_expose_cases,
    reference=lambda: np.arange(128.0).reshape(2, 4, 4, 4),
    mistakes=MISTAKES,
    hints=(
        (
            "A mistake shows only where the right output and the wrong one differ. Which inputs make all "
            "planes look alike?"
        ),
        (
            "You need more than one image and more than one channel, and every plane must pool to "
            "different values."
        ),
        "Give every cell of a (2, 4, 4, 4) array a value of its own, for instance by counting.",
    ),
    accepts=slips_through,
    shrinks=(),
)
