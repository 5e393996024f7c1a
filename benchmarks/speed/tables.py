"""The results as tables: as text for a terminal, as HTML for the book."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from benchmarks.speed.cases import AVERAGE, FIXED, MAX
from benchmarks.speed.draws import TINY_MS, within
from benchmarks.speed.goals import REASONS, Goal, accuracy, goals, small
from benchmarks.speed.paths import PATHS
from benchmarks.speed.peers import PEERS
from benchmarks.speed.record import Measured, Results

TITLES = {path.name: path.title for path in (*PATHS, *PEERS)} | {"floor": "the floor"}
ALIKE = {MAX: "Maximum", AVERAGE: "Average"}
OURS = ' style="font-weight: 700"'
ABSENT = "\N{EN DASH}"


@dataclass(frozen=True)
class Table:
    """Rows of text below a head row; the first cell of a row is its name.

    Args:
        title: what the table shows; also the label of its region on the page.
        head: the names of the columns.
        rows: each has as many cells as the head.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]

    def text(self) -> str:
        """The table as aligned columns for a terminal."""
        lines = [self.head, *self.rows]
        widths = [max(len(line[at]) for line in lines) for at in range(len(self.head))]
        shown = (
            "  ".join(
                cell.ljust(width) if at == 0 else cell.rjust(width)
                for at, (cell, width) in enumerate(zip(line, widths, strict=True))
            )
            for line in lines
        )
        return f"{self.title}\n" + "\n".join(line.rstrip() for line in shown) + "\n"

    def _repr_html_(self) -> str:
        """An HTML table in a box of its own that scrolls, also by keyboard."""
        top = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in self.head)
        body = "".join(
            f'<tr{OURS if row[0].startswith("poolkit") else ""}><th scope="row" style="text-align: left;'
            f' font-weight: inherit">{html.escape(row[0])}</th>'
            + "".join(f"<td>{html.escape(cell)}</td>" for cell in row[1:])
            + "</tr>"
            for row in self.rows
        )
        label = html.escape(self.title)
        return (
            f'<div role="region" aria-label="{label}" tabindex="0" style="overflow-x: auto">'
            f'<table class="dataframe"><caption>{label}</caption>'
            f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
        )


def number(value: float | None, suffix: str = "") -> str:
    """Write a number with two or three significant digits.

    >>> number(1234.5), number(0.01234), number(12.34), number(None)
    ('1,234', '0.012', '12.3', '–')
    """
    if value is None:
        return ABSENT
    size = abs(value)
    text = (
        f"{value:,.0f}"
        if size >= 100
        else f"{value:.1f}"
        if size >= 10
        else f"{value:.2f}"
        if size >= 0.1
        else f"{value:.3f}"
    )
    return text + suffix


def where(results: Results) -> str:
    """The machine and the date, in a sentence."""
    facts = results["facts"]
    return (
        f"Measured on {facts['date']}: {facts['processor']} with {facts['cores']} cores and "
        f"{facts['instructions']}, {facts['system']}, Python {facts['python']}; "
        f"{'seconds by the clock on the wall' if facts['clock'] == 'wall' else 'seconds of the processor'}; "
        f"poolkit's kernel was {facts['kernel']}."
    )


def with_what(results: Results) -> str:
    """The versions of the libraries, and which were not installed."""
    by_version = {
        title: version for title, version in results["versions"].items() if not title.startswith("poolkit")
    }
    there = [
        f"{title} {version}"
        for title, version in by_version.items()
        if version != "absent" and "," not in title
    ]
    absent = [title for title, version in by_version.items() if version == "absent"]
    return f"With {', '.join(there)}." + (
        f" Not installed, and not measured: {', '.join(absent)}." if absent else ""
    )


def times(measured: Measured, operation: str, backward: bool = False) -> Table:
    """The milliseconds of each path for each case, and in brackets the ratio to the floor."""
    cases = [name for name in FIXED if measured.paths(name, operation, backward)]
    names = [
        name for name in TITLES if any(name in measured.paths(case, operation, backward) for case in cases)
    ]
    rows = []
    for name in names:
        cells = []
        for case in cases:
            ms, floors = (
                measured.ms(case, operation, name, backward),
                measured.ratio(case, operation, name, "floor", backward),
            )
            cells.append(
                ABSENT
                if ms is None
                else number(ms)
                if name == "floor"
                else f"{number(ms)} ({number(floors)})"
            )
        rows.append([TITLES[name], *cells])
    what = (
        f"{ALIKE[operation]}, {'values and gradients' if backward else 'values'}, {_threads(measured)}: "
        "ms (times the floor)"
    )
    return Table(what, ["path", *cases], rows)


def against_torch(measured: Measured, backward: bool = False) -> Table:
    """The ratio of poolkit's time to torch's."""
    rows = []
    for operation in (MAX, AVERAGE):
        for name in ("auto", "fast"):
            ratios = [measured.ratio(case, operation, name, "native", backward) for case in FIXED]
            rows.append([f"{ALIKE[operation].lower()}, {TITLES[name]}", *map(number, ratios)])
    of = "values and gradients" if backward else "values"
    return Table(f"{of.capitalize()}, {_threads(measured)}: time, of torch's", ["path", *FIXED], rows)


