"""1.4, the transfer question: try every one-pixel move of a map, by a rule that is given as arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.questions.draws import anything
from poolgrader.questions.question import Case, Group, Mistake, Question, arrays
from poolkit import reference
from poolkit.windows import Window

Generator = np.random.Generator
Array = NDArray[Any]

GROUPS = (Group("every move", 0.35), Group("operations", 0.3), Group("borders", 0.35))


def _search(x: Array, kernel_size: int, operation: str, border: str) -> Array:
    """Search with numpy's own padding and poolkit's pooling."""
    window = Window.of(kernel_size)
    pool: Any = {
        "max": lambda plane: reference.max_pool(plane, window),
        "min": lambda plane: -reference.max_pool(-plane, window),
        "sum": lambda plane: reference.avg_pool(plane, window, divisor_override=1),
    }[operation]
    mode: Any = {"zero": "constant", "edge": "edge", "wrap": "wrap"}[border]
    padded = np.pad(x, 1, mode=mode)
    h, w = x.shape
    still = pool(x)
    counts = np.empty((3, 3), dtype=int)
    for i, j in np.ndindex(3, 3):  # after a move down, each cell holds the value from above it
        counts[i, j] = np.sum(pool(padded[2 - i : 2 - i + h, 2 - j : 2 - j + w]) == still)
    return counts


def _pixels(rng: Generator, k: int, rows: int, columns: int) -> Array:
    """Return a map with a bright pixel in each window's first column and a faint one in its last.

    All of them are distinct, and all are in their window's second row.
    """
    x = np.zeros((rows * k, columns * k))
    count = rows * columns
    x[1::k, 0::k] = 100 + rng.permutation(count).reshape(rows, columns)
    x[1::k, k - 1 :: k] = 1 + rng.permutation(count).reshape(rows, columns)
    return x


def _halves(rng: Generator, k: int) -> Array:
    """Return a map whose left and right half have two different levels below zero.

    Values that come in over the border therefore change outputs. Both levels have the same integer part.
    """
    whole = -float(rng.integers(1, 10))
    dark, bright = whole - 0.75, whole - 0.25
    x = np.full((2 * k, 4 * k), bright)
    x[:, 2 * k :] = dark
    return x


def _framed(rng: Generator) -> Array:
    """Return distinct values below zero, for windows of 2, with a bright frame.

    The map's first row and column are bright, its last row and column are brighter. Between them, each window
    has its brightest cell in its own first row and column: that cell stays inside the window when the map
    moves down or to the right.
    """
    x = rng.permutation(6 * 8).reshape(6, 8) - 1000.25
    x[2:-2:2] += 50
    x[:, 2:-2:2] += 50
    x[0] += 150
    x[:, 0] += 150
    x[-1] += 500
    x[:, -1] += 500
    return x


def _search_cases(rng: Generator) -> list[Case]:
    moves, operations, borders = (group.name for group in GROUPS)
    faint = rng.integers(0, 4, (8, 12)).astype(float)
    faint[:2, :2] = 0
    cells = (rng.permutation(12).reshape(3, 4) + 5) / 4
    cells[1, 0] = cells[0, 1] = 0
    upright = np.ascontiguousarray(_pixels(rng, 3, 4, 3).T)
    level = np.full((4, 6), -float(rng.integers(1, 9)))
    return [
        Case(
            moves, arrays(_pixels(rng, 3, 3, 4), 3, "max", "zero"), "pixels in their windows' first columns"
        ),
        Case(moves, arrays(upright, 3, "max", "zero"), "pixels in their windows' first rows"),
        Case(moves, arrays(faint, 2, "max", "zero"), "a random map of four levels, dark in a corner"),
        Case(
            moves,
            arrays(cells, 1, "max", "zero"),
            "windows of one cell, one of them dark in the first row and one in the first column",
        ),
        Case(operations, arrays(-_pixels(rng, 3, 4, 4), 3, "min", "zero"), "dark pixels under a minimum"),
        Case(operations, arrays(_pixels(rng, 3, 3, 4), 3, "sum", "zero"), "pixels under a sum"),
        Case(
            operations,
            arrays(-1e300 * _halves(rng, 2), 2, "min", "zero"),
            "two halves far above zero under a minimum",
        ),
        Case(borders, arrays(level, 2, "max", "zero"), "a map of one level below zero, zeros come in"),
        Case(
            borders, arrays(_halves(rng, 2), 2, "max", "edge"), "two halves, the border's own values come in"
        ),
        Case(borders, arrays(1e300 * _halves(rng, 2), 2, "max", "edge"), "two halves far below zero"),
        Case(borders, arrays(_halves(rng, 3), 3, "max", "wrap"), "two halves, the other side comes in"),
        Case(
            borders,
            arrays(_framed(rng), 2, "max", "edge"),
            "a bright frame, the border's own values come in",
        ),
        Case(borders, arrays(_framed(rng), 2, "max", "wrap"), "a bright frame, the other side comes in"),
    ]


def _anywhere(rng: Generator) -> Case:
    k = int(rng.integers(1, 4))
    operation, border = str(rng.choice(["max", "min", "sum"])), str(rng.choice(["zero", "edge", "wrap"]))
    shape = k * rng.integers(1, 5, size=2)
    few = rng.integers(-3, 4, size=shape) / 4  # sums of them are exact
    x = few if operation == "sum" or rng.random() < 0.6 else anything(rng, *shape)
    return Case(GROUPS[0].name, arrays(x, k, operation, border))


_READ = "row, column = i - dr, j - dc"
_COUNT = "counts[dr + 1, dc + 1] = np.sum(pool(moved(dr, dc)) == pool(x))"

MISTAKES = (
    Mistake(
        "moved_the_other_way",
        "The table is turned around: what belongs to a move right stands at a move left.",
        "If a map moves down by one, which row of it does row i show then?",
        ((_READ, "row, column = i + dr, j + dc"),),
    ),
    Mistake(
        "axes_exchanged",
        "The table is flipped over its diagonal: moves of rows stand where those of columns belong.",
        "Which index of the table belongs to dr?",
        (("counts[dr + 1, dc + 1]", "counts[dc + 1, dr + 1]"),),
    ),
    Mistake(
        "pooled_before_moving",
        "The map was pooled first and the pooled map was moved. A move by one pixel became one by a whole "
        "window.",
        "Which comes first in a network: the object moves, or the layer pools?",
        (
            ("def moved(dr, dc):", "def moved(x, dr, dc):\n        h, w = x.shape"),
            ("pool(moved(dr, dc))", "moved(pool(x), dr, dc)"),
        ),
    ),
    Mistake(
        "memory_cut_wrongly",
        "The windows hold cells of the wrong rows. That is what reshape gives with the windows' own axes "
        "last.",
        "In which order do the cells of a plane lie in memory: along a row, or along a window?",
        (
            (
                "plane.reshape(rows, k, columns, k), axis=(1, 3)",
                "plane.reshape(rows, columns, k, k), axis=(2, 3)",
            ),
        ),
    ),
    Mistake(
        "all_or_nothing",
        "The table says whether all outputs stay, not how many.",
        "What should stand in the table if 11 of 12 outputs stay?",
        ((_COUNT, "counts[dr + 1, dc + 1] = np.all(pool(moved(dr, dc)) == pool(x))"),),
    ),
    Mistake(
        "changed_were_counted",
        "The outputs that change were counted, not those that stay.",
        "How many outputs stay if the map does not move at all?",
        ((_COUNT, "counts[dr + 1, dc + 1] = np.sum(pool(moved(dr, dc)) != pool(x))"),),
    ),
    Mistake(
        "pixels_were_compared",
        "The maps themselves were compared, pixel by pixel, before any pooling.",
        "How many outputs does the pooled map have?",
        ((_COUNT, "counts[dr + 1, dc + 1] = np.sum(moved(dr, dc) == x)"),),
    ),
    Mistake(
        "always_max",
        "The windows were pooled by their maximum, whatever the operation.",
        "Which line of your code reads `operation`?",
        (('{"max": np.max, "min": np.min, "sum": np.sum}[operation]', "np.max"),),
    ),
    Mistake(
        "border_ignored",
        "Zeros came in whatever the border's rule was.",
        "Where does `border` decide?",
        (('border == "edge"', 'border == "never"'), ('border == "wrap"', 'border == "not this either"')),
    ),
    Mistake(
        "always_wrapped",
        "The map came in again from its other side, whatever the border's rule was. That is what np.roll "
        "gives.",
        "What comes in on the left with border zero?",
        (('border == "edge"', 'border == "never"'), ('border == "wrap"', "True")),
    ),
    Mistake(
        "edge_as_wrap",
        'With "edge", the other side of the map came in.',
        "Which cell of the map is nearest to column -1?",
        (('border == "edge"', 'border == "never"'), ('border == "wrap"', 'border in ("edge", "wrap")')),
    ),
    Mistake(
        "wrap_as_edge",
        'With "wrap", the nearest cell of the map came in.',
        "If the map went on from its other side, which column would stand left of column 0?",
        (('border == "edge"', 'border in ("edge", "wrap")'),),
    ),
)

QUESTION = Question(
    place=__file__,
    title="Search all moves, by a given rule",
    task="Search all moves, by a rule that you receive as arguments",
    name="shift_search",
    points=4,
    library="numpy",
    groups=GROUPS,
    draw=_search_cases,
    anywhere=_anywhere,
    reference=_search,
    mistakes=MISTAKES,
    hints=(
        "Three small steps: move the map, pool the map, compare with the map that has not moved.",
        (
            "After a move by (dr, dc), cell (i, j) holds the value that was at (i - dr, j - dc). Where "
            "that place is outside, `border` says what comes in. To pool, give each window axes of its "
            "own: h rows of pixels are h // k windows of k rows."
        ),
        (
            "x.reshape(h // k, k, w // k, k) has the windows' own axes at 1 and 3: reduce those two. Then "
            "np.sum(pooled == still) counts the outputs that stay, for each of the nine pairs (dr, dc)."
        ),
    ),
    loose=True,
    shrinks=(),
)
