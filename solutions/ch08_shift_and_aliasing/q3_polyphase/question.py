"""Adaptive polyphase sampling of a batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from poolgrader.questions.draws import positive
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

Generator = np.random.Generator
Pair = tuple[int, int]
GROUPS = (
    Group("one plane", 0.3),
    Group("channels", 0.25),
    Group("images", 0.2),
    Group("signs and ties", 0.25),
)


def _polyphase(x: Any, stride: int) -> Any:
    from poolkit.blur import polyphase_pool2d

    return polyphase_pool2d(x, stride)


def _cases(rng: Generator) -> list[Case]:
    import torch

    plane, channels, images, signs = (group.name for group in GROUPS)

    def with_phases(values: list[Pair], c: int = 1, s: int = 2, size: Pair = (4, 6)) -> Any:
        """Small numbers, and for each channel one phase to which a large number is added."""
        x = positive(rng, c, *size)
        for channel, (i, j) in enumerate(values):
            x[channel, i::s, j::s] += 100 * (channel + 1)
        return x

    def case(group: str, stacked: list[Any], stride: int, note: str) -> Case:
        return Case(group, arrays(torch.from_numpy(np.stack(stacked)), stride), note)

    # Neither whole numbers nor numbers that float32 represents exactly.
    below = np.round(0.4 - with_phases([(1, 0)]), 1)
    spiked = np.full((1, 4, 4), 3.0)
    spiked[0, 0::2, 0::2] = [[7.0, 0.0], [0.0, 0.0]]  # sum of squares 49, against 64
    spiked[0, 1::2, 1::2] = [[4.0, 4.0], [4.0, 4.0]]
    tied = np.tile(np.array([[5.0, 1.0], [1.0, 5.0]]), (2, 2))[None]
    tied[0, 0::2, 0::2] = [[5.0, 5.0], [5.0, 5.0]]
    tied[0, 1::2, 1::2] = [[-5.0, 5.0], [5.0, 5.0]]
    sideways = np.zeros((1, 4, 4))
    sideways[0, 0::2, 1::2], sideways[0, 1::2, 0::2] = [[6.0, 2.0], [2.0, 2.0]], [[2.0, 2.0], [2.0, 6.0]]
    return [
        case(plane, [with_phases([(1, 0)])], 2, "the largest phase starts at row 1 and column 0"),
        case(plane, [with_phases([(2, 1)], s=3, size=(9, 6))], 3, "stride 3"),
        case(
            channels,
            [with_phases([(0, 1), (1, 0)], c=2)],
            2,
            "two channels that are largest at different phases",
        ),
        case(channels, [with_phases([(1, 1), (0, 1), (0, 1)], c=3)], 2, "three channels"),
        case(
            images, [with_phases([(0, 1)]), with_phases([(1, 1)]), with_phases([(1, 0)])], 2, "three images"
        ),
        case(signs, [np.zeros((1, 2, 4))], 2, "nothing but zeros: all phases are equal"),
        case(signs, [below], 2, "all numbers below zero"),
        case(
            signs,
            [spiked],
            2,
            "the greatest number does not lie in the phase with the greatest sum of squares",
        ),
        case(signs, [tied], 2, "two phases with equal sums of squares"),
        case(signs, [sideways], 2, "two phases with equal sums of squares, side by side"),
    ]


def _anywhere(rng: Generator) -> Case:
    """Sums of squares are exact, or far from equal: no rounding error can decide which phase is kept."""
    import torch

    n, c, h, w, s = (int(number) for number in rng.integers(1, (4, 4, 4, 4, 5)))
    shape = n, c, s * h, s * w
    x = rng.normal(size=shape) if rng.integers(2) else rng.integers(-2, 3, shape) / 4
    dtype = (torch.float64, torch.float32)[rng.integers(2)]
    return Case(GROUPS[0].name, arrays(torch.from_numpy(x).to(dtype), s))


_SIZE, _BEST = "float(phase.square().sum())", "phases[sizes.index(max(sizes))]"
_PHASE = "x[k, :, i::stride, j::stride]"

MISTAKES = (
    Mistake(
        "first_phase",
        "The first phase was kept, whichever is the largest. That is plain subsampling.",
        "Which phase is the largest in the example?",
        ((_BEST, "phases[0]"),),
    ),
    Mistake(
        "each_channel_its_own",
        "Every channel chose its own phase. They no longer show the same places.",
        "Over which axes do the squares add up?",
        (
            (_SIZE, "phase.square().sum(dim=(1, 2))"),
            (
                _BEST,
                (
                    "torch.stack([phases[max(range(len(phases)), key=lambda o: float(sizes[o][m]))][m] for m "
                    "in range(c)])"
                ),
            ),
        ),
    ),
    Mistake(
        "one_phase_for_all_images",
        "All images of the batch kept the same phase.",
        "May one image's answer depend on the others in the batch?",
        (
            (
                "sizes = [float(phase.square().sum()) for phase in phases]",
                (
                    "sizes = [float(x[:, :, i::stride, j::stride].square().sum()) for i in range(stride) for "
                    "j in range(stride)]"
                ),
            ),
        ),
    ),
    Mistake(
        "sum",
        "The numbers were added up with their signs. Where they are negative, the phase that is nearest to "
        "zero wins.",
        "How large is a phase of minus fives?",
        ((_SIZE, "float(phase.sum())"),),
    ),
    Mistake(
        "peak",
        "The phase with the greatest number was kept, not the one with the greatest sum of squares.",
        "Which phase wins, 7 0 0 0 or 4 4 4 4?",
        ((_SIZE, "float(phase.abs().max())"),),
    ),
    Mistake(
        "smallest",
        "The phase with the smallest sum of squares was kept.",
        "Which one does the question ask for, and which line chooses it?",
        (("max(sizes)", "min(sizes)"),),
    ),
    Mistake(
        "last_of_equal",
        "Of two phases that are equally large, the last was kept.",
        "Which of equal ones does the rule keep?",
        ((_BEST, "phases[len(sizes) - 1 - sizes[::-1].index(max(sizes))]"),),
    ),
    Mistake(
        "columns_first",
        "Of two phases that are equally large, the one with the smaller column start was kept. Row starts "
        "count first.",
        "Which comes first, (0, 1) or (1, 0)?",
        ((_PHASE, "x[k, :, j::stride, i::stride]"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="The phase that is largest",
    task="Keep the phase that is largest",
    name="polyphase_pool",
    points=3,
    library="torch",
    groups=GROUPS,
    draw=_cases,
    anywhere=_anywhere,
    reference=_polyphase,
    mistakes=MISTAKES,
    hints=(
        "List all the ways to subsample, then choose one. The choice is made for each image.",
        (
            "A phase is a slice with a step. All channels of an image keep the same one; compare sums of "
            "squares."
        ),
        (
            "Write the phases of one image as a list, row starts in the outer loop. Take the sum of squares "
            "of each phase over all of its numbers, and keep the first phase that reaches the greatest sum."
        ),
    ),
    shrinks=(),
)
