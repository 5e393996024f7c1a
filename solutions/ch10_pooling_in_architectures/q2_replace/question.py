"""10.2, a design question: the same net without pooling, with each pooling replaced in the cheaper way.

Many answers are right.
"""

from __future__ import annotations

import itertools

import numpy as np

from poolgrader.calls.values import Array, Plain
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit.windows import Window, receptive_field

Layer = tuple[str, int, int, int, int]  # "conv", planes, kernel, stride, padding
THIN, WIDE, BORDERS, SEVERAL = "few planes", "many planes", "padding and strides", "several poolings"
MOST_LAYERS, MOST = 20, 4096
LENGTHS = range(64, 80)


def _without_pooling(layers: list[tuple[object, ...]], channels: int) -> list[Layer]:
    """Tries both ways for each pooling, in every combination, and takes the cheapest net."""
    poolings = sum(layer[0] == "pool" for layer in layers)
    nets = [
        _by_choice(layers, channels, choice) for choice in itertools.product((True, False), repeat=poolings)
    ]
    return min(nets, key=lambda net: _kept(list(net), channels)[2])


def _by_choice(layers: list[tuple[object, ...]], channels: int, joins: tuple[bool, ...]) -> list[Layer]:
    net: list[Layer] = []
    choices = iter(joins)
    for kind, *given in layers:
        numbers = [int(str(number)) for number in given]
        if kind == "conv":
            net.append(("conv", numbers[0], *numbers[1:]))  # type: ignore[arg-type]
            continue
        k, s, p = numbers
        if next(choices) and net:
            _, out, before, step, border = net[-1]
            net[-1] = ("conv", out, before + (k - 1) * step, step * s, border + p * step)
        else:
            net.append(("conv", net[-1][1] if net else channels, k, s, p))
    return net


def _cases(rng: np.random.Generator) -> list[Case]:
    def case(group: str, layers: list[tuple[object, ...]], channels: int, note: str) -> Case:
        return Case(group, arrays(layers, channels), note, hidden=(layers, channels))

    # The ranges are narrow, so that an answer with a wrong price chooses the wrong way in the same cases for
    # every seed.
    thin, half, wide = 2, int(rng.integers(12, 24)), int(rng.integers(28, 33))
    out, last = int(rng.integers(28, 31)), int(rng.integers(6, 12))
    halving: tuple[object, ...] = ("pool", 2, 2, 0)
    return [
        case(THIN, [("conv", out, 3, 1, 0), halving], thin, "one convolution of few planes and one pooling"),
        case(
            THIN,
            [("conv", out, 3, 1, 0), ("pool", 3, 2, 0), ("conv", last, 3, 1, 0)],
            thin,
            "the same, overlapping",
        ),
        case(WIDE, [("conv", wide, 3, 1, 0), ("pool", 3, 2, 0)], wide, "a convolution of many planes"),
        case(WIDE, [("conv", 2 * half, 3, 1, 0), ("pool", 3, 2, 0)], half, "twice as many planes as go in"),
        case(
            WIDE,
            [("conv", wide, 1, 1, 0), ("conv", wide, 3, 1, 0), ("pool", 3, 3, 0)],
            thin,
            "the second has many",
        ),
        case(
            BORDERS,
            [("conv", wide, 5, 2, 2), ("pool", 3, 2, 1)],
            thin,
            "stride 2 and padding in both layers",
        ),
        case(
            BORDERS,
            [("conv", out, 7, 3, 1), ("pool", 2, 2, 1), ("conv", last, 3, 1, 1)],
            1,
            "stride 3, padding 1",
        ),
        case(BORDERS, [("conv", out, 3, 1, 0), ("pool", 3, 2, 1)], thin, "padding in the pooling alone"),
        case(
            SEVERAL,
            [("conv", out, 5, 1, 0), halving, ("conv", out, 3, 1, 0), halving, ("conv", last, 1, 1, 0)],
            thin,
            "two poolings, after few planes and after many",
        ),
        case(SEVERAL, [("pool", 2, 2, 0), ("conv", out, 3, 1, 1), halving], 2, "a pooling comes first"),
    ]


