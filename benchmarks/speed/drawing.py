"""Pictures of the results: time over window size, and poolkit's time against torch's in random cases."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.speed.cases import WINDOWS
from benchmarks.speed.draws import NO_SLOWER, TINY_MS
from benchmarks.speed.record import Measured, Row
from benchmarks.speed.tables import ALIKE, TITLES, number
from poolkit.pictures import FAINT, INK, WINDOW, WINNER, WRONG, Picture, inline

WIDTH, HEIGHT, TEXT = 500.0, 420.0, 13.0  # CSS pixels; a phone shows the picture at two thirds of this size
LABEL = 15.0  # CSS pixels from one line's name to the next
# For each path in the picture: colour, dashes, marker. poolkit's lines are drawn thicker.
LINES = {
    "native": (WRONG, "-", "o"),
    "native-last": (WRONG, "--", "o"),
    "jax": (INK, ":", "s"),
    "onnxruntime": (INK, "--", "^"),
    "openvino": (INK, "-.", "D"),
    "opencv": (INK, "-", "v"),
    "scipy": (FAINT, "--", "x"),
    "fast": (WINNER, "-", "s"),
    "auto": (WINDOW, "-", "o"),
    "floor": (FAINT, ":", ""),
}


def growth(measured: Measured, operation: str, backward: bool = False) -> Picture:
    """Draw time over the side of the window, at stride 1, for the same input; both axes are logarithmic."""
    found = {
        name: [measured.ms(f"C{k}", operation, name, backward) for k in WINDOWS]
        for name in LINES
        if all(name in measured.paths(f"C{k}", operation, backward) for k in WINDOWS)
    }
    lines = {name: [ms for ms in row if ms is not None] for name, row in found.items()}
    figure, axes = _canvas((0.13, 0.13, 0.48, 0.84))
    for name, row in lines.items():
        color, dashes, mark = LINES[name]
        wide = 3.0 if name in ("auto", "fast") else 1.5
        axes.plot(
            WINDOWS, row, linestyle=dashes, color=color, linewidth=wide, marker=mark or None, markersize=6
        )
    axes.set(xscale="log", yscale="log", xticks=WINDOWS, xlim=(2.7, 68))
    axes.set_xticklabels([str(k) for k in WINDOWS])
    _tens(axes, "y")
    _finish(axes, "window, cells along each side", "milliseconds")
    _name_lines(axes, {TITLES[name]: (row[-1], LINES[name][0]) for name, row in lines.items()})
    said = "; ".join(
        f"{TITLES[name]} from {number(row[0])} to {number(row[-1])} ms" for name, row in lines.items()
    )
    what = f"{ALIKE[operation]}, {'values and gradients' if backward else 'values'}"
    return Picture(
        (_svg(figure),),
        f"{what}: time against the side of the window, {WINDOWS[0]} to {WINDOWS[-1]} cells, both axes "
        f"logarithmic. {said}.",
        f"{what}. 8 images of 64 planes of 56 by 56 at stride 1, "
        f"{'one thread' if measured.threads == 1 else f'{measured.threads} threads'}.",
    )


def random_cases(rows: Sequence[Row]) -> Picture:
    """Draw one marker for each case: x is torch's time, y is the ratio of poolkit's time to torch's."""
    figure, axes = _canvas((0.13, 0.13, 0.84, 0.78))
    kinds = {"max": (WINDOW, "o"), "average": (WINNER, "s")}
    for kind, (color, mark) in kinds.items():
        chosen = [row for row in rows if row["says"].startswith(kind)]
        axes.plot(
            [row["native"] for row in chosen],
            [row["ratio"] for row in chosen],
            linestyle="", marker=mark, color=color, markersize=5, markerfacecolor="none",
            label="maximum" if kind == "max" else kind,
        )  # fmt: skip
    axes.set(xscale="log", yscale="log")
    axes.axhline(1.0, color=FAINT, linewidth=1)
    low, high = axes.get_ylim()
    ticks = [tick for tick in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2) if low <= tick <= high]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    _tens(axes, "x")
    _finish(axes, "torch, milliseconds", "poolkit's time, of torch's")
    axes.legend(
        frameon=False, fontsize=TEXT, loc="lower right", bbox_to_anchor=(1, 1), ncols=2, labelcolor=INK
    )
    longer = [row for row in rows if row["native"] >= TINY_MS]
    quicker = sum(row["ratio"] < 1 / NO_SLOWER for row in longer)
    slower = sum(row["ratio"] > NO_SLOWER for row in longer)
    says = (
        f"{len(rows)} random cases. Of the {len(longer)} that take torch {1000 * TINY_MS:.0f} microseconds "
        f"or more, poolkit is quicker in {quicker}, as quick within five percent in "
        f"{len(longer) - quicker - slower}, slower in {slower}. "
    )
    ends = [row["ratio"] for row in longer]
    says += f"Its time is {number(min(ends))} to {number(max(ends))} of torch's." if ends else ""
    return Picture(
        (_svg(figure),), says, "Random shapes and windows: circles are maxima, squares are averages."
    )


def _canvas(place: tuple[float, float, float, float]) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72), dpi=72)
    figure.patch.set_alpha(0)
    axes = figure.add_axes(place)
    axes.patch.set_alpha(0)
    return figure, axes


def _finish(axes: Axes, right: str, up: str) -> None:
    axes.minorticks_off()
    axes.set_xlabel(right, color=INK, fontsize=TEXT)
    axes.set_ylabel(up, color=INK, fontsize=TEXT)
    axes.tick_params(colors=INK, labelsize=TEXT - 1)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(INK)


def _tens(axes: Axes, along: str) -> None:
    """Label the powers of ten with plain numbers."""
    low, high = axes.get_xlim() if along == "x" else axes.get_ylim()
    ticks = [10**power for power in range(-4, 6) if low <= 10**power <= high]
    axes.set(**{f"{along}ticks": ticks, f"{along}ticklabels": [f"{tick:g}" for tick in ticks]})


def _name_lines(axes: Axes, ends: Mapping[str, tuple[float, str]]) -> None:
    """Write each line's name beside its end.

    Names that would overlap are moved apart; a thin line connects each name with the end of its own line.
    """
    place = axes.transData
    order = sorted(ends, key=lambda name: ends[name][0])
    heights: dict[str, float] = {}
    for name in order:
        own = place.transform((WINDOWS[-1], ends[name][0]))[1]
        heights[name] = max(own, *(height + LABEL for height in heights.values()), own)
    shift = max(0.0, max(heights.values()) - HEIGHT * 0.97)
    for name, height in reversed(heights.items()):
        x, y = place.transform((WINDOWS[-1], ends[name][0]))
        axes.annotate(
            name, (x, y), (x + 22, height - shift), xycoords="figure pixels", textcoords="figure pixels",
            color=INK if ends[name][1] == FAINT else ends[name][1], fontsize=TEXT, va="center",
            arrowprops={"arrowstyle": "-", "color": FAINT, "linewidth": 0.7, "shrinkA": 0, "shrinkB": 4},
        )  # fmt: skip


def _svg(figure: Figure) -> str:
    stream = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "poolkit"}):
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None})
    return inline(stream.getvalue(), WIDTH)