def goal_table(every: Sequence[Goal]) -> Table:
    """Each goal, the value of the case that is farthest from it, and whether the goal is met."""
    rows = []
    for goal in every:
        worst = (
            "not measured" if goal.worst is None else f"{number(goal.worst[1], goal.unit)} ({goal.worst[0]})"
        )
        share = (
            f"{sum(value is not None for value in goal.found.values()) - len(goal.missed)} of "
            f"{len(goal.found)}"
        )
        rows.append([goal.says, number(goal.limit, goal.unit), worst, share, goal.verdict])
    return Table("Goals, one thread", ["goal", "at most", "farthest from it", "within", "verdict"], rows)


def reasons(every: Sequence[Goal]) -> str:
    """List in Markdown which goals were not reached, by how much, and why."""
    missed = [goal for goal in every if goal.missed]
    lines = [
        f"- **{goal.says}**: "
        f"{'; '.join(f'{name}: {goal.found[name]:.3f}{goal.unit}' for name in goal.missed)}. At most "
        f"{number(goal.limit, goal.unit)} was aimed at. {REASONS[goal.says]}"
        for goal in missed
    ]
    return "\n".join(lines or ["All of them were reached."])


def worst_draws(measured: Measured, count: int = 8) -> Table:
    """The random cases in which poolkit is slowest against torch."""
    rows = [row for row in measured.results["random"] if row["threads"] == measured.threads]
    ordered = sorted(
        rows, key=lambda row: -row["ratio"] if row["native"] >= TINY_MS else -1 - row["added"] / 0.1
    )
    cells = [
        [
            row["says"],
            number(row["native"]),
            number(row["ratio"]),
            number(1000 * row["added"]),
            "yes" if within(row) else "no",
        ]
        for row in ordered[:count]
    ]
    return Table(f"The {count} worst of {len(rows)} random cases, {_threads(measured)}",
                 ["case", "torch, ms", "of torch's time", "added, µs", "within the goal"], cells)  # fmt: skip


def small_table(measured: Measured) -> Table:
    """Tiny inputs: torch's microseconds, and what poolkit adds."""
    rows = []
    for (case, operation), group in groupby(small(measured), lambda row: (row["case"], row["operation"])):
        cells = {row["backward"]: row for row in group}
        shown = [f"{cells[back][key]:.1f}" for back in (False, True) for key in ("native", "added")]
        rows.append([f"{operation} {case}", *shown])
    head = ["case", "torch, µs", "added", "with gradients: torch, µs", "added"]
    return Table(f"Tiny inputs, {_threads(measured)}", head, rows)


def memory_table(results: Results, operation: str) -> Table:
    """The temporary MiB beyond input and results."""
    rows = [row for row in results["memory"] if row["operation"] == operation]
    columns = list(dict.fromkeys((row["case"], row["backward"]) for row in rows))
    found = {(row["path"], row["case"], row["backward"]): row["mib"] for row in rows}
    names = [name for name in TITLES if any(key[0] == name for key in found)]
    head = ["path", *(f"{case}{' with gradients' if back else ''}" for case, back in columns)]
    cells = [[TITLES[name], *(_mib(found.get((name, *column))) for column in columns)] for name in names]
    return Table(f"{ALIKE[operation]}, one thread: MiB beyond input and results", head, cells)


def accuracy_table(results: Results) -> Table:
    """The largest error of the output, case by case."""
    rows = results["accuracy"]
    cases = list(dict.fromkeys(row["case"] for row in rows))
    found = {(row["path"], row["case"]): f"{row['output']:.1e}" for row in rows}
    names = [name for name in TITLES if any(key[0] == name for key in found)]
    cells = [[TITLES[name], *(found.get((name, case), ABSENT) for case in cases)] for name in names]
    return Table(
        "Average of numbers around 100: largest error against double precision", ["path", *cases], cells
    )


def every_goal(results: Results) -> list[Goal]:
    """The goals for speed, and the one for accuracy."""
    return [*goals(Measured(results)), accuracy(results["accuracy"])]


def everything(results: Results) -> str:
    """All tables, for a terminal."""
    parts = []
    for threads in sorted({row["threads"] for row in results["rows"]}):
        measured = Measured(results, threads)
        parts += [times(measured, operation, back) for operation in (MAX, AVERAGE) for back in (False, True)]
        parts += [against_torch(measured, back) for back in (False, True)]
    for threads in sorted({row["threads"] for row in results["random"]}):
        parts.append(worst_draws(Measured(results, threads)))
    parts += [small_table(Measured(results))] if results["small"] else []
    parts += [memory_table(results, operation) for operation in (MAX, AVERAGE) if results["memory"]]
    parts += [accuracy_table(results)] if results["accuracy"] else []
    parts.append(goal_table(every_goal(results)))
    return "\n".join(part.text() for part in parts)


def _mib(value: float | None) -> str:
    return ABSENT if value is None else f"{value:.1f}"


def _threads(measured: Measured) -> str:
    return "one thread" if measured.threads == 1 else f"{measured.threads} threads"