def _kept(layers: list[tuple[object, ...]], channels: int) -> tuple[int, list[Window], int]:
    """Summarises a net: its planes at the end, the windows along an axis, and its price.

    The price counts weights and biases, each pooling replaced in the cheaper way.
    """
    planes, windows, price = [channels], [], 0
    last: tuple[int, int] | None = None  # kernel and stride of the convolution that a pooling could join
    for kind, *numbers in layers:
        *out, k, s, p = (int(str(number)) for number in numbers)
        windows.append(Window.of(k, s, ((p, p),), axes=1))
        if kind == "conv":
            price += k * k * planes[-1] * out[0] + out[0]
            planes.append(out[0])
            last = (k, s)
            continue
        own = k * k * planes[-1] ** 2 + planes[-1]
        if last is None:
            price, last = price + own, (k, s)
            planes.append(planes[-1])
            continue
        reach = last[0] + (k - 1) * last[1]
        joined = (reach**2 - last[0] ** 2) * planes[-2] * planes[-1]
        price += min(own, joined)
        if own <= joined:
            last = (k, s)
            planes.append(planes[-1])
        else:
            last = (reach, s * last[1])
    return planes[-1], windows, price


def _plain(value: Plain) -> list[tuple[str, ...]] | None:
    if not isinstance(value, list | tuple) or not 0 < len(value) <= MOST_LAYERS:
        return None
    layers = []
    for layer in value:
        if not isinstance(layer, list | tuple) or len(layer) < 2 or layer[0] not in ("conv", "pool"):
            return None
        whole = [
            one.data.item() if isinstance(one, Array) and one.data.size == 1 else one for one in layer[1:]
        ]
        if len(whole) != (4 if layer[0] == "conv" else 3) or any(
            type(n) is not int or not 0 <= n <= MOST for n in whole
        ):
            return None
        if min(whole[:-1]) < 1:
            return None
        layers.append((layer[0], *whole))
    return layers


def _accepts(case: Case, value: Plain) -> str:
    """Compare a net with the one with poolings: planes, sizes, fields, price. Return what is wrong, or ""."""
    layers = _plain(value)
    if layers is None:
        return (
            f'A list of at most {MOST_LAYERS} layers was asked for, each ("conv", planes, kernel, stride,'
            f" padding), the numbers whole, at most {MOST}, the first three at least 1."
        )
    if any(kind == "pool" for kind, *_ in layers):
        return "There is a pooling left."
    planes, windows, price = _kept(*case.hidden)
    mine, own, paid = _kept(list(layers), case.hidden[1])
    wrong = []
    if mine != planes:
        wrong.append("it ends with another number of planes")
    wrong += _sizes_differ(windows, own) + _fields_differ(windows, own)
    if paid > price:
        wrong.append("it takes more weights and biases than the cheaper way for each pooling")
    return f"The net is not what was asked for: {'; '.join(wrong)}." if wrong else ""


def _sizes_differ(windows: list[Window], own: list[Window]) -> list[str]:
    more = fewer = False
    for n in LENGTHS:
        wanted, got = _length(windows, n), _length(own, n)
        more, fewer = more or got > wanted, fewer or got < wanted
    words = {
        (True, False): "more outputs",
        (False, True): "fewer outputs",
        (True, True): "more or fewer outputs",
    }
    return [f"it has {words[more, fewer]} than before"] if more or fewer else []


def _length(windows: list[Window], n: int) -> int:
    for window in windows:
        n = (n + sum(window.padding[0]) - window.kernel[0]) // window.stride[0] + 1
        if n < 1:
            return 0
    return n


def _fields_differ(windows: list[Window], own: list[Window]) -> list[str]:
    ((wanted,), (step,)), ((got,), (mine,)) = receptive_field(windows), receptive_field(own)
    said = []
    if got != wanted:
        said.append(f"an output sees {'more' if got > wanted else 'fewer'} cells than before")
    if step != mine:
        said.append(
            f"neighbouring outputs lie {'further apart' if mine > step else 'closer together'} than before"
        )
    if _start(windows) != _start(own):
        said.append(
            f"the first output's window begins {'later' if _start(own) > _start(windows) else 'earlier'} "
            "than before"
        )
    return said


