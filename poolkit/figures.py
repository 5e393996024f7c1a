"""The functions that draw every figure of the book and of the feedback.

This is the only module of poolkit that imports matplotlib. Each function returns a
:class:`poolkit.pictures.Picture`, which carries its text equivalent.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from poolkit.pictures import FAINT, INK, WINDOW, WINNER, WRONG, Picture, beside, inline
from poolkit.windows import Window

__all__ = ["Picture", "arrow", "beside", "photographs", "plane", "shifts", "shown", "step"]

Array = npt.NDArray[Any]
Pair = tuple[int, int]

CELL = (
    36.0  # side of a cell, in CSS pixels; a phone shows seven of them in a row, a desktop four planes of four
)
WIDE = 240.0  # CSS pixels; a wider photograph would be illegible at half of a phone's width
TEXT = 15.0  # size of a value, in CSS pixels
HEAD = 24.0  # room for a title above a panel
EDGE = 3.0  # room for the outlines


def plane(
    values: Array,
    *,
    name: str = "",
    title: str = "",
    padding: tuple[Pair, Pair] = ((0, 0), (0, 0)),
    fill: float = -np.inf,
    window: Sequence[Pair] = (),
    winner: bool = False,
    expected: Array | None = None,
    hidden: Sequence[Pair] = (),
) -> Picture:
    r"""Draw a plane of numbers.

    :param values: The numbers: rows, columns.
    :param name: The name of the plane in the text equivalent, such as `x`.
    :param title: A line above the plane; the name if no title is given.
    :param padding: Border cells (before, after) each axis; they are hatched and show `fill`.
    :param fill: The value of the border.
    :param window: Cells to outline, as (row, column) from 0; cells outside the values lie in the border.
    :param winner: Whether to print the window's greatest value in bold.
    :param expected: What the values should be; cells that differ are crossed in their corner.
    :param hidden: Cells that show a question mark, for the reader to predict.
    :returns: One panel.

    >>> plane(np.array([[1, 2]]), name="y", expected=np.array([[1, 3]])).alt
    'y, 1 row by 2 columns: 1 2. Wrong, as (row, column) from 0: (0, 1).'
    """
    rows, columns = values.shape
    (above, below), (left, right) = padding
    head = HEAD if title or name else EDGE
    width, height = (left + columns + right) * CELL + 2 * EDGE, (above + rows + below) * CELL + head + EDGE
    figure, axes = _canvas(width, height, title or name)
    inside = [(i, j) for i, j in window if 0 <= i < rows and 0 <= j < columns]
    best = max(inside, key=lambda cell: float(values[cell]), default=None) if winner else None
    wrong = [] if expected is None else _differing(values, expected)
    for i in range(-above, rows + below):
        for j in range(-left, columns + right):
            real = 0 <= i < rows and 0 <= j < columns
            corner = (EDGE + (j + left) * CELL, head + (i + above) * CELL)
            text = "?" if (i, j) in hidden else shown(values[i, j] if real else fill)
            _cell(axes, corner, text, border=not real, best=(i, j) == best)
            if (i, j) in window:
                _outline(axes, corner)
            if (i, j) in wrong:
                _cross(axes, corner)
    sentences = [_plane_text(values, name, hidden), _border_text(padding, fill)]
    if window:
        greatest = "" if best is None else f"; greatest: {shown(values[best])}"
        sentences.append(f"Window on {_count(len(window), 'cell')}{greatest}.")
    if expected is not None:
        sentences.append(_wrong_text(wrong))
    return Picture((_svg(figure),), " ".join(filter(None, sentences)))


def step(x: Array, y: Array, window: Window, at: Pair, *, operation: str = "max", hidden: Sequence[Pair] = (),
         caption: str = "") -> Picture:  # fmt: skip
    """Draw one step of pooling: the input with the window of one output, an arrow, the output with that cell.

    :param x: The input: rows, columns.
    :param y: The output: rows, columns.
    :param window: The window over both axes.
    :param at: The output cell, as (row, column) from 0.
    :param operation: The name above the arrow. For "max" the greatest value is marked, and the border is
        minus infinity; otherwise the border is 0.
    :param hidden: Cells of the output that show a question mark.
    :param caption: A line below.
    :returns: Three panels.

    >>> print(step(np.array([[1, 2]]), np.array([[2]]), Window.of((1, 2)), (0, 0)).alt)
    x, 1 row by 2 columns: 1 2. Window on 2 cells; greatest: 2. y, 1 row by 1 column: 2. Window on 1 cell.
    """
    cells = [(i, j) for i in window.positions(0, at[0]) for j in window.positions(1, at[1])]
    padding = (window.padding[0], window.padding[1])
    most = operation == "max"
    source = plane(x, name="x", padding=padding, fill=-np.inf if most else 0, window=cells, winner=most)
    return beside(source, arrow(operation), plane(y, name="y", window=[at], hidden=hidden), caption=caption)


def arrow(label: str = "max") -> Picture:
    """Draw an arrow from one panel to the next, with the operation's name above it."""
    figure, axes = _canvas(54, 40, "")
    axes.annotate("", (50, 26), (4, 26), arrowprops={"arrowstyle": "->", "color": INK, "linewidth": 1.6})
    axes.text(27, 14, label, ha="center", va="center_baseline", fontsize=TEXT - 2, color=INK)
    return Picture((_svg(figure),), "")


