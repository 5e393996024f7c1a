"""Audit a net by measuring its dropped pixels, receptive field, shift consistency and cost."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

Generator = np.random.Generator
DROPPED, FIELD, CONSISTENCY, COST = "dropped pixels", "receptive field", "shift consistency", "cost"
CONVOLUTIONS = ("conv", "differences", "second")
PARTS = {DROPPED: 0, FIELD: 1, CONSISTENCY: 2, COST: 3}


def _net(layers: list[tuple[Any, ...]], channels: int, seed: int) -> Any:
    """The layers as one function, with the weights that the exercise draws."""
    import torch
    from torch.nn import functional as F

    generator = torch.Generator().manual_seed(seed)
    steps: list[tuple[Any, ...]] = []
    for kind, *rest in layers:
        if kind in CONVOLUTIONS:
            planes, size, stride, padding = rest
            weight = torch.randn((planes, channels, *size), generator=generator, dtype=torch.float64)
            if kind == "differences":
                weight = torch.cat(
                    [torch.ones_like(weight)[..., :-1], -torch.ones_like(weight)[..., -1:]], dim=-1
                )
            elif kind == "second":
                weight[:, 0] = 0
            steps.append((F.conv2d, weight, None, stride, padding))
            channels = planes
        else:
            steps.append(({"relu": F.relu, "max": F.max_pool2d, "avg": F.avg_pool2d}[kind], *rest))

    def run(x: Any) -> Any:
        for function, *arguments in steps:
            x = function(x, *arguments)
        return x

    return run


def _audited(layers: list[tuple[Any, ...]], x: Any, seed: int) -> tuple[Any, ...]:
    """Computes one gradient for every number of the output, which is slow but simple."""
    import torch

    net = _net(layers, x.shape[1], seed)
    x = x.clone().requires_grad_()
    y = net(x)
    _, planes, h, w = y.shape
    reached: dict[tuple[int, int], Any] = {}
    for c, i, j in itertools.product(range(planes), range(h), range(w)):
        (slopes,) = torch.autograd.grad(y[:, c, i, j].sum(), x, retain_graph=True)
        now = (slopes != 0).flatten(0, 1).any(0)
        reached[i, j] = reached[i, j] | now if (i, j) in reached else now
    dropped = ~torch.stack(list(reached.values())).any(0)
    at = reached[h // 2, w // 2].nonzero()
    rows, columns = (int(length) for length in at.max(0).values - at.min(0).values + 1)
    with torch.no_grad():
        answer = net(x).mean((2, 3)).argmax(1)
        moves = [move for move in itertools.product((-1, 0, 1), repeat=2) if move != (0, 0)]
        kept = [
            float((net(x.roll(move, (2, 3))).mean((2, 3)).argmax(1) == answer).double().mean())
            for move in moves
        ]
    return dropped, (rows, columns), sum(kept) / len(kept), _cost(layers, x)


def _cost(layers: list[tuple[Any, ...]], x: Any) -> tuple[int, int]:
    parameters = multiplied = 0
    planes = x.shape[1]
    for done, (kind, *rest) in enumerate(layers, 1):
        if kind in CONVOLUTIONS:
            weights = planes * rest[0] * rest[1][0] * rest[1][1]
            parameters += weights + rest[0]
            multiplied += _net(layers[:done], x.shape[1], 0)(x[:1])[0, 0].numel() * weights
            planes = rest[0]
    return parameters, multiplied


def _steps(rng: Generator, shape: tuple[int, ...]) -> Any:
    """Numbers in random order, so close together that, around 1.25, half precision rounds them to one number.

    float32 holds each of them exactly.
    """
    import torch

    return torch.from_numpy(rng.permutation(int(np.prod(shape))) / 2.0**16).reshape(shape)


def _winners_in_corners(rng: Generator) -> Any:
    """Two pictures of negative numbers; the greatest of each lies in a corner, the lowest inside.

    The two corners are opposite, the two lowest cells are neighbours. If signs are dropped, the lowest number
    wins. If all numbers are rounded to whole ones or to half precision, or cut off at 0, all are equal.
    """
    import torch

    x = torch.empty((2, 1, 4, 4), dtype=torch.float64)
    for picture, (greatest, lowest) in zip(x[:, 0], ((0, 5), (15, 6)), strict=True):
        others = [cell for cell in rng.permutation(16) if cell not in (greatest, lowest)]
        picture.view(-1)[[lowest, *others, greatest]] = torch.arange(16, dtype=torch.float64)
    return -1.25 + x / 2.0**17


def _cases(rng: Generator) -> list[Case]:
    import torch

    def conv(planes: int, *kernel: int, stride: int = 1, padding: int = 0) -> tuple[Any, ...]:
        return "conv", planes, kernel, stride, padding

    def case(group: str, layers: list[tuple[Any, ...]], x: Any, note: str) -> Case:
        """A case; x is the pictures, or the shape of pictures to draw."""
        if isinstance(x, tuple):
            x = torch.from_numpy(rng.standard_normal(x))
        return Case(group, arrays(layers, x, int(rng.integers(1000))), note, part=(PARTS[group],))

    first_is_black = torch.from_numpy(rng.standard_normal((24, 1, 5, 6)))
    first_is_black[0] = 0
    # Half precision rounds these to zero. The greatest of four such numbers is 1.03 on average; 1.03 is
    # subtracted so that no plane is the greatest in all pictures.
    tiny = torch.from_numpy(rng.standard_normal((101, 2, 9, 8)) - 1.03) / 2**30

    halving, relu = ("max", 2, 2, 0), ("relu",)
    thin = [conv(4, 1, 1, stride=2), conv(5, 3, 3)]
    coarse = [conv(6, 3, 3, stride=3), relu, conv(7, 2, 2)]
    return [
        case(DROPPED, [conv(3, 1, 1, stride=2)], (3, 2, 7, 8), "windows of one pixel, stride 2"),
        case(
            DROPPED,
            [conv(3, 3, 3, stride=2), relu],
            (24, 1, 8, 10),
            "windows that do not reach the last pixels",
        ),
        case(DROPPED, [("differences", 1, (1, 2), 1, 0)], (1, 1, 5, 6), "a filter that takes differences"),
        case(
            DROPPED,
            [("differences", 1, (1, 2), 1, 0), ("avg", 2, 2, 0)],
            (3, 1, 5, 7),
            "averages of differences",
        ),
        case(DROPPED, [halving, conv(2, 2, 2, stride=2)], (96, 1, 8, 7), "a maximum of 2 by 2 comes first"),
        case(
            DROPPED, [("second", 3, (3, 3), 1, 0)], (3, 2, 5, 6), "the first of two channels does not count"
        ),
        case(FIELD, [conv(1, 3, 3)], (2, 1, 4, 9), "two rows of outputs"),
        case(FIELD, [conv(1, 3, 3), relu], first_is_black, "outputs of 0, the first picture is black"),
        case(
            FIELD,
            [conv(12, 1, 1), ("max", 4, 4, 0)],
            1.25 + _steps(rng, (1, 1, 4, 4)),
            "planes with other winners, close together",
        ),
        case(FIELD, [("max", 4, 4, 0)], _winners_in_corners(rng), "winners below 0, close together"),
        case(FIELD, [("avg", 3, 1, 0)], (2, 1, 6, 7), "averages: small slopes"),
        case(FIELD, [("differences", 1, (3, 4), 1, 0)], (2, 1, 7, 8), "differences: slopes of both signs"),
        case(
            FIELD, [conv(4, 3, 5), relu, conv(2, 3, 3)], (8, 2, 14, 18), "two convolutions, wider than high"
        ),
        case(FIELD, thin, (4, 2, 17, 20), "windows of one pixel with stride 2, then 3 by 3"),
        case(
            FIELD,
            [conv(4, 3, 3, padding=1), halving, conv(4, 3, 3, padding=1)],
            (24, 1, 12, 14),
            "convolution, maximum, convolution, with padding",
        ),
        # Of five rows (or columns) only the middle one has a window that lies inside the picture.
        case(FIELD, [conv(1, 5, 5, padding=2)], (2, 1, 5, 6), "windows of 5 by 5 with padding 2, five rows"),
        case(
            FIELD, [conv(1, 5, 5, padding=2)], (2, 1, 6, 5), "windows of 5 by 5 with padding 2, five columns"
        ),
        # The numbers of pictures are prime: half precision represents hardly any share of them exactly.
        case(CONSISTENCY, coarse, (53, 2, 11, 13), "windows with stride 3"),
        case(
            CONSISTENCY,
            [conv(6, 3, 3, padding=1), relu, ("avg", 4, 4, 0)],
            (149, 2, 6, 4),
            "averages of 4 by 4",
        ),
        case(CONSISTENCY, [halving, conv(7, 2, 2)], tiny, "tiny numbers, a maximum of 2 by 2 comes first"),
        case(COST, [conv(4, 3, 5)], (2, 3, 9, 12), "one convolution"),
        case(COST, [conv(5, 3, 3, stride=2, padding=1), relu, halving, conv(7, 2, 3)], (3, 2, 15, 18), "two"),
    ]


def _anywhere(rng: Generator) -> Case:
    """Small nets. No relu comes last or after a single plane: an output that is always 0 has no field."""
    import torch

    def drawn(low: int, high: int) -> int:
        return int(rng.integers(low, high))

    shape = drawn(5, 7), drawn(1, 3), drawn(2, 5), drawn(2, 5)
    _, planes, *size = shape
    kind = ("conv", "conv", "conv", "differences", "second" if planes > 1 else "conv")[drawn(0, 5)]
    layers: list[tuple[Any, ...]] = []
    for at in range(drawn(1, 4)):
        if at:
            kind = ("conv", "max", "avg")[drawn(0, 3)]
        s, pair = drawn(1, 4), (drawn(1, 4), drawn(1, 4))
        k = pair if kind not in ("max", "avg") else (drawn(1, 4),) * 2
        p = drawn(0, min(k) // 2 + 1)
        if min(n + 2 * p - taps for n, taps in zip(size, k, strict=True)) < 0:
            break
        size = [(n + 2 * p - taps) // s + 1 for n, taps in zip(size, k, strict=True)]
        if planes > 1 and at and layers[-1][0] != "relu" and drawn(0, 3) == 0:
            layers.append(("relu",))
        if kind in ("max", "avg"):
            layers.append((kind, k[0], s, p))
        else:
            planes = drawn(1, 3)
            layers.append((kind, planes, k, s, p))
    group = list(PARTS)[drawn(0, 4)]
    if group == CONSISTENCY and layers and layers[0][0] in ("differences", "second"):
        group = COST  # the weights of these two kinds are made for the parts about gradients
    x = torch.from_numpy(rng.standard_normal(shape))
    return Case(group, arrays(layers or [("max", 1, 1, 0)], x, drawn(0, 1000)), part=(PARTS[group],))


_MIXED = "mixed = torch.rand(y.shape, generator=torch.Generator().manual_seed(0), dtype=y.dtype) + 0.5"
_REACHED = "return (slopes != 0).any(1).any(0)"
_COUNT = "multiplications += y[0].numel() * layer.weight[0].numel()"
_MOVES = "moves = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)]"
_SAME = "same = [answers(x) == answers(x.roll(move, (2, 3))) for move in moves]"
_FIELD = "field = (int(rows[-1] - rows[0]) + 1, int(columns[-1] - columns[0]) + 1)"

MISTAKES = (
    Mistake(
        "outputs_summed",
        "The gradient is that of the sum of all outputs. A pixel that one output adds and another one takes "
        "away has none.",
        "What is left of a pixel in the sum of all differences between neighbours?",
        ((_MIXED, "mixed = torch.ones_like(y)"),),
    ),
    Mistake(
        "one_output_only",
        "One output was followed. A pixel that it does not see can reach another one.",
        "Which pixels does the first output of a plane never see?",
        (
            (
                "dropped = ~reached(mixed)",
                "dropped = ~reached(mixed * (torch.arange(mixed[0].numel()) == 0).view(mixed[0].shape))",
            ),
        ),
    ),
    Mistake(
        "one_picture",
        "One picture was looked at. Under a maximum most pixels lose in one picture and win in another.",
        "Did a pixel that lost once drop out for good?",
        ((_REACHED, "return (slopes != 0).any(1)[0]"),),
    ),
    Mistake(
        "first_channel",
        "The gradient of the first channel alone was looked at.",
        "Is a pixel dropped whose second channel counts?",
        ((_REACHED, "return (slopes != 0)[:, 0].any(0)"),),
    ),
    Mistake(
        "corner_output",
        "The field is that of the first output. With padding a part of its window lies outside.",
        "Which output is farthest from every border?",
        (("h, w = y.shape[2] // 2, y.shape[3] // 2", "h, w = 0, 0"),),
    ),
    Mistake(
        "pixels_counted",
        "Rows and columns with a gradient were counted. The field reaches from the first to the last, gaps "
        "and all.",
        "How far is it from the first to the last of the cells 0, 2 and 4?",
        ((_FIELD, "field = (len(rows), len(columns))"),),
    ),
    Mistake(
        "four_moves",
        "The pictures were moved along one axis at a time. There are eight moves.",
        "How many pixels touch a pixel, corners included?",
        ((_MOVES, "moves = [(0, 1), (1, 0), (0, -1), (-1, 0)]"),),
    ),
    Mistake(
        "move_of_nothing",
        "The move by nothing was counted as well. Its answer always agrees.",
        "How many of the nine pairs of -1, 0 and 1 move a picture?",
        ((_MOVES, _MOVES.replace(" if (i, j) != (0, 0)", "")),),
    ),
    Mistake(
        "no_circle",
        "The pictures were moved, and zeros came in on the other side. What leaves on one side should come "
        "in on the other.",
        "Where does the last column go if a picture moves right on a circle?",
        (
            (
                _SAME,
                (
                    "pad = lambda m: torch.nn.functional.pad(x, (m[1], -m[1], m[0], -m[0]))\n    "
                    "same = [answers(x) == answers(pad(move)) for move in moves]"
                ),
            ),
        ),
    ),
    Mistake(
        "batch_multiplied",
        "The multiplications are those of the whole batch. One picture's were asked for.",
        "How many pictures are in x?",
        ((_COUNT, "multiplications += y.numel() * layer.weight[0].numel()"),),
    ),
    Mistake(
        "one_plane_in",
        "Each output was given as many multiplications as its window has places. It looks through the window "
        "in every plane of its input.",
        "How many numbers does a window of 3 by 3 cover in 4 planes?",
        ((_COUNT, "multiplications += y[0].numel() * layer.weight[0, 0].numel()"),),
    ),
    Mistake(
        "biases_forgotten",
        "The biases were left out of the parameters.",
        "What does a layer learn besides its weights?",
        (("for p in model.parameters())", "for p in model.parameters() if p.dim() > 1)"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Audit a net",
    task="Audit nets, and in the end your own",
    name="audited",
    points=3,
    library="torch",
    groups=(Group(DROPPED, 0.35), Group(FIELD, 0.25), Group(CONSISTENCY, 0.2), Group(COST, 0.2)),
    draw=_cases,
    anywhere=_anywhere,
    reference=_audited,
    mistakes=MISTAKES,
    hints=(
        (
            "Set requires_grad on a copy of x, run the model, and ask torch.autograd.grad for the gradient "
            "of something with respect to x. Pixels that it does not depend on get exactly 0."
        ),
        (
            "The gradient of what? For the dropped pixels: of the sum of all outputs, each with a random "
            "factor, so that nothing cancels. For the field: of the output in the middle. Then see which "
            "pixels have a gradient in any channel of any picture. For the multiplications, a forward hook "
            "on each Conv2d sees its output."
        ),
        (
            "(slopes != 0).any(1).any(0) says which pixels are seen. Its rows with a True: "
            "seen.any(1).nonzero(). A hook of a Conv2d adds y[0].numel() * layer.weight[0].numel(). Moves: "
            "x.roll(move, (2, 3)) for the eight pairs of -1, 0, 1."
        ),
    ),
    loose=True,
    tolerance=1e-5,  # a share may be a mean computed in single precision
    shrinks=(),
    forbidden=("poolkit", "poolgrader.questions"),
)
