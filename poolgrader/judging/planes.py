"""Draw planes (rows and columns) of numbers for the feedback, as an HTML table and as text.

Differing cells are marked with a sign, and in HTML with a colour too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poolgrader.calls.values import Array, Plain
from poolgrader.judging.comparison import Difference

MAX_SIDE = 12
Cell = tuple[int, int]
Plane = NDArray[Any]
NOTHING: frozenset[Cell] = frozenset()
Draw = Callable[[object], str]  # turns a cell's value into the text that the tables show


@dataclass(frozen=True)
class Panel:
    """A plane as the feedback shows it.

    Args:
        plane: rows and columns.
        caption: the name of the plane, and its size.
        wrong: cells that differ from what was expected.
        outlined: cells of the input that the first wrong output cell is computed from.
    """

    plane: Plane
    caption: str
    wrong: frozenset[Cell] = NOTHING
    outlined: frozenset[Cell] = NOTHING


def plane_of(value: Plain, leading: tuple[int, ...] = ()) -> tuple[Plane, str] | None:
    """The plane of an array's last two axes at the leading indices, and a text with its place and size.

    None if the value is no array, is a single number, or is empty.
    """
    if not isinstance(value, Array) or value.data.ndim == 0 or 0 in value.shape:
        return None
    data = value.data
    index: list[int] = []
    while data.ndim > 2:
        at = leading[len(index)] if len(index) < len(leading) else 0
        at = min(at, data.shape[0] - 1)
        index.append(at)
        data = data[at]
    where = f" at {index}" if index and any(size > 1 for size in value.shape[:-2]) else ""
    return np.atleast_2d(data), f"{where} {' × '.join(map(str, data.shape))}".strip()


def wrong_cells(
    difference: Difference | None, shape: tuple[int, ...]
) -> tuple[tuple[int, ...], frozenset[Cell]]:
    """The leading indices of the first differing cell, and the differing cells of its plane."""
    if difference is None or not difference.where or difference.aspect not in ("values", "gradient"):
        return (), NOTHING
    first = difference.where[0]
    if len(first) < 2:
        return (), frozenset((0, index[0] if index else 0) for index in difference.where)
    leading = first[:-2]
    return leading, frozenset(
        (index[-2], index[-1])
        for index in difference.where
        if index[:-2] == leading and len(index) == len(shape)
    )


def number(value: object) -> str:
    """A cell's value, short: 2 for 2.0, 0.333 for a third, -inf, nan."""
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if isinstance(value, float | np.floating):
        return f"{float(value):.3g}"
    return str(value)


def html_plane(panel: Panel, draw: Draw = number) -> str:
    """The plane as an HTML table; differing cells have a sign and a colour, outlined cells a frame."""
    rows = []
    for i, row in enumerate(panel.plane[:MAX_SIDE]):
        cells = []
        for j, value in enumerate(row[:MAX_SIDE]):
            style, text = "padding:2px 7px;text-align:right;border:1px solid #8886;", escape(draw(value))
            if (i, j) in panel.wrong:
                style += "background:#d5303a33;font-weight:bold;"
                text = f"≠ {text}"
            if (i, j) in panel.outlined:
                style += "box-shadow:inset 0 0 0 2px #2a78d6;"
                text = f'<span title="outlined">{text}</span>'
            cells.append(f'<td style="{style}">{text}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    more = " (its first cells)" if max(panel.plane.shape) > MAX_SIDE else ""
    caption = escape(panel.caption + more)
    return (
        '<table style="display:inline-table;vertical-align:top;margin:4px 18px 4px'
        " 0;border-collapse:collapse;"
        'font-variant-numeric:tabular-nums;background:transparent;color:inherit">'
        "<caption"
        f' style="caption-side:top;text-align:left;color:inherit;white-space:nowrap">{caption}</caption>'
        f"{''.join(rows)}</table>"
    )


def text_plane(panel: Panel, draw: Draw = number) -> str:
    """The plane as text: `!` before a differing cell, brackets around an outlined one."""

    def cell(i: int, j: int, value: object) -> str:
        text = draw(value)
        text = f"!{text}" if (i, j) in panel.wrong else text
        return f"[{text}]" if (i, j) in panel.outlined else text

    shown = [row[:MAX_SIDE] for row in panel.plane[:MAX_SIDE]]
    cells = [[cell(i, j, value) for j, value in enumerate(row)] for i, row in enumerate(shown)]
    width = max((len(text) for row in cells for text in row), default=1)
    lines = ["    " + " ".join(text.rjust(width) for text in row) for row in cells]
    return "\n".join([f"  {panel.caption}:", *lines])
