"""13.6, the transfer question: pooling over the neighbours in a graph, by a rule that comes as arguments."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays

Generator = np.random.Generator
Array = NDArray[Any]
OPERATIONS, DIRECTIONS, ITSELF, TWICE, NOBODY = (
    "operations",
    "directions",
    "the node itself",
    "an edge that stands twice",
    "nobody there",
)


def _pool(x: Array, edges: Array, operation: str, itself: bool, direction: str, empty: float) -> Array:
    """Goes through the edges and lists for each node the nodes that it looks at."""
    seen: list[list[int]] = [[t] if itself else [] for t in range(len(x))]
    for source, target in edges.tolist():
        if direction != "out":
            seen[target].append(source)
        if direction != "in":
            seen[source].append(target)
    y = np.full(x.shape, float(empty))
    for t, own in enumerate(seen):
        for f in range(x.shape[1]) if own else ():
            values = [float(x[one, f]) for one in own]
            total = math.fsum(values)
            y[t, f] = {"sum": total, "mean": total / len(own), "max": max(values), "min": min(values)}[
                operation
            ]
    return y


def _anywhere(rng: Generator) -> Case:
    """Graphs with any number of edges, some of them twice; `empty` is an int or a float."""
    nodes, features = int(rng.integers(2, 7)), int(rng.integers(1, 4))
    sources = rng.integers(nodes, size=rng.integers(0, 9))
    targets = (sources + rng.integers(1, nodes, len(sources))) % nodes
    edges = np.stack([sources, targets], axis=1)
    operation, direction = (
        str(rng.choice(["sum", "mean", "max", "min"])),
        str(rng.choice(["in", "out", "both"])),
    )
    empty = int(rng.integers(-9, 9)) if rng.integers(2) else float(rng.normal())
    return Case(
        OPERATIONS,
        arrays(anything(rng, nodes, features), edges, operation, bool(rng.integers(2)), direction, empty),
    )


def _cases(rng: Generator) -> list[Case]:
    ring = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)]  # every node has a neighbour, in both directions
    chords = [(0, 2), (1, 3), (2, 4)]

    def case(
        group: str,
        edges: list[tuple[int, int]],
        operation: str,
        itself: bool,
        direction: str,
        note: str,
        scale: float = 1.0,
        empty: float | None = None,
    ) -> Case:
        nodes = 5 + (group == NOBODY)
        powers = 2.0 ** np.arange(3 * nodes) + 0.1  # no two sums of these agree, and none of them is whole
        x = scale * rng.permutation(powers).reshape(nodes, 3)
        if operation == "max":
            x = -x  # an answer that starts its maximum from 0 is wrong
        named = rng.permutation(nodes)  # the nodes get random numbers, and the edges a random order
        while named[-1] in (0, nodes - 1):  # the node without edges is neither first nor last
            named = rng.permutation(nodes)
        moved = rng.permutation(
            np.array([[named[a], named[b]] for a, b in edges], dtype=np.int64).reshape(-1, 2)
        )
        empty = float(rng.integers(-9, -1)) if empty is None else empty
        described = f"{operation}, {direction}{', with itself' if itself else ''}: {note}"
        return Case(group, arrays(x, moved, operation, itself, direction, empty), described)

    both = ring + chords
    whole = int(rng.integers(-9, -1))
    return [
        case(OPERATIONS, both, "sum", False, "in", "a ring with chords"),
        case(OPERATIONS, both, "mean", False, "in", "a ring with chords"),
        case(OPERATIONS, both, "max", False, "in", "a ring with chords"),
        case(OPERATIONS, both, "min", False, "in", "a ring with chords"),
        case(OPERATIONS, both, "max", False, "in", "far below zero", 1e300),
        case(OPERATIONS, both, "min", False, "in", "far above zero", 1e300),
        case(DIRECTIONS, both, "sum", False, "out", "a ring with chords"),
        case(DIRECTIONS, both, "sum", False, "both", "a ring with chords"),
        case(ITSELF, both, "sum", True, "in", "a ring with chords"),
        case(ITSELF, ring, "mean", True, "in", "a ring, so that each mean is of two"),
        case(TWICE, [*both, (0, 1), (1, 2)], "sum", False, "in", "two edges stand twice"),
        case(TWICE, [*both, (0, 1), (2, 4)], "mean", False, "in", "two edges stand twice"),
        case(NOBODY, both, "sum", False, "in", "a node without any edge"),
        case(NOBODY, both, "min", False, "in", "a node without any edge"),
        case(
            NOBODY, both, "mean", False, "in", "a node without any edge, a whole number for it", empty=whole
        ),
        case(NOBODY, [(0, 1), (2, 3)], "sum", False, "both", "two edges, six nodes"),
        case(NOBODY, [], "sum", False, "both", "no edge at all, a whole number for each node", empty=whole),
    ]


_IN = "seen += [source for source, target in edges if target == t]"
_OUT = "seen += [target for source, target in edges if source == t]"
_ITSELF = "if itself:\n            seen.append(t)"
_REDUCE = "y[t] = reduce[operation](x[seen], axis=0)"

MISTAKES = (
    Mistake(
        "edges_turned_around",
        "The edges were read from their end to their start.",
        "Which entry of an edge says where it ends?",
        (
            (_IN, "seen += [b for a, b in edges if a == t]"),
            (_OUT, "seen += [a for a, b in edges if b == t]"),
        ),
    ),
    Mistake(
        "always_incoming",
        "Only the edges that end at a node were followed, whatever the direction.",
        "Where does `direction` decide?",
        (('if direction in ("in", "both"):', "if True:"), ('if direction in ("out", "both"):', "if False:")),
    ),
    Mistake(
        "always_both",
        "Edges were followed both ways, whatever the direction.",
        "Where does `direction` decide?",
        (('if direction in ("in", "both"):', "if True:"), ('if direction in ("out", "both"):', "if True:")),
    ),
    Mistake(
        "itself_ignored",
        "The node itself did not take part where it should.",
        "Where does `itself` decide?",
        ((_ITSELF, "if False:\n            seen.append(t)"),),
    ),
    Mistake(
        "itself_always",
        "The node itself always took part.",
        "Is a node its own neighbour?",
        ((_ITSELF, "if True:\n            seen.append(t)"),),
    ),
    Mistake(
        "each_neighbour_once",
        "A neighbour was counted once, however many edges lead to it.",
        "What is the difference between a set and a multiset?",
        ((_REDUCE, "y[t] = reduce[operation](x[sorted(set(seen))], axis=0)"),),
    ),
    Mistake(
        "mean_over_all_nodes",
        "The mean was divided by the number of all nodes.",
        "How many items does the mean of a node's neighbours have?",
        (('"mean": np.mean', '"mean": lambda seen, axis: np.sum(seen, axis) / len(x)'),),
    ),
    Mistake(
        "maximum_from_zero",
        "The maximum started from 0, and 0 won where all items are negative.",
        "Which value can never win a maximum?",
        (('"max": np.max', '"max": lambda seen, axis: np.maximum(np.max(seen, axis), 0.0)'),),
    ),
    Mistake(
        "one_number_for_all_features",
        "All features were mixed into one number.",
        "Along which axis do the neighbours stand?",
        ((_REDUCE, "y[t] = reduce[operation](x[seen].ravel(), axis=0)"),),
    ),
    Mistake(
        "nobody_gives_zero",
        "A node without neighbours gives 0 and not the number that was asked for.",
        "Where does `empty` go?",
        (("np.full(x.shape, float(empty))", "np.zeros(x.shape)"),),
    ),
    Mistake(
        "zeros_for_the_others",
        "Nodes that are no neighbours took part as zeros, which win against what lies on the other side "
        "of 0.",
        "What does a product with a row of zeros and ones leave of a node that is no neighbour?",
        (
            ('"max": np.max', '"max": lambda seen, axis: np.maximum(np.max(seen, axis), 0.0)'),
            ('"min": np.min', '"min": lambda seen, axis: np.minimum(np.min(seen, axis), 0.0)'),
        ),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Neighbours by a rule",
    task="Pool over the neighbours in a graph, by a rule that comes as arguments",
    name="pool_neighbours",
    points=4,
    library="numpy",
    groups=(
        Group(OPERATIONS, 0.35),
        Group(DIRECTIONS, 0.2),
        Group(ITSELF, 0.15),
        Group(TWICE, 0.15),
        Group(NOBODY, 0.15),
    ),
    draw=_cases,
    reference=_pool,
    mistakes=MISTAKES,
    hints=(
        (
            "For each node, first write down which nodes it looks at, one entry for each edge. Then combine "
            "their rows. The arguments change nothing else."
        ),
        (
            "An edge (a, b) leads from a to b. With direction in, node b looks at a; with out, node a looks "
            "at b; with both, each looks at the other."
        ),
        (
            "A list of node numbers can index x: x[[0, 0, 3]] has three rows, and row 0 is in it twice. "
            "Reduce it along axis 0, unless the list is empty."
        ),
    ),
    anywhere=_anywhere,
    shrinks=(),
)
