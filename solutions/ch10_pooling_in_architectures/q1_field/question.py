"""10.1, the transfer question: the receptive field in a net whose layers and branches come as arguments."""

from __future__ import annotations

from functools import cache

import numpy as np

from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit.windows import Window

Node = tuple[list[int], int, int, int, int]  # inputs, kernel, stride, padding, dilation
CHAINS, PADDING, DILATION, BRANCHES = "chains", "padding", "dilation", "branches"


def _field(nodes: list[Node]) -> tuple[int, int, int]:
    """Collects every input cell that outputs 0 and 1 see, tap by tap."""

    @cache
    def cells(node: int, output: int) -> frozenset[int]:
        if node == 0:
            return frozenset([output])
        inputs, k, s, p, d = nodes[node - 1]
        taps = Window.of(k, s, ((p, p),), d, axes=1).positions(0, output)
        return frozenset(cell for tap in taps for one in inputs for cell in cells(one, tap))

    here, there = cells(len(nodes), 0), cells(len(nodes), 1)
    return min(here), max(here), min(there) - min(here)


def _chain(layers: list[tuple[int, int, int, int]]) -> list[Node]:
    return [([node], *layer) for node, layer in enumerate(layers)]


def _cases(rng: np.random.Generator) -> list[Case]:
    def case(group: str, nodes: list[Node], note: str) -> Case:
        return Case(group, arrays(nodes), note)

    def drawn() -> tuple[int, int, int]:
        return int(rng.integers(3, 6)), int(rng.integers(2, 4)), int(rng.integers(3, 6))

    (a, s, b), (c, t, e) = drawn(), drawn()
    r = int(rng.integers(1, 3))
    plain = [(a, s, 0, 1), (b, t, 0, 1), (c, 1, 0, 1), (e, 2, 0, 1)]
    padded = [(3, s, 1, 1), (b + 1, t, 1, 1), (5, 1, 2, 1)]
    dilated = [(a, s, 0, 1), (3, 2, 0, t + 2), (c, 1, 0, 3)]
    block: list[Node] = [([0], 4, s, 0, 1), ([1], 1, 2, 0, 1), ([1], 3, 2, 1, 1), ([3], 2 * r + 1, 1, r, 1)]
    towers: list[Node] = [([0], b, 2, 0, 1), ([1], 5, 1, 2, 1), ([1], 1, 1, 0, 1), ([1], 3, 1, 1, 1)]
    askew: list[Node] = [([0], 3, 3, 0, 1), ([0], 3, 3, 1, 1), ([1, 2], a, 1, 0, 1)]
    return [
        case(CHAINS, _chain(plain[:2]), "a chain of two layers"),
        case(CHAINS, _chain(plain), "a chain of four layers"),
        case(
            CHAINS,
            _chain([(b, 1, 0, 1), (2, 2, 0, 1), (c, 1, 0, 1), (3, 3, 0, 1)]),
            "convolution, pooling, twice",
        ),
        case(PADDING, _chain(padded[:1]), "one layer with padding"),
        case(PADDING, _chain(padded), "three layers with padding"),
        case(DILATION, _chain(dilated), "three layers, two of them with gaps between their taps"),
        case(BRANCHES, [*block, ([2, 4], a, 1, 0, 1)], "a shortcut beside two layers"),
        case(BRANCHES, [*towers, ([2, 3, 4], 2, 2, 0, 1)], "three branches, the widest first"),
        case(BRANCHES, askew, "two branches that begin at different cells"),
    ]


def _anywhere(rng: np.random.Generator) -> Case:
    """Nets in which a node's inputs are earlier nodes with equal steps; some nodes are nobody's input."""
    nodes: list[Node] = []
    steps = [1]
    for node in range(1, int(rng.integers(2, 7))):
        step = steps[rng.integers(node)]
        alike = rng.permutation([earlier for earlier in range(node) if steps[earlier] == step])
        k, s, d = (int(number) for number in rng.integers(1, (5, 4, 4)))
        nodes.append((alike[: rng.integers(1, 4)].tolist(), k, s, int(rng.integers(4)), d))
        steps.append(s * step)
    return Case(CHAINS, arrays(nodes))


_FIRST = "first = min(spans[node][0] for node in inputs)"
_LAST = "last = max(spans[node][1] for node in inputs)"
_STEP = "step = spans[inputs[0]][2]"
_BEFORE, _AFTER = "first = first - p * step", "last = last + (d * (k - 1) - p) * step"
_MADE = "spans.append((first, last, s * step))"