def shifts(
    responses: Mapping[str, Sequence[float]], pool: Callable[[Array], Array], *, caption: str = ""
) -> Picture:
    """Draw a row of responses in several positions, each with its pooled row below it.

    :param responses: Rows of numbers by label; the others are compared with the first.
    :param pool: The function that pools a row.
    :param caption: A line below.
    :returns: One panel for each response; a pooled cell that differs from the first one's is crossed.

    >>> shifts({"here": [0, 1, 0], "moved": [0, 0, 1]}, lambda row: row[:2]).alt
    'here: 0 1 0, pooled 0 1. moved: 0 0 1, pooled 0 0; 1 cell differs.'
    """
    panels, sentences, first = [], [], None
    for label, response in responses.items():
        row = np.asarray(response)
        pooled = np.asarray(pool(row))
        first = pooled if first is None else first
        wrong = [j for _, j in _differing(pooled[None], first[None])]
        figure, axes = _canvas(row.size * CELL + 2 * EDGE, HEAD + 2.5 * CELL, label)
        for j, value in enumerate(row):
            _cell(axes, (EDGE + j * CELL, HEAD), shown(value), best=value == row.max())
        indent = EDGE + (row.size - pooled.size) * CELL / 2
        for j, value in enumerate(pooled):
            corner = (indent + j * CELL, HEAD + 1.4 * CELL)
            _cell(axes, corner, shown(value))
            _outline(axes, corner)
            if j in wrong:
                _cross(axes, corner)
        panels.append(_svg(figure))
        differs = f"; {_count(len(wrong), 'cell')} differ{'s' if len(wrong) == 1 else ''}" if wrong else ""
        sentences.append(f"{label}: {_row_text(row)}, pooled {_row_text(pooled)}{differs}.")
    return Picture(tuple(panels), " ".join(sentences), caption)


def photographs(pictures: Mapping[str, Array], *, alt: str, side: float = 200.0,
                span: tuple[float, float] = (0.0, 1.0), caption: str = "") -> Picture:  # fmt: skip
    """Show grey pictures side by side, each at the same height, whatever its number of pixels.

    :param pictures: Planes (rows, columns) by title.
    :param alt: A description of the pictures, which cannot be made from their numbers.
    :param side: Height of each picture, in CSS pixels.
    :param span: The values that are drawn as black and as white.
    :param caption: A line below.
    :returns: One panel for each picture.

    >>> len(photographs({"input": np.eye(4), "pooled": np.eye(2)}, alt="Two diagonals.").panels)
    2
    """
    if not alt:
        raise ValueError("photographs: a text equivalent was expected, nothing came")
    panels = []
    for title, picture in pictures.items():
        width = side * picture.shape[1] / picture.shape[0]
        figure, axes = _canvas(width, side + HEAD, title)
        axes.imshow(
            picture,
            cmap="gray",
            vmin=span[0],
            vmax=span[1],
            interpolation="none",
            extent=(0, width, side + HEAD, HEAD),
        )
        axes.set(xlim=(0, width), ylim=(side + HEAD, 0), aspect="auto")
        axes.add_patch(Rectangle((0.5, HEAD), width - 1, side - 0.5, fill=False, edgecolor=FAINT))
        # on a phone two narrow pictures fit side by side
        panels.append(_svg(figure, most="46%" if width <= WIDE else "100%"))
    return Picture(tuple(panels), alt, caption)


