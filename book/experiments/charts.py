"""Draw charts of results, with text equivalents: intervals in rows, and points on a plane."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from book.experiments.results import Interval
from poolkit.pictures import FAINT, INK, WINDOW, WINNER, Picture, inline

# Lengths in CSS pixels. One panel fits on a phone, and two panels fit side by side on a desktop.
WIDTH, ROW, HEAD, FOOT, EDGE = (320.0, 40.0, 26.0, 44.0, 14.0)
TEXT = 13.0
MARKS = {"above": "o", "below": "s", "holds 0": "o"}


def intervals(
    values: Mapping[str, Interval],
    *,
    title: str,
    axis: str,
    span: tuple[float, float],
    zero: bool = False,
) -> Picture:
    """Draw a row for each interval: its name, a mark at its mean, and a line from end to end.

    Args:
        values: the intervals by name, from top to bottom.
        title: the line above the chart.
        axis: the quantity on the axis, with its unit.
        span: both ends of the axis.
        zero: whether to mark 0 on the axis. If so, the mark of an interval that contains 0 is hollow, and the
            mark of an interval below 0 is a square.

    Raises:
        ValueError: if a mean or, with `zero`, an end of an interval is outside the axis.
    """
    for name, one in values.items():
        low, high = (one.low, one.high) if zero else (one.mean, one.mean)
        if low < span[0] or high > span[1]:
            raise ValueError(f"{title}: expected an axis that holds {one} ({name}), got {span}")
    height = HEAD + len(values) * ROW + FOOT
    figure, axes = _canvas(WIDTH, height)
    axes.text(
        WIDTH / 2,
        HEAD / 2,
        title,
        ha="center",
        va="center_baseline",
        fontsize=TEXT,
        color=INK,
        weight="bold",
    )
    place = _scale(span)
    bottom = HEAD + len(values) * ROW + 4
    for tick in _ticks(span):
        axes.plot(
            [place(tick)] * 2, [HEAD + 2, bottom], color=FAINT, linewidth=1.6 if zero and tick == 0 else 0.4
        )
        axes.text(
            place(tick),
            bottom + 10,
            f"{tick:g}",
            ha="center",
            va="center_baseline",
            fontsize=TEXT - 1,
            color=INK,
        )
    axes.text(WIDTH / 2, bottom + 28, axis, ha="center", va="center_baseline", fontsize=TEXT - 1, color=INK)
    for number, (name, one) in enumerate(values.items()):
        top = HEAD + number * ROW
        axes.text(EDGE, top + 12, name, ha="left", va="center_baseline", fontsize=TEXT, color=INK)
        axes.text(
            WIDTH - EDGE,
            top + 12,
            _said(one, zero),
            ha="right",
            va="center_baseline",
            fontsize=TEXT,
            color=INK,
        )
        side = one.side if zero else "above"
        colour = {"above": WINDOW, "below": WINNER, "holds 0": INK}[side]
        low, high, middle = (place(float(np.clip(end, *span))) for end in (one.low, one.high, one.mean))
        axes.plot([low, high], [top + 28] * 2, color=colour, linewidth=2.0)
        face = "none" if side == "holds 0" else colour
        axes.plot(middle, top + 28, MARKS[side], color=colour, markerfacecolor=face, markersize=8)
    where = {"above": "above 0", "below": "below 0", "holds 0": "holds 0"}
    said = [
        f"{name}: {_said(one, zero)}{f', {where[one.side]}' if zero else ''}." for name, one in values.items()
    ]
    return Picture((_svg(figure, WIDTH),), f"{title}. {axis}. {' '.join(said)}")


def points(
    values: Mapping[str, tuple[float, float]],
    front: Mapping[str, bool],
    *,
    title: str,
    axes_names: tuple[str, str],
    spans: tuple[tuple[float, float], tuple[float, float]],
) -> Picture:
    """Draw named points on a plane; fill and join the points on the Pareto front.

    Args:
        values: the two coordinates of each point, by its name: to the right, and upwards.
        front: for each point, by its name, whether it is on the front: no other point dominates it.
        title: the line above the chart.
        axes_names: the quantities on the axes to the right and upwards.
        spans: both ends of each axis.
    """
    width, height = WIDTH, 320.0
    figure, axes = _canvas(width, height)
    axes.text(
        width / 2,
        HEAD / 2,
        title,
        ha="center",
        va="center_baseline",
        fontsize=TEXT,
        color=INK,
        weight="bold",
    )
    left, right, top, bottom = 46.0, width - 14.0, HEAD + 22, height - FOOT

    def at(x: float, y: float) -> tuple[float, float]:
        (x_low, x_high), (y_low, y_high) = spans
        return left + (x - x_low) / (x_high - x_low) * (right - left), bottom - (y - y_low) / (
            y_high - y_low
        ) * (bottom - top)

    for tick in _ticks(spans[0]):
        x, _ = at(tick, spans[1][0])
        axes.plot([x, x], [top, bottom], color=FAINT, linewidth=0.4)
        axes.text(
            x, bottom + 11, f"{tick:g}", ha="center", va="center_baseline", fontsize=TEXT - 1, color=INK
        )
    for tick in _ticks(spans[1]):
        _, y = at(spans[0][0], tick)
        axes.plot([left, right], [y, y], color=FAINT, linewidth=0.4)
        axes.text(left - 6, y, f"{tick:g}", ha="right", va="center_baseline", fontsize=TEXT - 1, color=INK)
    axes.text(
        (left + right) / 2,
        bottom + 30,
        axes_names[0],
        ha="center",
        va="center_baseline",
        fontsize=TEXT - 1,
        color=INK,
    )
    axes.text(6, top - 12, axes_names[1], ha="left", va="center_baseline", fontsize=TEXT - 1, color=INK)
    best = sorted(at(*values[name]) for name in values if front[name])
    axes.plot([x for x, _ in best], [y for _, y in best], color=WINDOW, linewidth=1.2, linestyle="--")
    taken = [at(*value) for value in values.values()]
    for name, value in values.items():
        x, y = at(*value)
        colour, face = (WINDOW, WINDOW) if front[name] else (INK, "none")
        axes.plot(x, y, "o", color=colour, markerfacecolor=face, markersize=8)
        _label(axes, name, (x, y), taken)
    said = [
        f"{name}: {x:.1f} and {y:.1f}, {'on the front' if front[name] else 'dominated'}."
        for name, (x, y) in values.items()
    ]
    return Picture(
        (_svg(figure, width),), f"{title}. {axes_names[0]}, then {axes_names[1]}. {' '.join(said)}"
    )


def apart(wanted: Sequence[float], least: float) -> list[float]:
    """Choose positions for labels along a line, near the wanted positions and at least `least` apart.

    The labels keep their order. Labels that would touch form a group with distances of `least`. The middle of
    a group is the mean of the wanted positions of its labels.

    Args:
        wanted: the best position for each label.
        least: the smallest distance between two labels.

    >>> apart([10.0, 12.0, 50.0], 8.0)
    [7.0, 15.0, 50.0]
    """
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    groups: list[list[int]] = []
    for label in order:
        groups.append([label])
        while (
            len(groups) > 1 and _first(groups[-1], wanted, least) < _last(groups[-2], wanted, least) + least
        ):
            later = groups.pop()
            groups[-1] += later
    places = {
        label: _first(group, wanted, least) + number * least
        for group in groups
        for number, label in enumerate(group)
    }
    return [places[label] for label in range(len(wanted))]


def _first(group: Sequence[int], wanted: Sequence[float], least: float) -> float:
    """The position of a group's first label if the group's middle is the mean of its wanted positions."""
    return sum(wanted[label] for label in group) / len(group) - _length(group, least) / 2


def _last(group: Sequence[int], wanted: Sequence[float], least: float) -> float:
    return _first(group, wanted, least) + _length(group, least)


def _length(group: Sequence[int], least: float) -> float:
    return (len(group) - 1) * least


def _label(axes: Axes, name: str, point: tuple[float, float], taken: list[tuple[float, float]]) -> None:
    """Write a point's name right, left, above or below, where it first covers no other point or name."""
    x, y = point
    width = 7.0 * len(name)
    beside = ((x + 9, y), (x - 9 - width, y), (x - width / 2, y - 15), (x - width / 2, y + 15))
    others = [other for other in taken if other != point]
    for start, line in beside:
        inside = start > 46 and start + width < WIDTH
        if inside and not any(start - 6 < a < start + width + 6 and abs(b - line) < 12 for a, b in others):
            break
    axes.text(start, line, name, ha="left", va="center_baseline", fontsize=TEXT - 1, color=INK)
    taken += [(start + step * width / 4, line) for step in range(5)]


def _said(one: Interval, zero: bool) -> str:
    sign = "+" if zero and one.mean > 0 else "\N{MINUS SIGN}" if one.mean < 0 else ""
    return f"{sign}{abs(one.mean):.1f} ± {one.half:.1f}"


def _scale(span: tuple[float, float]):  # type: ignore[no-untyped-def] # a function of one number
    low, high = span
    return lambda value: EDGE + (value - low) / (high - low) * (WIDTH - 2 * EDGE)


def _ticks(span: tuple[float, float]) -> list[float]:
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if (span[1] - span[0]) / step <= 8)
    return [float(tick) for tick in np.arange(np.ceil(span[0] / step) * step, span[1] + 1e-9, step)]


def _canvas(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width / 72, height / 72), dpi=72)
    figure.patch.set_alpha(0.0)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    return figure, axes


def _svg(figure: Figure, width: float) -> str:
    stream = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "poolkit"}):
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    return inline(stream.getvalue(), width)