MISTAKES = (
    Mistake(
        "kernels_added",
        "The taps of every layer were taken to lie one cell of the input apart. Behind a stride they lie "
        "further apart.",
        "How many cells of the input lie between two neighbouring outputs of a layer with stride 2?",
        ((_BEFORE, "first = first - p"), (_AFTER, "last = last + d * (k - 1) - p")),
    ),
    Mistake(
        "own_stride_first",
        "A layer's own stride was counted for its own taps. It moves the window; its taps lie as far apart "
        "as before.",
        "Does a window of 3 see more cells if you move it by 2?",
        ((_STEP, "step = s * spans[inputs[0]][2]"), (_MADE, "spans.append((first, last, step))")),
    ),
    Mistake(
        "strides_added",
        "The steps were added up. Each stride multiplies the step of the layer below it.",
        "How far apart are two outputs after two layers with stride 3?",
        ((_MADE, "spans.append((first, last, s + step - 1))"),),
    ),
    Mistake(
        "last_stride_only",
        "The step is that of one layer alone. The layers below it count as well.",
        "How far apart are two outputs after two layers with stride 2?",
        ((_STEP, "step = 1"),),
    ),
    Mistake(
        "one_cell_too_many",
        "Each layer added as many steps as it has taps. A window of k taps adds k - 1 to what one of them "
        "sees.",
        "How much more than one cell does a window of one tap see?",
        ((_AFTER, _AFTER.replace("(k - 1)", "k")),),
    ),
    Mistake(
        "padding_ignored",
        "The field begins where it would without padding.",
        "Where does the first window begin if a cell is added before the row?",
        ((_BEFORE, "first = first"), (_AFTER, _AFTER.replace(" - p)", ")"))),
    ),
    Mistake(
        "padding_in_cells_of_the_input",
        "The padding of every layer was counted in cells of the input. Behind a stride a cell of padding is "
        "worth more.",
        "How many cells of the input is one cell of padding worth behind a stride of 2?",
        ((_BEFORE, "first = first - p"), (_AFTER, "last = last + d * (k - 1) * step - p")),
    ),
    Mistake(
        "padding_widens",
        "The padding made the field wider. It moves the window and leaves its width alone.",
        "How many cells does a window of 3 cover, with padding and without?",
        ((_AFTER, _AFTER.replace(" - p)", ")")),),
    ),
    Mistake(
        "dilation_ignored",
        "The gaps between the taps were left out.",
        "Which cells does a window of 3 see if its taps lie 2 cells apart?",
        ((_AFTER, _AFTER.replace("d * (k - 1)", "k - 1")),),
    ),
    Mistake(
        "first_branch_only",
        "Where branches meet, one of them was followed and the others were not.",
        "On what does a sum of two numbers depend?",
        ((_FIRST, "first = spans[inputs[0]][0]"), (_LAST, "last = spans[inputs[0]][1]")),
    ),
    Mistake(
        "widest_branch_only",
        "Where branches meet, the widest one was followed. The others can begin before it, or end behind it.",
        "From where to where do two fields reach together if they begin at different cells?",
        (
            (
                _FIRST,
                "first, last, _ = max((spans[node] for node in inputs), key=lambda span: span[1] - span[0])",
            ),
            (_LAST + "\n        ", ""),
        ),
    ),
    Mistake(
        "branches_in_a_row",
        "Branches that lie side by side were treated as if one came after the other.",
        "Does a shortcut make the field of the layers beside it larger?",
        (
            (_FIRST, "first = sum(spans[node][0] for node in inputs)"),
            (_LAST, "last = sum(spans[node][1] for node in inputs)"),
        ),
    ),
    Mistake(
        "inputs_ignored",
        "Each node was put on top of the one before it in the list, whatever its inputs are.",
        "Which nodes does the last entry of the list name as its inputs?",
        (
            (_FIRST, "first = spans[-1][0]"),
            (_LAST, "last = spans[-1][1]"),
            (_STEP, "step = spans[-1][2]"),
        ),
    ),
    Mistake(
        "cut_at_the_border",
        "The field was cut off at cell 0. Cells before the row have negative numbers.",
        "At which cell does a window of 3 with a padding of 1 begin?",
        (("return spans[-1]", "return max(spans[-1][0], 0), *spans[-1][1:]"),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="The receptive field of a net with branches",
    task="Say what a net with branches sees; the check makes up the nets",
    name="field",
    points=4,
    library="numpy",
    groups=(Group(CHAINS, 0.2), Group(PADDING, 0.25), Group(DILATION, 0.1), Group(BRANCHES, 0.45)),
    draw=_cases,
    anywhere=_anywhere,
    reference=_field,
    mistakes=MISTAKES,
    hints=(
        (
            "Go from the input upward. For each node keep three numbers: the first and the last cell that "
            "its output 0 sees, and the step."
        ),
        (
            "The taps of a node lie `step` cells of the input apart, where `step` is that of its inputs. "
            "Padding moves the first tap to the left by p of these steps. Where branches meet, take the "
            "first of all first cells and the last of all last ones."
        ),
        (
            "The input has (0, 0, 1). A node: first - p * step, last + (d * (k - 1) - p) * step, and the new "
            "step is s * step."
        ),
    ),
    loose=True,
    shrinks=(),
)