def _start(windows: list[Window]) -> int:
    start, step = 0, 1
    for window in windows:
        start -= window.padding[0][0] * step
        step *= window.stride[0]
    return start


_OWN = 'own = ("conv", planes[-1], k, s, p)'
_JOINED = 'joined = ("conv", out, reach, step * s, border + p * step)'
_REACH = "reach = before + (k - 1) * step"
_CHEAPER = "if extra < price:"

MISTAKES = (
    Mistake(
        "pooling_left_out",
        "The poolings were left out, and nothing took over their stride.",
        "By how much does a pooling shorten a row?",
        (("convs.append(own)", "pass"), (_CHEAPER, "if False:")),
    ),
    Mistake(
        "stride_only",
        "The convolution before took over the stride and kept its window. An output sees less than it did.",
        "Which cells does an output see through the pooling and the convolution below it?",
        ((_REACH, "reach = before"), (_CHEAPER, "if True:")),
    ),
    Mistake(
        "always_its_own_layer",
        "Every pooling became a layer of its own. Where few planes go in, a larger window in the layer "
        "before is cheaper.",
        "What does each way cost behind a convolution of one plane into 32?",
        ((_CHEAPER, "if False:"),),
    ),
    Mistake(
        "always_joined",
        "Every pooling was joined to the convolution before it. Where many planes go in, a layer of its own "
        "is cheaper.",
        "What does each way cost behind a convolution of 32 planes into 32?",
        ((_CHEAPER, "if True:"),),
    ),
    Mistake(
        "windows_added_without_step",
        "A convolution with a stride was joined as if its outputs were neighbours in the input.",
        "How far apart in the input are two neighbouring outputs of a convolution with stride 2?",
        ((_REACH, "reach = before + k - 1"),),
    ),
    Mistake(
        "kernels_added_up",
        "The joined window is as long as both together. Two windows share a cell.",
        "How many cells does a window of 2 see through windows of 3?",
        ((_REACH, "reach = before + k * step"),),
    ),
    Mistake(
        "padding_of_the_pooling_lost",
        "The padding of the pooling was lost where it was joined.",
        "Where does the pooling's first window begin?",
        ((_JOINED, 'joined = ("conv", out, reach, step * s, border)'),),
    ),
    Mistake(
        "padding_without_step",
        "The pooling's padding was counted in cells of the input. It is counted in outputs of the "
        "convolution before.",
        "How many cells of the input is one cell of padding worth behind a stride of 2?",
        ((_JOINED, 'joined = ("conv", out, reach, step * s, border + p)'),),
    ),
    Mistake(
        "stride_lost",
        "The joined convolution has the pooling's stride alone. Both strides count.",
        "What do two strides in a row come to?",
        ((_JOINED, 'joined = ("conv", out, reach, s, border + p * step)'),),
    ),
    Mistake(
        "padding_of_its_own_layer",
        "A convolution that took a pooling's place was given a padding that keeps sizes, and not the "
        "pooling's.",
        "Which padding did the pooling have?",
        ((_OWN, 'own = ("conv", planes[-1], k, s, k // 2)'),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Replace pooling by stride",
    task="Redesign a net without pooling, at the lowest price",
    name="without_pooling",
    points=3,
    library="numpy",
    groups=(Group(THIN, 0.3), Group(WIDE, 0.25), Group(BORDERS, 0.25), Group(SEVERAL, 0.2)),
    draw=_cases,
    reference=_without_pooling,
    mistakes=MISTAKES,
    hints=(
        (
            "There are two ways: a convolution with the pooling's own window, stride and padding, or a "
            "larger window in the convolution before it. Write both down for one pooling, with what they "
            "cost."
        ),
        (
            "Joined: the window of the convolution before grows by k - 1 of its own steps, the strides "
            "multiply, and the pooling's padding is counted in steps of the convolution before."
        ),
        (
            "A layer of its own: k, s, p, with k * k * planes * planes weights and as many biases as planes. "
            "Joined: kernel before + (k - 1) * step, stride step * s, padding border + p * step; it costs "
            "(reach**2 - before**2) * planes in * planes out more. Take the cheaper one."
        ),
    ),
    accepts=_accepts,
    shrinks=(),
)