def shown(value: float) -> str:
    r"""Format a number as a cell shows it.

    >>> shown(3.0), shown(0.25), shown(np.nan), shown(-np.inf) == "\N{MINUS SIGN}\N{INFINITY}"
    ('3', '0.25', 'NaN', True)
    """
    number = float(value)
    if np.isnan(number):
        return "NaN"
    text = "\N{INFINITY}" if np.isinf(number) else f"{abs(number):.3g}"
    return f"\N{MINUS SIGN}{text}" if number < 0 else text


def _canvas(width: float, height: float, title: str) -> tuple[Figure, Axes]:
    # With 72 dots to the inch matplotlib's units are CSS pixels, so sizes need no conversion.
    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    figure.patch.set_alpha(0.0)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    if title:
        axes.text(
            width / 2, HEAD / 2 - 2, title, ha="center", va="center_baseline", fontsize=TEXT - 1, color=INK
        )
    return figure, axes


def _cell(
    axes: Axes, corner: tuple[float, float], text: str, *, border: bool = False, best: bool = False
) -> None:
    hatch = "////" if border else None
    axes.add_patch(Rectangle(corner, CELL, CELL, fill=False, edgecolor=FAINT, linewidth=1.0, hatch=hatch))
    x, y = corner[0] + CELL / 2, corner[1] + CELL / 2
    weight, color = ("bold", WINNER) if best else ("normal", INK)
    ems = sum(0.32 if mark in ".," else 0.64 for mark in text)  # the widths of a point and of a digit
    size = min(
        TEXT, (CELL - 6) / max(ems, 1)
    )  # a long number is drawn smaller, so that it fits into its cell
    axes.text(x, y, text, ha="center", va="center_baseline", fontsize=size, color=color, weight=weight)


def _outline(axes: Axes, corner: tuple[float, float]) -> None:
    axes.add_patch(Rectangle(corner, CELL, CELL, facecolor=WINDOW, alpha=0.16, linewidth=0))
    axes.add_patch(Rectangle(corner, CELL, CELL, fill=False, edgecolor=WINDOW, linewidth=2.2, zorder=3))


def _cross(axes: Axes, corner: tuple[float, float]) -> None:
    x, y = corner[0] + CELL - 8, corner[1] + 8
    for sign in (-1, 1):
        axes.plot([x - 4, x + 4], [y - 4 * sign, y + 4 * sign], color=WRONG, linewidth=2.2, zorder=4)


def _differing(values: Array, expected: Array) -> list[tuple[int, int]]:
    if values.shape != expected.shape:
        return [(int(i), int(j)) for i, j in np.ndindex(*values.shape)]
    same = (values == expected) | (np.isnan(values) & np.isnan(expected))
    return [(int(i), int(j)) for i, j in np.argwhere(~same)]


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _row_text(row: Array) -> str:
    return " ".join(shown(value) for value in row)


def _plane_text(values: Array, name: str, hidden: Sequence[Pair]) -> str:
    size = f"{_count(values.shape[0], 'row')} by {_count(values.shape[1], 'column')}"
    rows = (
        " ".join("?" if (i, j) in hidden else shown(value) for j, value in enumerate(row))
        for i, row in enumerate(values)
    )
    return f"{name or 'A plane'}, {size}: {'; '.join(rows)}."


def _border_text(padding: tuple[Pair, Pair], fill: float) -> str:
    sides = zip(padding[0] + padding[1], ("above", "below", "to the left", "to the right"), strict=True)
    parts = [f"{cells} {side}" for cells, side in sides if cells]
    return f"Border of cells, {', '.join(parts)}, filled with {shown(fill)}." if parts else ""


def _wrong_text(wrong: Sequence[tuple[int, int]]) -> str:
    if not wrong:
        return "No cell differs from what is expected."
    return f"Wrong, as (row, column) from 0: {', '.join(str(cell) for cell in wrong)}."


def _svg(figure: Figure, most: str = "100%") -> str:
    stream = io.StringIO()
    with mpl.rc_context(
        {"svg.fonttype": "none", "svg.hashsalt": "poolkit", "hatch.color": FAINT, "hatch.linewidth": 0.8}
    ):
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    return inline(stream.getvalue(), figure.get_figwidth() * 72, most)
