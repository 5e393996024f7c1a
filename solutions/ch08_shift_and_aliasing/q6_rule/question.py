"""8.6, the transfer question: the rule that chooses the phase to keep comes as arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

Generator = np.random.Generator
Array = NDArray[Any]
Pair = tuple[int, int]
GROUPS = (
    Group("scores", 0.3),
    Group("greatest and smallest, ties", 0.25),
    Group("two strides", 0.2),
    Group("channels together or apart", 0.25),
)
SCORES = ("sum", "energy", "peak")


def _by_phase(x: Array, stride: tuple[int, int], score: str, choose: str, ties: str, together: bool) -> Array:
    """Gives the phases an axis of their own, then keeps the phase with the least (score, place)."""
    c, h, w = x.shape
    rows, columns = stride
    cut = (
        x.reshape(c, h // rows, rows, w // columns, columns)
        .transpose(2, 4, 0, 1, 3)
        .reshape(rows * columns, c, -1)
    )
    per_channel = {"sum": cut.sum(-1), "energy": (cut**2).sum(-1), "peak": np.abs(cut).max(-1)}[score]
    over = per_channel.max(1) if score == "peak" else per_channel.sum(1)
    scores = np.broadcast_to(over[:, None], per_channel.shape) if together else per_channel
    scores = scores if choose == "smallest" else -scores
    place = np.arange(rows * columns) * (1 if ties == "first" else -1)
    chosen = [min(range(rows * columns), key=lambda p: (scores[p, k], place[p])) for k in range(c)]
    kept = np.stack([cut[p, k] for k, p in enumerate(chosen)])
    return kept.reshape(c, h // rows, w // columns)


# Four phases of four cells each. The greatest sum, the greatest energy and the greatest peak are those of
# three different phases.
MOST_SUM, MOST_ENERGY, MOST_PEAK, LEAST = [5, 5, 4, 5], [6, -5, -6, 5], [0, -10, 1, 0], [-1, 0, 0, -2]
RISING, FALLING = 1, -1  # the order of cells, by magnitude


def _cases(rng: Generator) -> list[Case]:
    scored, chosen, strides, channels = (group.name for group in GROUPS)

    def planes(
        channels: list[list[list[int]]], s: Pair = (2, 2), half: Pair = (2, 2), order: int | None = None
    ) -> Array:
        """Builds each channel from its phases, with the cells of each phase in random order.

        With `order`, the cells are sorted by magnitude, and all are multiplied by one random number.
        """
        rows, columns = s
        x = np.zeros((len(channels), half[0] * rows, half[1] * columns))
        for plane, phases in zip(x, channels, strict=True):
            for number, phase in enumerate(phases):
                i, j = divmod(number, columns)
                cells = sorted(phase, key=lambda cell: order * abs(cell)) if order else rng.permutation(phase)
                plane[i::rows, j::columns] = np.reshape(cells, half)
        return x * (2 * int(rng.integers(5, 50)) + 1) / 8 if order else x

    def case(
        group: str,
        x: Array,
        note: str,
        s: tuple[int, int] = (2, 2),
        score: str = "energy",
        choose: str = "greatest",
        ties: str = "first",
        together: bool = True,
    ) -> Case:
        return Case(group, arrays(x, s, score, choose, ties, together), note)

    a, b, p, z = MOST_SUM, MOST_ENERGY, MOST_PEAK, LEAST
    own = [-3, 3, 3, 3]  # has the same energy as 6 0 0 0
    equal, opposite = [0, 6, 0, 0], [0, -6, 0, 0]
    low, as_low = [-1, 1, 2, -2], [1, 1, 2, 2]  # a part of either of them scores lower still
    up, down = [[z, p, a, b], [z, b, p, a]]
    tall = 4, 1
    return [
        case(scored, planes([[z, a, b, p]]) / 10, "by energy"),
        case(scored, planes([[z, a, b, p]], order=FALLING), "by sum", score="sum"),
        case(scored, planes([[z, a, b, p]], order=FALLING), "by peak", score="peak"),
        case(chosen, planes([[a, low, as_low, p]]), "smallest, a tie, the first one", choose="smallest"),
        case(chosen, planes([[opposite, own, equal, z]]), "a tie, the last one", ties="last"),
        case(chosen, planes([[z, own, equal, z]], order=FALLING), "a tie, the first one"),
        case(strides, planes([[z, a, p]], (1, 3), order=RISING), "stride (1, 3)", (1, 3)),
        case(
            strides,
            planes([[z, own, z, z, equal, z]], (3, 2), order=RISING),
            "stride (3, 2), a tie, the last one",
            (3, 2),
            ties="last",
        ),
        case(
            strides,
            planes([[z, equal, own, z, z, z]], (2, 3)),
            "stride (2, 3), a tie, the first one",
            (2, 3),
        ),
        case(channels, planes([up, down], half=tall), "each channel its own", together=False),
        case(channels, planes([[z, a, b, p], [p, p, z, z]]), "together"),
        case(
            channels,
            planes([[z, a, b, p], [p, z, a, z]], half=tall, order=FALLING),
            "each channel its own, by sum",
            score="sum",
            together=False,
        ),
        case(
            channels,
            planes([up, down], half=tall, order=FALLING),
            "each channel its own, by peak",
            score="peak",
            together=False,
        ),
        case(
            channels, planes([[b, p, a, z], [b, z, a, z]], order=FALLING), "together, by peak", score="peak"
        ),
    ]


def _anywhere(rng: Generator) -> Case:
    """Scores are exact, or far from equal: no rounding error can decide which phase is kept."""
    c, rows, columns, h, w = (int(number) for number in rng.integers(1, (4, 5, 5, 4, 4)))
    shape = c, rows * h, columns * w
    x = rng.normal(size=shape) if rng.integers(3) == 0 else rng.integers(-3, 4, shape) / 8
    score, choose, ties = (
        str(rng.choice(words)) for words in (SCORES, ("greatest", "smallest"), ("first", "last"))
    )
    return Case(GROUPS[0].name, arrays(x, (rows, columns), score, choose, ties, bool(rng.integers(2))))


_PHASES = "planes[:, i::rows, j::columns] for i in range(rows) for j in range(columns)"

MISTAKES = (
    Mistake(
        "always_energy",
        "The sums of squares decided, whatever the score.",
        "Where is `score` used?",
        (("scores[score](phase)", 'scores["energy"](phase)'),),
    ),
    Mistake(
        "peak_with_sign",
        'With "peak" the greatest number decided. A large negative one counts as much.',
        "What is the greatest absolute value of -6, -5, 6, 5?",
        (("np.max(np.abs(phase))", "np.max(phase)"),),
    ),
    Mistake(
        "always_greatest",
        "The greatest score won, also where the smallest was asked for.",
        "Where is `choose` used?",
        (('found.max() if choose == "greatest" else found.min()', "found.max()"),),
    ),
    Mistake(
        "always_first",
        "Of equally good phases the first was kept, also where the last was asked for.",
        "Where is `ties` used?",
        (('places[0 if ties == "first" else -1]', "places[0]"),),
    ),
    Mistake(
        "columns_first",
        "The phases were counted with column starts first, so a tie was decided for another phase.",
        "Which phase comes second, (0, 1) or (1, 0)?",
        ((_PHASES, "planes[:, i::rows, j::columns] for j in range(columns) for i in range(rows)"),),
    ),
    Mistake(
        "strides_swapped",
        "The two strides were swapped.",
        "Which of the pair belongs to the rows?",
        (("rows, columns = stride", "columns, rows = stride"),),
    ),
    Mistake(
        "always_together",
        "All channels kept the same phase, also where each was to choose its own.",
        "Where is `together` used?",
        (("if together:", "if True:"),),
    ),
    Mistake(
        "always_apart",
        "Each channel chose its own phase, also where they were to choose together.",
        "Where is `together` used?",
        (("if together:", "if False:"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="A phase by a rule",
    task="Keep a phase by a rule that you receive as arguments",
    name="pool_by_phase",
    points=4,
    library="numpy",
    groups=GROUPS,
    draw=_cases,
    anywhere=_anywhere,
    reference=_by_phase,
    mistakes=MISTAKES,
    hints=(
        "Only two things depend on the rule: the number that a phase gets, and which of these numbers wins.",
        (
            "Write a function that chooses the phase for a stack of planes. Call it once for all channels, "
            "or once for each channel."
        ),
        (
            "List the phases with row starts in the outer loop, score each over all of its numbers, find the "
            "best score, then all places that reach it; the rule says whether to keep the first or the last "
            "of them."
        ),
    ),
    shrinks=(),
)
